"""The proposed verdict follows the documented table, and at title and abstract doubt never excludes (AI-03, AI-04)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prompts.quotes import Quote
from screening.prompts.screening import CriterionText
from screening.prompts.verdict import Band, Judgement, band, judged, propose

POLARITIES = ("include", "exclude")
SAID = ("met", "not_met", "unclear")
IF_NOT_REPORTED = ("unclear", "assume_met", "assume_not_met")


def judgement(
    polarity: str = "include", said: str = "met", rule: str = "unclear", found: int = 1, missing: int = 0
) -> Judgement:
    return Judgement("C1", "Population", polarity, said, rule, found, missing)


every_judgement = st.builds(
    judgement,
    polarity=st.sampled_from(POLARITIES),
    said=st.sampled_from(SAID),
    rule=st.sampled_from(IF_NOT_REPORTED),
    found=st.integers(0, 2),
    missing=st.integers(0, 2),
)


def proven_against(one: Judgement) -> bool:
    """Said by the model against the record, with quotes that were all found."""
    said_against = one.said == ("not_met" if one.polarity == "include" else "met")
    return said_against and one.missing == 0 and (one.found > 0)


@given(st.lists(every_judgement, max_size=6), st.booleans(), st.booleans(), st.booleans())
def test_only_a_proven_judgement_excludes_at_title_and_abstract(
    judgements: list[Judgement], has_abstract: bool, flagged: bool, failed: bool
) -> None:
    proposed = propose(judgements, stage="title_abstract", has_abstract=has_abstract, flagged=flagged, failed=failed)
    may_exclude = has_abstract and not flagged and not failed and any(map(proven_against, judgements))
    assert (proposed.verdict == "exclude") == may_exclude


def test_no_single_judgement_without_proof_excludes_at_title_and_abstract() -> None:
    brakes = list(product((True, False), repeat=3))
    combinations = product(POLARITIES, SAID, IF_NOT_REPORTED, range(3), range(3), brakes)
    seen = 0
    for polarity, said, rule, found, missing, (has_abstract, flagged, failed) in combinations:
        one = judgement(polarity, said, rule, found, missing)
        proposed = propose([one], has_abstract=has_abstract, flagged=flagged, failed=failed)
        if proposed.verdict == "exclude":
            assert (has_abstract, flagged, failed, proven_against(one)) == (True, False, False, True)
            seen += 1
    assert seen == 2 * 3 * 2  # two polarities, three rules that do not matter, one or two quotes


@given(st.lists(every_judgement, max_size=6), st.sampled_from(["title_abstract", "full_text"]))
def test_neither_a_flag_nor_a_failure_nor_a_missing_text_excludes_at_any_stage(
    judgements: list[Judgement], stage: str
) -> None:
    assert propose(judgements, stage=stage, flagged=True).verdict == "maybe"
    assert propose(judgements, stage=stage, failed=True).verdict == "maybe"
    assert propose(judgements, stage=stage, has_abstract=False).verdict != "exclude"


@pytest.mark.parametrize(
    ("polarity", "said", "found", "missing", "settled"),
    [
        ("include", "met", 2, 1, "unclear"),
        ("exclude", "not_met", 0, 1, "unclear"),
        ("include", "met", 1, 0, "met"),
        ("exclude", "met", 1, 0, "met"),
        ("include", "met", 0, 0, "unclear"),
        ("exclude", "met", 0, 0, "unclear"),
        ("include", "not_met", 1, 0, "not_met"),
        ("exclude", "not_met", 1, 0, "not_met"),
        ("include", "not_met", 0, 0, "unclear"),
        ("exclude", "not_met", 0, 0, "not_met"),
        ("include", "unclear", 1, 0, "unclear"),
        ("exclude", "unclear", 0, 0, "unclear"),
    ],
)
def test_a_judgement_is_settled_by_its_quotes(polarity: str, said: str, found: int, missing: int, settled: str) -> None:
    assert judgement(polarity, said, found=found, missing=missing).settled == settled


@pytest.mark.parametrize(
    ("polarity", "rule", "stage", "verdict"),
    [
        ("include", "unclear", "title_abstract", "maybe"),
        ("include", "assume_met", "title_abstract", "include"),
        ("include", "assume_not_met", "title_abstract", "maybe"),
        ("include", "assume_not_met", "full_text", "exclude"),
        ("exclude", "assume_not_met", "title_abstract", "include"),
        ("exclude", "assume_met", "title_abstract", "maybe"),
        ("exclude", "assume_met", "full_text", "exclude"),
        ("exclude", "unclear", "full_text", "maybe"),
    ],
)
def test_what_is_not_reported_follows_the_protocol(polarity: str, rule: str, stage: str, verdict: str) -> None:
    one = judgement(polarity, "unclear", rule, found=0)
    assert propose([judgement(), one], stage=stage).verdict == verdict


@pytest.mark.parametrize("stage", ["title_abstract", "full_text"])
def test_a_quote_that_was_not_found_is_no_report_of_absence(stage: str) -> None:
    doubtful = judgement("include", "unclear", "assume_not_met", found=0, missing=1)
    assert propose([doubtful], stage=stage).verdict == "maybe"


def test_all_criteria_for_the_record_include_it() -> None:
    proposed = propose([judgement(), judgement("exclude", "not_met", found=0)])
    assert (proposed.verdict, proposed.why) == ("include", "Every criterion speaks for it.")


def test_the_reason_names_the_criteria() -> None:
    against = Judgement("C2", "Design", "exclude", "met", found=1)
    assert propose([judgement(), against]).why == "Speaks against it: Design."
    assert propose([against], has_abstract=False).why.startswith("Speaks against it: Design; but there is no abstract")


def test_without_criteria_people_decide() -> None:
    assert propose([]).verdict == "maybe"


def test_quotes_are_counted_by_whether_they_were_found() -> None:
    criterion = CriterionText("C1", "Population", "Adults", "P", "exclude", "assume_met")
    quotes = [Quote("adults", 0, 6, verified=True), Quote("nowhere", 0, 0, verified=False)]
    assert judged(criterion, "met", quotes) == Judgement("C1", "Population", "exclude", "met", "assume_met", 1, 1)


@pytest.mark.parametrize(
    ("judgements", "word"),
    [
        ([judgement(), judgement("exclude", "not_met")], "clear"),
        ([judgement(), judgement(said="unclear", rule="assume_met", found=0)], "leaning"),
        ([judgement(said="not_met"), judgement("exclude", "met"), judgement(said="unclear", found=0)], "clear"),
        ([judgement(said="not_met"), judgement()], "clear"),
        ([judgement(said="not_met"), judgement(said="unclear", found=0)], "leaning"),
        ([judgement(said="not_met"), judgement(missing=1)], "leaning"),
        ([judgement(), judgement(said="unclear", found=0)], "unsure"),
    ],
)
def test_the_band_comes_from_the_judgements(judgements: list[Judgement], word: str) -> None:
    assert band(judgements, propose(judgements)) == Band(word, "uncalibrated")
