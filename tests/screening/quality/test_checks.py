"""What one citation shows by itself."""

from dataclasses import dataclass, replace

import pytest

from screening.quality.checks import BY_KEY, OF_ONE, SHORT, problems

LONG = "We asked every household in eleven villages what they ate, and weighed it. " * 4


@dataclass(frozen=True)
class One:
    title: str = "Honey against cough"
    authors: tuple[str, ...] = ("Okafor, Ada",)
    year: int | None = 2019
    journal: str = "Invented Journal"
    doi: str = "10.1234/x"
    abstract: str = LONG
    language: str = "eng"
    type: str = "Journal Article"


def found(**fields: object) -> set[str]:
    return set(problems(replace(One(), **fields), this_year=2026))  # type: ignore[arg-type]


def test_a_whole_citation_has_no_problem():
    assert found() == set()


@pytest.mark.parametrize(
    ("field", "empty"),
    [("title", ""), ("authors", ()), ("year", None), ("journal", ""), ("doi", ""), ("abstract", ""), ("language", "")],
)
def test_what_is_missing_is_named_by_its_field(field, empty):
    assert found(**{field: empty}) == {f"no_{field}" if field != "authors" else "no_authors"}


@pytest.mark.parametrize(
    "abstract",
    [
        "Abstract not available.",
        "An abstract is unavailable. This article is available as HTML full text and PDF.",
        "[No abstract]",
        "There is no abstract for this article",
        "This article has no abstract; the first 100 words appear below.",
        "No abstract was provided",
        "Copyright © 2010 Invented Press",
        "None",
        "-",
    ],
)
def test_words_in_place_of_an_abstract_are_told(abstract):
    assert found(abstract=abstract) == {"says_none"}


def test_a_short_abstract_is_told_by_bytes_and_a_long_one_that_says_none_is_an_abstract():
    assert found(abstract="None of the patients died.") == {"short_abstract"}
    assert found(abstract="中文摘要") == {"short_abstract"}
    assert found(abstract="x" * (SHORT - 1)) == {"short_abstract"}
    assert found(abstract="x" * SHORT) == found(abstract="No abstract " + LONG) == set()
    assert found(abstract="蜂" * (SHORT // 3 + 1)) == set()


def test_years_before_print_and_after_next_year_are_misprints():
    assert found(year=1799) == found(year=2028) == {"odd_year"}
    assert found(year=1800) == found(year=2027) == set()


@pytest.mark.parametrize("text", ["SchrÃ¶der", "M\ufffdller", "donâ€™t", "10Â\u00a0mg"])
def test_letters_that_were_damaged_are_told_wherever_they_stand(text):
    assert found(title=text) == found(journal=text) == found(authors=("Okafor", text)) == {"garbled"}


@pytest.mark.parametrize("text", ["Schröder", "Ângela", "São João", "ÃO", "naïve — “quoted”"])
def test_letters_that_are_meant_are_no_damage(text):
    assert found(title=text) == set()


def test_each_problem_has_a_check_and_a_reason():
    bare = One("", (), 1700, "â€", "", "n/a", "", "Retracted Publication")
    said = problems(bare, this_year=2026)
    assert said.keys() <= set(OF_ONE) <= BY_KEY.keys()
    assert all(reason.strip() for reason in said.values())
    assert said["odd_year"] == "It says 1700."
