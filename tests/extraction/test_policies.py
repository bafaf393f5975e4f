"""Where a cell stands, by the words of those who extract it."""

import pytest

from extraction.enums import CellState
from extraction.fields import FieldSpec, Parsed
from extraction.policies import Word, agreed, cell_state, mode_of, own_state, parsed, same_for, standing

NUMBER = same_for(FieldSpec("n", "N", "number"))


def word(pk, author, value, **fields):
    said = None if value is None else Parsed("reported", value)
    return Word(pk, author, **{"capacity": "extraction", "manner": "typed", "citing_id": None, "said": said, **fields})


def of(*words, extractors=(1, 2), needed=2):
    return standing(words, extractors=extractors, needed=needed, same=NUMBER)


def test_nobody_having_spoken_a_cell_is_empty_or_suggested():
    for suggested, state in ((False, CellState.EMPTY), (True, CellState.SUGGESTED)):
        assert cell_state([], suggested=suggested, extractors=[1], needed=1, same=NUMBER) == state
        assert own_state(None, suggested=suggested) == state
        assert own_state(word(1, 1, None), suggested=suggested) == state


def test_one_of_two_waits_for_the_other_and_nothing_stands_yet():
    found = of(word(1, 1, "5"))
    assert (found.state, found.word, found.confirmed) == (CellState.PARTIAL, None, False)


def test_two_who_mean_the_same_number_agree():
    found = of(word(1, 1, "5"), word(2, 2, "5.0"))
    assert (found.state, found.word.pk) == (CellState.VERIFIED, 2)


def test_two_who_differ_are_in_conflict_even_where_one_is_wanted_by_now():
    for needed in (1, 2):
        found = of(word(1, 1, "5"), word(2, 2, "6"), needed=needed)
        assert (found.state, found.word) == (CellState.CONFLICT, None)


def test_a_consensus_ends_it_and_the_last_one_counts():
    consensus = [word(pk, 3, value, capacity="consensus") for pk, value in ((3, "7"), (4, "8"))]
    found = of(word(1, 1, "5"), word(2, 2, "6"), *consensus)
    assert (found.state, found.word.pk) == (CellState.VERIFIED, 4)


def test_a_consensus_that_was_taken_back_leaves_the_conflict():
    found = of(word(1, 1, "5"), word(2, 2, "6"), word(3, 3, None, capacity="consensus"))
    assert found.state == CellState.CONFLICT


def test_the_words_of_somebody_who_was_taken_off_do_not_count():
    assert of(word(1, 1, "5"), word(2, 2, "6"), extractors=[1], needed=1).word.pk == 1


@pytest.mark.parametrize(("manner", "state"), [("accepted", "accepted"), ("edited", "edited"), ("typed", "edited")])
def test_a_single_extractor_s_word_stands_and_says_how_it_came_about(manner, state):
    said = word(1, 1, "5", manner=manner)
    assert of(said, extractors=[1], needed=1).state == state == own_state(said, suggested=True)


def test_nothing_is_agreed_where_nobody_spoke():
    assert not agreed([], NUMBER)
    assert not agreed([word(1, 1, None)], NUMBER)


def test_a_value_of_another_kind_than_the_field_has_now_is_compared_letter_by_letter():
    assert not NUMBER(Parsed("reported", "five"), Parsed("reported", "six"))
    assert NUMBER(Parsed("reported", "five"), Parsed("reported", "five"))
    assert same_for(None)(Parsed("reported", "x"), Parsed("reported", "x"))


def test_a_stored_list_is_compared_as_the_kind_reads_it():
    assert parsed("reported", ["a", "b"], "") == Parsed("reported", ("a", "b"))
    assert parsed("withdrawn", None, "") is None


@pytest.mark.parametrize(
    ("tier", "ai", "mode"),
    [
        ("descriptive", True, "assist"),
        ("outcome", True, "blind_first"),
        ("derived", True, "off"),
        ("outcome", False, "off"),
    ],
)
def test_the_tier_of_a_field_says_when_its_proposal_is_seen(tier, ai, mode):
    assert mode_of(tier, descriptive="assist", outcome="blind_first", ai_enabled=ai) == mode
