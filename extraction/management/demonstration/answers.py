"""What a careful extractor enters from a report: each cell of the form with the value and the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.management.demonstration.draft import SMALL
from extraction.management.demonstration.model import END, LATE, ArmTruth, Means, Place, ReportTruth
from extraction.schema import FormSchema, templates

FORM_TITLE = "Trials: characteristics and continuous outcomes"
FORM_PARTS = ("rct_characteristics", "rct_continuous")
NOT_REPORTED = "not reported"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip

MeasureKey = tuple[str, str]  # outcome key, "end" or "late"


@dataclass(frozen=True, slots=True)
class Answer:
    """One cell: `arm` is an index into the truth's arms; `raw` is as a person would type it. Without a place, the report
    does not say it, and `raw` is "not reported"."""

    field: str
    raw: str
    place: Place | None
    arm: int | None = None
    measure: MeasureKey | None = None


def form_schema() -> FormSchema:
    """The form of the demonstration: two of the templates in one."""
    parts = {template.key: template.schema for template in templates()}
    groups = tuple(group for key in FORM_PARTS for group in parts[key].groups)
    return FormSchema(groups=groups, title=FORM_TITLE, purpose="data", instrument="")


def measures(truth: ReportTruth) -> list[MeasureKey]:
    """Which outcomes at which times are extracted: the primary one at each time, the others at the end."""
    primary, others = truth.outcomes[0].key, [outcome.key for outcome in truth.outcomes[1:]]
    late = [(primary, LATE)] if LATE in truth.times else []
    return [(primary, END), *late, *((key, END) for key in others)]


def answers(truth: ReportTruth) -> list[Answer]:
    """All cells of `form_schema` that the report answers, and the few that it leaves open."""
    return [*_study(truth), *_people(truth), *_arms(truth), *_interests(truth), *_outcomes(truth), *_results(truth)]


def _study(truth: ReportTruth) -> Iterator[Answer]:
    facts = truth.facts
    yield Answer("registration", facts["registry"].value, facts["registry"].place)
    yield Answer("countries", facts["country"].value, facts["country"].place)
    if recruitment := facts.get("recruitment"):
        began, ended = (_date(text) for text in recruitment.value.split(" and "))
        yield Answer("start_date", began, recruitment.place)
        yield Answer("end_date", ended, recruitment.place)
    crossed = facts["design"].value == "cross-over"
    yield Answer("design", "cross_over" if crossed else "parallel_group", facts["design"].place)
    yield Answer("unit_of_randomisation", "period" if crossed else "person", facts["randomised"].place)
    yield Answer("centres", str(_number_word(facts["setting"].value)), facts["setting"].place)
    yield Answer("setting", _setting(facts["setting"].value), facts["setting"].place)
    yield Answer("follow_up_longest", facts["assessed"].value, facts["assessed"].place)
    blinding = facts.get("blinding")
    yield Answer(
        "blinding", _blinded(blinding.value) if blinding else NOT_REPORTED, blinding.place if blinding else None
    )


def _date(text: str) -> str:
    month, year = text.split()
    return f"{year}-{MONTHS.index(month) + 1:02d}"


def _number_word(text: str) -> int:
    return SMALL.index(text.split(maxsplit=1)[0])


def _setting(text: str) -> str:
    return "primary_care" if re.search("practice|primary|health centre", text) else "hospital_outpatients"


def _blinded(text: str) -> str:
    if re.search("neither|all knew", text):
        return "nobody"
    return "outcome_assessors; analysts" if "statistician" in text else "outcome_assessors"


def _people(truth: ReportTruth) -> Iterator[Answer]:
    facts = truth.facts
    yield Answer("inclusion_criteria", facts["population"].value, facts["population"].place)
    yield Answer("total_randomised", facts["randomised"].value, facts["randomised"].place)
    yield Answer("age_summary", "mean_and_sd", facts["age"].place)


def _arms(truth: ReportTruth) -> Iterator[Answer]:
    facts = truth.facts
    crossed = facts["design"].value == "cross-over"
    for i, arm in enumerate(truth.arms):
        given = facts["comparator" if i else "intervention"]
        yield Answer("intervention", given.value, given.place, i)
        yield Answer("arm_role", _role(arm) if i else "experimental", given.place, i)
        if length := re.search(r"(\d+) (weeks|months)\b", given.value):
            yield Answer("duration", f"{length[1]} {length[2]}", given.place, i)
        yield Answer("randomised", str(arm.n), facts["randomised"].place, i)
        yield Answer("age_mean", str(arm.age), facts["age_row"].place, i)
        yield Answer("age_sd", str(arm.age_sd), facts["age_row"].place, i)
        yield Answer("women", str(arm.women), facts["women_row"].place, i)
        if not crossed:
            yield Answer("lost", str(arm.n - arm.analysed), facts["withdrawals"].place, i)


def _role(arm: ArmTruth) -> str:
    if re.search("usual care|education", arm.name):
        return "usual_care"
    return "no_treatment" if "waiting" in arm.name else "active_comparator"


def _interests(truth: ReportTruth) -> Iterator[Answer]:
    funding, conflicts = truth.facts["funding"], truth.facts["conflicts"]
    yield Answer("funding_type", _funder(funding.value), funding.place)
    yield Answer("funding_role", funding.value, funding.place)
    none = re.search(r"\b(no|none)\b(?! vote)", conflicts.value.split(";")[0], re.IGNORECASE)
    yield Answer("conflicts", "none" if none and len(conflicts.value) < 70 else "some", conflicts.place)


def _funder(text: str) -> str:
    kinds = {
        "no_funding": "No specific grant", "industry": "company", "institution_s_own_means": "participating health centres",
        "public_or_government": "Council|Ministry|National|Institute|Office",
    }  # fmt: skip
    return next((kind for kind, pattern in kinds.items() if re.search(pattern, text)), "charity_or_foundation")


def _outcomes(truth: ReportTruth) -> Iterator[Answer]:
    facts, known = truth.facts, {outcome.key: outcome for outcome in truth.outcomes}
    for measure in measures(truth):
        outcome, row = known[measure[0]], _row(truth, measure, 0)
        yield Answer("instrument_name", outcome.name, _said(truth, measure) or row.place, measure=measure)
        yield Answer("direction", "better" if outcome.higher_is_better else "worse", row.place, measure=measure)
        yield Answer("value_type", "final", row.place, measure=measure)
        yield Answer("analysis", "all_as_randomised", facts["analysis"].place, measure=measure)


def _row(truth: ReportTruth, measure: MeasureKey, arm: int) -> Means:
    return next(m for m in truth.means if (m.outcome, m.time, m.arm, m.change) == (*measure, arm, False))


def _said(truth: ReportTruth, measure: MeasureKey) -> Place | None:
    return next((d.place for d in truth.differences if (d.outcome, d.time) == measure), None)


def _results(truth: ReportTruth) -> Iterator[Answer]:
    for measure in measures(truth):
        for i in range(len(truth.arms)):
            row = _row(truth, measure, i)
            for field, value in (("n", row.n), ("mean", row.mean), ("sd", row.sd)):
                yield Answer(field, str(value), row.place, i, measure)
        for effect in truth.differences:
            if (effect.outcome, effect.time) == measure:
                ends = (("difference", effect.value), ("difference_ci_lower", effect.low), ("difference_ci_upper", effect.high))  # fmt: skip
                yield from (Answer(field, str(value), effect.place, measure=measure) for field, value in ends)
