"""The offline engine: values by rule from real reports, each with its place; nothing where no rule finds one."""

import time
from decimal import Decimal

import pytest

from extraction.fields import FieldSpec, Option
from extraction.models.proposal import Proposal
from extraction.prompts.asked import Asked, Named
from extraction.queries.proposals import offered
from extraction.reader import read
from screening.enums import ItemStatus, RunStatus
from tests import assisting
from tests.benchmarks.offline_extraction import scored
from tests.extraction.proposals.conftest import start, trial, version, work

ARMS = (Named(1, "Tele-coaching"), Named(2, "Waiting list"))
WALK = Named(5, "Six-minute walk distance, 8 weeks")
TABLE = """Table 2. Outcomes
Waiting list Tele-coaching Difference
Outcome n Mean (SD) n Mean (SD) (95% CI) p
6MWD at baseline 39 390.0 (93.0) 36 382.7 (96.7)
6MWD at 8 weeks 36 385.9 (90.6) 34 381.6 (97.4) −3 (−31 to 25) 0.83
6MWD at 24 months 31 393.9 (95.4) 29 387.6 (94.7)

Randomisation
Of 188 people who were assessed for eligibility, 75 were randomised: 39 to
tele-coaching and 36 to the waiting list. It was registered (NCT01234567) in Finland
before people were recruited between March 2011 and October 2014."""


def said(key: str, kind: str = "number", **fields: object) -> tuple[object, str] | None:
    cell = {name: fields.pop(name, None) for name in ("arm", "measure")}
    spec = FieldSpec(key, str(fields.pop("label", key)), kind, **fields)  # type: ignore[arg-type]
    others = [Asked(FieldSpec("x", "x", "date"), arm=arm) for arm in ARMS]  # both arms are known
    found = [one for one in read([Asked(spec, "Group", **cell), *others], {1: [(1, TABLE)]}) if one.field == key]  # type: ignore[arg-type]
    return (found[0].value, found[0].quote) if found else None


@pytest.mark.parametrize(
    ("field", "arm", "value"),
    [("n", 1, "36"), ("mean", 1, "385.9"), ("sd", 1, "90.6"), ("n", 0, "34"), ("mean", 0, "381.6"), ("sd", 0, "97.4")],
)
def test_a_table_is_read_by_outcome_time_and_the_arm_of_its_column(field, arm, value):
    found = said(field, arm=ARMS[arm], measure=WALK)
    assert found is not None
    assert found[0] == value
    assert found[1].startswith("6MWD at 8 weeks 36")


@pytest.mark.parametrize(
    ("field", "value"), [("difference", "−3"), ("difference_ci_lower", "−31"), ("difference_ci_upper", "25")]
)
def test_a_contrast_is_read_with_its_interval(field, value):
    found = said(field, measure=WALK)
    assert found is not None
    assert found[0] == value


def test_the_randomised_are_counted_for_each_arm_and_in_total():
    assert [said("randomised", arm=arm)[0] for arm in ARMS] == ["39", "36"]  # type: ignore[index]
    assert said("total_randomised")[0] == "75"  # type: ignore[index]


def test_registry_country_and_dates_are_recognised():
    assert said("registration", "text", label="Registry number")[0] == "NCT01234567"  # type: ignore[index]
    assert said("countries", "text", label="Countries")[0] == "Finland"  # type: ignore[index]
    assert said("start", "date", label="Recruitment began")[0] == "2011-03"  # type: ignore[index]
    assert said("end", "date", label="Recruitment ended")[0] == "2014-10"  # type: ignore[index]


def test_what_no_rule_finds_is_not_proposed():
    assert said("dose", arm=ARMS[0], unit="mg") is None
    options = (Option("cluster", "Cluster randomised"), Option("factorial", "Factorial"))
    assert said("design", "choice", options=options) is None


def test_three_quarters_of_the_cells_of_the_invented_reports_are_read_right():
    cells, good, proposed, _, _ = scored()
    assert Decimal(good.total()) / cells.total() > Decimal("0.75")
    assert Decimal(good.total()) / proposed.total() > Decimal("0.85")


@pytest.mark.django_db
def test_a_run_of_the_offline_engine_sends_nothing_and_says_what_it_is():
    review = assisting.review(may_be_sent_to_ai=False)
    study, form = trial(review, may_be_sent_to_ai=False), version(review)
    run = start(assisting.local(review), form, study)
    [item] = work(run)
    assert (item.status, run.status) == (ItemStatus.DONE, RunStatus.FINISHED)
    found = {cell.split("@")[0]: one for cell, one in offered(study, form.form).items()}
    assert (found["total"].value, found["total"].flags) == ("120", [])
    assert "not an LLM" in found["total"].rationale
    assert set(Proposal.objects.values_list("call_id", flat=True)) == {None}


@pytest.mark.django_db
def test_a_document_that_gives_orders_flags_what_is_read_in_it():
    review = assisting.review()
    study, form = trial(review, flags=["instruction"]), version(review)
    work(start(assisting.local(review), form, study))
    assert {flag for one in offered(study, form.form).values() for flag in one.flags} == {"text_gives_instructions"}


@pytest.mark.parametrize(
    "odd", ["1" * 40_000, "8" * 40_000 + " weeks", "active 5" + " " * 40_000 + "x", "−" * 40_000], ids=range(4)
)
def test_a_page_of_runs_without_end_holds_no_worker(odd):
    began = time.process_time()
    spec = FieldSpec("difference", "Difference", "number")
    cells = [
        Asked(spec, "Group", measure=WALK),
        Asked(FieldSpec("n", "N", "number"), "Group", arm=ARMS[0], measure=WALK),
    ]
    read(cells, {1: [(1, odd), (2, TABLE)]})
    assert time.process_time() - began < 4
