"""Criteria that are often misread are pointed out, and plain ones are left alone."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prompts.lint import COMPOUND, NEGATED, NO_POLARITY, NO_RULE, Finding, lint
from screening.prompts.screening import CriterionText


def found(text: str, **fields: str) -> list[Finding]:
    return lint([CriterionText("C1", "Name", text, **fields)])


def kinds(text: str, **fields: str) -> set[str]:
    return {finding.kind for finding in found(text, **fields)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Adults with asthma and treated with steroids", "and"),
        ("Randomised trial; published since 2000", ";"),
        ("Adults with asthma. They were hospitalised.", ""),
        ("Uses metformin as well as insulin", "as well as"),
        ("Insulin and/or metformin", "and/or"),
        ("The study is a trial and reports mortality", "and"),
    ],
)
def test_two_questions_in_one_are_pointed_out(text: str, words: str) -> None:
    (finding,) = [one for one in found(text) if one.kind == COMPOUND]
    assert words in text[slice(*finding.where)]


@pytest.mark.parametrize(
    ("text", "polarity", "mend"),
    [
        ("Not an animal study", "include", "set that a record that meets it is out"),
        ("Patients without diabetes", "include", "set that a record that meets it is out"),
        ("The trial isn't randomised", "exclude", "denies twice"),
        ("Any language other than English", "exclude", "denies twice"),
    ],
)
def test_a_denial_is_pointed_out_with_its_mend(text: str, polarity: str, mend: str) -> None:
    (finding,) = found(text, polarity=polarity)
    assert finding.kind == NEGATED
    assert mend in finding.sentence
    assert text[slice(*finding.where)] in finding.sentence


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Which population was studied?", "include"),
        ("Is the population adults or children?", "include"),
        ("Exclude animal studies", "include"),
        ("Include trials only", "exclude"),
        ("Animal studies are excluded", "include"),
        ("Adults", ""),
    ],
)
def test_what_met_would_not_tell_the_side_of_is_pointed_out(text: str, polarity: str) -> None:
    assert NO_POLARITY in kinds(text, polarity=polarity)


@pytest.mark.parametrize(
    "text", ["Followed up for at least six months", "At least 50 participants", "If stated, adults"]
)
def test_what_abstracts_seldom_tell_wants_a_rule_for_that_unless_it_has_one(text: str) -> None:
    assert kinds(text) == {NO_RULE}
    assert kinds(text, if_not_reported="assume_met") == kinds(text, if_not_reported="assume_not_met") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Adults with type 2 diabetes",
        "Men and women of any age",
        "Randomised controlled trial or cohort study",
        "Treated with SGLT2 inhibitors",
        "Non-small-cell lung cancer",
        "Published in 2010 or later",
        "Is it a randomised trial?",
        "Are participants 18 years or older?",
        "Erwachsene mit Diabetes",
        "Treatment by a device (e.g. a pump, i.e. one that is worn)",
        "Measured by questionnaire and interview",
        "",
    ],
)
@pytest.mark.parametrize("polarity", ["include", "exclude"])
def test_a_plain_criterion_is_left_alone(text: str, polarity: str) -> None:
    assert found(text, polarity=polarity) == []


@given(st.text(), st.sampled_from(["include", "exclude", ""]), st.sampled_from(["unclear", "assume_met", ""]))
def test_any_text_has_at_most_one_finding_of_a_kind_within_it(text: str, polarity: str, rule: str) -> None:
    findings = found(text, polarity=polarity, if_not_reported=rule)
    assert len({finding.kind for finding in findings}) == len(findings)
    assert all(0 <= start <= end <= len(text) for start, end in (finding.where for finding in findings))
    assert all(finding.sentence.strip() and "{" not in finding.sentence.replace(text, "") for finding in findings)


@pytest.mark.parametrize("unit", ["which ", "is ", " and", "and ", "; ", "\n", "if ", " "], ids=repr)
def test_an_endless_text_takes_time_in_proportion(unit: str) -> None:
    def seconds(letters: int) -> float:
        began = process_time()
        found(unit * (letters // len(unit)))
        return process_time() - began

    seconds(1_000)
    assert seconds(40_000) < 0.05 + 16 * max(seconds(5_000), 0.01)
