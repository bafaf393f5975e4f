"""What two records may be to one another where they are no copies; and why, said for any two."""

import pytest

from screening.dedup import Item, explain, find_pairs
from tests.screening.dedup.records import PAPER, paper

TITLE = PAPER.title
ELSEWHERE = {"volume": "28", "issue": "6", "pages": "1700"}
REGISTER = {
    "journal": "https://clinicaltrials.gov/show/NCT01234567",
    "authors": (),
    "volume": "",
    "issue": "",
    "pages": "",
}


def told(other: Item, first: Item = PAPER) -> tuple[str, str, str]:
    """(proposal, sort, id of the one that is it)."""
    (pair,) = find_pairs([first, other], related=True)
    return pair.proposal, pair.sort, pair.b if pair.of_first else pair.a


@pytest.mark.parametrize(
    ("changes", "sort"),
    [
        ({"title": f"Erratum: {TITLE}", **ELSEWHERE}, "correction"),
        ({"title": f"Corrigendum to “{TITLE}”", **ELSEWHERE, "authors": ()}, "correction"),
        ({"title": f"{TITLE} (vol 28, pg 1123, 2019)", **ELSEWHERE}, "correction"),
        ({"title": f"Retraction of: {TITLE}", **ELSEWHERE, "year": 2024}, "retraction"),
        ({"title": f"Retraction: {TITLE}", **ELSEWHERE}, "retraction"),
        ({"title": f"Expression of concern: {TITLE}", **ELSEWHERE, "authors": ()}, "concern"),
    ],
)
@pytest.mark.parametrize("ids", [("b", "a"), ("0", "a")])
def test_a_notice_is_proposed_to_be_of_its_article(changes: dict[str, object], sort: str, ids: tuple[str, str]) -> None:
    assert told(paper(ids[0], **changes)) == ("correction", sort, ids[0])


@pytest.mark.parametrize(
    ("changes", "sort"),
    [
        ({"journal": "medRxiv", "volume": "", "issue": "", "pages": "", "doi": "10.1101/2018.11.02.18"}, "preprint"),
        ({"title": f"{TITLE}: study protocol", "year": 2016, "volume": "25", "pages": "7"}, "protocol"),
        ({"journal": "Stroke", "volume": "50", "issue": "Suppl 1", "pages": "S99", "year": 2018}, "congress"),
        ({**REGISTER, "year": 2016}, "registry"),
    ],
)
def test_other_reports_of_a_study_are_told_by_their_sort(changes: dict[str, object], sort: str) -> None:
    assert told(paper(**changes)) == ("same_study", sort, "b")


def test_an_article_that_names_the_number_of_an_entry_belongs_to_it_whatever_its_title() -> None:
    entry = paper("e", title="BRAVE-HEART: a phase 3 study", **REGISTER)
    article = paper("f", accessions=(("nct", "NCT01234567"),))
    assert told(entry, article) == ("same_study", "registry", "e")


def test_one_title_by_one_group_in_two_journals_is_for_a_person() -> None:
    other = paper(journal="Guidelines International", volume="3", issue="1", pages="20-31", doi="10.1000/two")
    assert told(other)[:2] == ("same_study", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"title": f"Erratum: {TITLE}", **ELSEWHERE, "year": 2011},  # before the article
        {"title": f"Erratum: {TITLE}", "journal": "Brain Injury", "volume": "3", "pages": "9"},
        {"title": f"Erratum: {TITLE}", **ELSEWHERE, "authors": ("Petrov, I.", "Aydin, B.")},
        {"title": f"{TITLE}: authors’ reply", **ELSEWHERE},
        {"authors": ("Petrov, I.",), "journal": "Stroke", "volume": "50", "pages": "S99"},
        {"title": "Something else altogether, about bees and their flowers", "journal": "medRxiv"},
    ],
)
def test_what_only_looks_like_it_is_not_proposed(changes: dict[str, object]) -> None:
    assert find_pairs([PAPER, paper(**changes)], related=True) == []


def test_nobody_is_told_of_relations_who_did_not_ask() -> None:
    assert find_pairs([PAPER, paper(title=f"Erratum: {TITLE}", **ELSEWHERE)]) == []


def test_a_pair_that_may_be_a_duplicate_says_what_else_it_may_be() -> None:
    notice = paper(title=f"Erratum: {TITLE}", doi="10.1000/one", **ELSEWHERE)
    (pair,) = find_pairs([paper("a", doi="10.1000/one"), notice], related=True)
    assert (pair.tier, pair.proposal, pair.sort) == ("possible", "correction", "correction")


def test_of_two_groups_of_duplicates_one_relation_is_given() -> None:
    articles = [PAPER, paper("b"), paper("c")]
    notices = [paper(name, title=f"Erratum: {TITLE}", **ELSEWHERE) for name in ("x", "y")]
    pairs = find_pairs([*articles, *notices], related=True)
    assert [pair.tier for pair in pairs].count("related") == 1


@pytest.mark.parametrize(
    ("changes", "tier", "words"),
    [
        ({}, "certain", "same volume and pages"),
        ({"year": 2022, "volume": "31", "pages": "88"}, "none", "volume"),
        ({"title": f"Erratum: {TITLE}", **ELSEWHERE}, "related", "correction"),
        ({"title": "Bees", "authors": ("Petrov, I.",)}, "none", "other people"),
    ],
)
def test_any_two_are_explained(changes: dict[str, object], tier: str, words: str) -> None:
    found = explain(PAPER, paper(**changes))
    assert found.tier == tier
    assert words in found.reason
    assert {said.field for said in found.said} >= {"Title", "Authors", "Year", "DOI", "Pages"}


def test_what_speaks_against_a_pair_is_named_field_by_field() -> None:
    said = {one.field: one for one in explain(PAPER, paper(volume="31", pages="")).said}
    assert (said["Volume"].weighs, said["Pages"].weighs, said["Title"].weighs) == (-1, 0, 1)
    assert said["Title"].words == "100 % alike (one is part of the other)"
