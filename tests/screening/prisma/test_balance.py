"""REP-01: the balance equations, at every moment of a review."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prisma import Flow, Reason, Source, balance
from tests.screening.prisma.flows import FINISHED, HARD, RUNNING, balanced

# by other counts, not equal to any
BOUNDED = ("included_studies", "waived_screening", "waived_full_text", "elsewhere_screening", "elsewhere_full_text")
COUNTED = [field.name for field in fields(Flow) if field.name not in ("sources", "reasons", "moving", *BOUNDED)]


@given(balanced())
def test_any_state_of_a_review_balances(flow: Flow) -> None:
    assert balance(flow) == []


@given(balanced(), st.sampled_from(COUNTED), st.integers(-1000, 1000).filter(bool))
def test_one_wrong_count_anywhere_is_found(flow: Flow, name: str, error: int) -> None:
    assert balance(replace(flow, **{name: getattr(flow, name) + error}))


@given(balanced(), st.integers(-1000, 1000).filter(bool))
def test_a_wrong_count_of_a_source_is_found(flow: Flow, error: int) -> None:
    first, *others = flow.sources
    assert balance(replace(flow, sources=(replace(first, n=first.n + error), *others)))


@given(balanced(), st.integers(1, 1000))
def test_a_forgotten_reason_is_found_and_nothing_else(flow: Flow, forgotten: int) -> None:
    reasons = (*flow.reasons, Reason("Wrong design", forgotten))
    sources = (*flow.sources, Source("More", "database", forgotten))
    more = {name: getattr(flow, name) + forgotten for name in ("screened", "sought", "assessed")}
    assert balance(replace(flow, sources=sources, reasons=reasons, **more)) == []
    (fault,) = balance(replace(flow, sources=sources, **more))
    assert "excluded with reasons should leave" in fault


@pytest.mark.parametrize("flow", [Flow(), FINISHED, RUNNING, HARD])
def test_the_examples_balance(flow: Flow) -> None:
    assert balance(flow) == []


def test_a_fault_says_what_is_missing_and_how_much() -> None:
    assert balance(replace(FINISHED, screened=1650, excluded_human=1493)) == [
        (
            "2,000 records identified less 343 removed before screening should leave 1,657, "
            "but there are 1,650 records screened and 0 records awaiting screening: 7 too few."
        )
    ]


def test_more_excluded_by_one_reviewer_than_excluded_is_a_fault() -> None:
    assert balance(replace(FINISHED, waived_screening=1500, waived_full_text=93)) == []
    (fault,) = balance(replace(FINISHED, waived_screening=1501))
    assert "1,501 of the records excluded by people" in fault
    (fault,) = balance(replace(FINISHED, waived_full_text=94))
    assert "94 of the reports excluded" in fault


def test_more_studies_than_reports_is_a_fault() -> None:
    assert balance(replace(FINISHED, included_studies=41)) == [
        "41 studies included cannot have only 40 reports: a study has at least one."
    ]


def test_reports_without_a_study_are_a_fault() -> None:
    assert balance(replace(FINISHED, included_studies=0)) == [
        "40 reports included belong to no study: each makes one until it is linked with others."
    ]
    assert balance(replace(FINISHED, reports_without_study=1)) == [
        "1 of the reports included belong to no study: each must belong to one."
    ]


def test_a_negative_count_is_a_fault_even_when_sums_agree() -> None:
    flow = Flow(sources=(Source("A", "database", 5), Source("B", "register", -5)))
    assert balance(flow) == ["The number of records from B is -5, and no list is that long."]


def test_two_lists_with_one_key_are_a_fault() -> None:
    reasons = (Reason("Wrong design", 1), Reason("Wrong design", 2))
    flow = Flow(sources=(Source("A", "database", 3),), screened=3, sought=3, assessed=3, reasons=reasons)
    assert balance(flow) == ["The list reason:Wrong design is counted 2 times."]


def test_a_source_of_another_kind_is_a_fault() -> None:
    flow = Flow(sources=(Source("Google", "website", 0),))  # type: ignore[arg-type]
    assert balance(flow) == ["Google is a website; this diagram knows databases and registers only."]
