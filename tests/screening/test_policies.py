"""The one rule from which a record's status follows, case by case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.enums import Origin, Stage, StageStatus, Verdict
from screening.policies import CLEAR, Standing, Terms, Vote, settle

TA, FT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
VERDICTS = {"i": Verdict.INCLUDE, "e": Verdict.EXCLUDE, "m": Verdict.MAYBE}
votes_of_people = st.lists(
    st.builds(
        Vote,
        author_id=st.integers(1, 4),
        verdict=st.sampled_from(list(VERDICTS.values())),
        origin=st.just(Origin.SCREENING),
        failed=st.integers(0, 4),
    ),
    unique_by=lambda vote: vote.author_id,
)
terms = st.builds(
    Terms,
    needed=st.integers(1, 2),
    seniors=st.none() | st.frozensets(st.integers(1, 4)),
    waive=st.booleans(),
    piloted=st.booleans(),
)


def said(words: str) -> list[Vote]:
    """Votes of persons 1, 2, … by letter: i, e, m; E excludes with two criteria judged not met."""
    return [
        Vote(place, VERDICTS[letter.lower()], Origin.SCREENING, CLEAR if letter == "E" else 0)
        for place, letter in enumerate(words, 1)
    ]


@pytest.mark.parametrize(
    ("words", "asked", "status"),
    [
        ("", Terms(2), "unscreened"),
        ("i", Terms(2), "partial"),
        ("i", Terms(1), "included"),
        ("im", Terms(2), "included"),
        ("ie", Terms(2), "conflict"),
        ("ee", Terms(2), "excluded"),
        ("eee", Terms(2), "excluded"),
        ("iie", Terms(2), "conflict"),
    ],
)
def test_as_many_opinions_as_are_needed_settle_a_record_and_different_ones_make_a_conflict(words, asked, status):
    assert settle(said(words), asked, stage=TA) == Standing(StageStatus(status))


@pytest.mark.parametrize(
    ("words", "seniors", "expected"),
    [
        ("ii", {2}, Standing(StageStatus.INCLUDED)),
        ("ii", {3}, Standing(StageStatus.PARTIAL, senior_missing=True)),
        ("iii", {3}, Standing(StageStatus.INCLUDED)),
        ("i", {3}, Standing(StageStatus.PARTIAL, senior_missing=True)),
        ("i", {1}, Standing(StageStatus.PARTIAL)),
        ("ie", {3}, Standing(StageStatus.CONFLICT)),
        ("", {3}, Standing(StageStatus.UNSCREENED)),
    ],
)
def test_where_a_senior_must_be_among_them_a_record_waits_for_one(words, seniors, expected):
    assert settle(said(words), Terms(2, frozenset(seniors)), stage=TA) == expected


def test_nobody_is_senior_by_default_and_then_records_wait_rather_than_settle():
    assert settle(said("ii"), Terms(2, frozenset()), stage=TA).senior_missing


@pytest.mark.parametrize(("words", "waived"), [("E", True), ("e", False), ("I", False), ("EE", False), ("Ei", False)])
def test_the_second_reviewer_is_waived_only_at_a_lone_exclusion_with_two_criteria_not_met(words, waived):
    assert settle(said(words), Terms(2, waive=True), stage=TA).waived is waived
    assert not settle(said(words), Terms(2), stage=TA).waived


def test_a_clear_exclusion_of_a_junior_waits_for_the_senior_all_the_same():
    standing = settle(said("E"), Terms(2, frozenset({9}), waive=True), stage=TA)
    assert standing == Standing(StageStatus.PARTIAL, senior_missing=True)


def test_a_second_opinion_that_came_anyway_counts_although_the_second_was_waived():
    assert settle(said("Ei"), Terms(2, waive=True), stage=TA).status == StageStatus.CONFLICT


def test_an_assistant_that_disagrees_is_heard_before_a_second_reviewer_is_waived():
    standing = settle(said("E"), Terms(2, waive=True), stage=TA, second_opinion="include")
    assert standing == Standing(StageStatus.CONFLICT)


@given(votes_of_people, terms)
def test_in_an_open_pilot_round_nothing_is_settled_and_nobody_is_told_of_a_conflict(votes, asked):
    piloted = Terms(asked.needed, asked.seniors, asked.waive, piloted=True)
    assert settle(votes, piloted, stage=TA).status in (StageStatus.UNSCREENED, StageStatus.PARTIAL)


@given(votes_of_people, terms, st.sampled_from(list(Stage)), st.sampled_from(["include", "exclude"]))
def test_an_adjudication_ends_it_whatever_is_asked_for(votes, asked, stage, verdict):
    ended = settle([*votes, Vote(9, verdict, Origin.ADJUDICATION)], asked, stage=stage)
    assert ended == Standing(StageStatus.INCLUDED if verdict == "include" else StageStatus.EXCLUDED)


@given(votes_of_people, terms, st.sampled_from(list(Stage)))
def test_the_order_of_votes_changes_nothing_and_a_settled_record_has_all_that_was_asked_for(votes, asked, stage):
    standing = settle(votes, asked, stage=stage)
    assert settle(votes[::-1], asked, stage=stage) == standing
    if standing.status in (StageStatus.INCLUDED, StageStatus.EXCLUDED):
        assert not standing.senior_missing
        assert standing.waived or len(votes) >= asked.needed
        assert asked.seniors is None or any(vote.author_id in asked.seniors for vote in votes)
