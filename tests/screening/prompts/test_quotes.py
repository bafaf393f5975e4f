"""Quotes are found where they stand, and only there (AI-05)."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prompts.hygiene import clean
from screening.prompts.quotes import Quote, locate, locate_in, normalised

ABSTRACT = (
    "BACKGROUND: The eﬃcacy of “long‑term” therapy isn’t known.\n"
    "METHODS: We ran-\ndomised 120 adults (BMI ≥30 kg/m²) to a\u00a0β-blocker – or placebo; 10² cells, 1½ years.\r\n"
    "RESULTS: HbA₁c fell… and naïve pa\u00adtients did well."
)


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("We ran-\ndomised 120 adults", "We ran-\ndomised 120 adults"),
        ("The efficacy of", "The eﬃcacy of"),
        ('"long-term" therapy isn\'t known', "“long‑term” therapy isn’t known"),
        ("We randomised 120 adults", "We ran-\ndomised 120 adults"),
        ("We ran-domised 120", "We ran-\ndomised 120"),
        ("BMI ≥30 kg/m2", "BMI ≥30 kg/m²"),
        ("to a β-blocker - or  placebo", "to a\u00a0β-blocker – or placebo"),
        ("known. METHODS: We", "known.\nMETHODS: We"),
        ("HbA1c fell...", "HbA₁c fell…"),
        ("nai\u0308ve patients", "naïve pa\u00adtients"),
        ("  naïve patients\n", "naïve pa\u00adtients"),
        ("pa\u200btients did", "pa\u00adtients did"),
    ],
)
def test_a_quote_that_differs_only_in_typography_is_found_in_the_original(quote: str, place: str) -> None:
    found = locate(quote, ABSTRACT)
    assert found.verified
    assert ABSTRACT[found.start : found.end] == place


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "  \n",
        "\u200b",
        "The efficacy of … placebo",
        "The efficacy of ... placebo",
        "the efficacy of",
        "We randomised 121 adults",
        "or placebo; 102 cells",
        "11⁄2 years",
        "adults randomised",
        "to aβ-blocker",
    ],
)
def test_a_quote_that_differs_in_anything_else_is_not_verified(quote: str) -> None:
    assert locate(quote, ABSTRACT) == Quote(quote, 0, 0, verified=False)


def test_a_number_broken_at_a_hyphen_is_not_joined() -> None:
    assert not locate("1020 patients", "10-\n20 patients").verified
    assert locate("10- 20 patients", "10-\n20 patients").verified


def test_a_combining_mark_after_a_line_end_does_not_invent_a_hyphen() -> None:
    assert not locate("a- b", "a\n\u0301b").verified


def test_a_quote_is_looked_for_in_one_field_after_the_other() -> None:
    fields = {"abstract": "Adults were treated.", "title": "A randomised trial"}
    assert locate_in("randomised trial", fields) == ("title", Quote("randomised trial", 2, 18, verified=True))
    assert locate_in("cohort", fields) == ("", Quote("cohort", 0, 0, verified=False))


@given(st.text(min_size=1), st.data())
def test_every_part_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    found = locate(quote, text)
    assert found.verified == bool(quote.strip())
    assert text[found.start : found.end] == (quote if found.verified else "")


@given(st.lists(st.sampled_from("aéfiﬁ-‑–\u00ad\u200b“\"' \n\u0301²1½각"), min_size=1).map("".join))
def test_the_quote_as_a_model_saw_it_is_found_in_the_stored_text(text: str) -> None:
    cleaned = clean(text).text
    assert locate(cleaned, text).verified == bool(normalised(cleaned))


@given(st.text(alphabet=st.characters(min_codepoint=0xA0, max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=1))
def test_canonically_equal_texts_are_equal(text: str) -> None:
    decomposed, composed = unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)
    assert normalised(decomposed) == normalised(composed)


def test_two_hundred_quotes_in_thirty_pages_take_under_200_ms() -> None:
    words = [f"wörd{number}" if number % 7 else f"hyph-\nen{number}" for number in range(10_000)]
    text = " ".join(words)
    quotes = [" ".join(words[at : at + 15]).replace("-\n", "") for at in range(0, 9_800, 49)]
    started = time.process_time()
    found = [locate(quote, text) for quote in quotes]
    assert time.process_time() - started < 0.2
    assert len(text) > 90_000
    assert all(quote.verified for quote in found)
