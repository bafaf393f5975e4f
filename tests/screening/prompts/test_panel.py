"""A panel excludes only if every member does, and an adjudicating model never lowers its verdict (AI-07, AI-04)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prompts.panel import Voice, agreement, band, clamp, combine, differences, order_score

VERDICTS = ("exclude", "maybe", "include")
every_voice = st.builds(
    Voice,
    suggestion_id=st.integers(1, 9),
    assistant=st.sampled_from(["A v1", "B v1"]),
    verdict=st.sampled_from(VERDICTS),
    flags=st.lists(st.sampled_from(["instruction", "2 invisible characters"]), max_size=1).map(tuple),
    judged=st.dictionaries(st.sampled_from(["P", "I"]), st.sampled_from(["met", "not_met", "unclear"])),
)


def voices(*verdicts, **fields):
    return [Voice(number, f"M{number}", verdict, **fields) for number, verdict in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("verdicts", "expected", "split"),
    [
        (("exclude", "exclude"), "exclude", False),
        (("include", "include"), "include", False),
        (("maybe", "maybe"), "maybe", False),
        (("exclude", "include"), "maybe", True),
        (("exclude", "maybe"), "maybe", True),
        (("include", "maybe"), "maybe", True),
        (("exclude", "exclude", "exclude", "exclude", "exclude"), "exclude", False),
        (("exclude", "exclude", "exclude", "exclude", "include"), "maybe", True),
    ],
)
def test_the_documented_table(verdicts, expected, split):
    combined = combine(voices(*verdicts))
    assert (combined.verdict, combined.split) == (expected, split)


@given(st.lists(every_voice, max_size=5), st.integers(0, 3))
def test_nothing_but_a_whole_and_unflagged_panel_of_exclusions_excludes(said, failed):
    combined = combine(said, failed=failed)
    whole = len(said) > 1 and not failed and not any(voice.flags for voice in said)
    alike = {voice.verdict for voice in said}
    assert (combined.verdict == "exclude") == (whole and alike == {"exclude"})
    assert (combined.verdict == "include") == (whole and alike == {"include"})
    assert combined.split == (len(alike) > 1)
    assert combined.why
    assert 0 <= combined.agreement <= 1


@pytest.mark.parametrize(("verdict", "adjudicated"), list(product(VERDICTS, VERDICTS)))
def test_an_adjudicating_model_raises_and_never_lowers(verdict, adjudicated):
    after = clamp(combine(voices(verdict, verdict)), adjudicated)
    assert VERDICTS.index(after) >= VERDICTS.index(verdict)
    assert after == (adjudicated if VERDICTS.index(adjudicated) > VERDICTS.index(verdict) else verdict)


def test_what_is_no_verdict_is_refused():
    with pytest.raises(ValueError, match="in tuple"):
        clamp(combine(voices("exclude", "exclude")), "withdrawn")


def test_a_panel_is_clear_where_every_criterion_is_judged_alike_and_unsure_where_it_is_split():
    alike = combine(voices("exclude", "exclude", judged={"P": "not_met"}))
    assert band(alike, "exclude") == "clear"
    other = combine([Voice(1, "A", "exclude", (), {"P": "not_met"}), Voice(2, "B", "exclude", (), {"P": "unclear"})])
    assert band(other, "exclude") == "leaning"
    assert band(alike, "maybe") == band(alike, "include") == "unsure"
    split = combine(voices("exclude", "include"))
    assert band(split, "include") == "unsure"


@given(st.sampled_from(VERDICTS), st.lists(st.floats(0, 1), max_size=5))
def test_the_order_goes_by_verdict_first(verdict, scores):
    place = order_score(verdict, scores)
    assert VERDICTS.index(verdict) / 3 - 1e-4 <= place <= (VERDICTS.index(verdict) + 1) / 3 + 1e-4


def test_what_a_repeat_says_otherwise_is_named():
    first = Voice(1, "A", "exclude", (), {"P": "not_met", "I": "met"})
    assert differences(first, first) == ()
    assert differences(first, Voice(2, "A", "maybe", (), {"P": "unclear", "I": "met"})) == ("verdict", "P")
    assert agreement([]) == 0.0
    assert agreement([{}, {}]) == 1.0
