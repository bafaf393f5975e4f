"""Rows for the evidence table, many at a time: studies with settled values of two extractors."""

from uuid import uuid4

from django.utils import timezone

from extraction.models.form import FormVersion
from extraction.models.structure import Arm, Measure
from extraction.models.value import Value, cell_key
from screening.models.review import Review
from screening.models.study import Study
from tests import extracting

SCHEMA: dict[str, object] = {
    "title": "Trials",
    "purpose": "data",
    "instrument": "",
    "groups": [
        {
            "key": "study",
            "label": "Study",
            "repeats": "study",
            "fields": [
                {"key": "country", "label": "Country", "kind": "text", "tier": "descriptive"},
                {"key": "total", "label": "Randomised", "kind": "number", "tier": "descriptive", "whole": True},
            ],
        },
        {
            "key": "arms",
            "label": "Arm",
            "repeats": "arm",
            "fields": [
                {"key": "dose", "label": "Dose", "kind": "number", "tier": "descriptive", "unit": "mg", "units": ["g"]}
            ],
        },
        {
            "key": "results",
            "label": "Result per arm",
            "repeats": "measure_arm",
            "fields": [
                {"key": "n", "label": "Analysed", "kind": "number", "tier": "outcome", "whole": True},
                {"key": "mean", "label": "Mean", "kind": "number", "tier": "outcome"},
                {"key": "se", "label": "Standard error", "kind": "number", "tier": "outcome"},
                {
                    "key": "sd_by_se",
                    "label": "SD from the standard error",
                    "kind": "number",
                    "tier": "derived",
                    "formula": "sd_from_se",
                    "inputs": {"se": "se", "n": "n"},
                },
            ],
        },
    ],
}


def trial(review: Review, version: FormVersion, label: str, **said: object) -> Study:
    """A study with two arms, one outcome, and these values said alike by both extractors, who are done.

    `said`: field key to value; fields of an arm or of a result take one value for each of the two arms.
    """
    study = extracting.included_study(review, label=label)
    arms = [extracting.arm(study, name, position=at) for at, name in enumerate(("Sleepwell", "Placebo"), 1)]
    outcome = extracting.measure(study, "Pain", time_point="8 weeks")
    people = [extracting.extractor(review) for _ in range(2)]
    for person in people:
        extracting.assign(study, version, person, status="done", done_at=timezone.now())
        for key, value in said.items():
            _say(study, version, key, value, person, arms, outcome)
    return study


def _say(study, version, key, value, person, arms: list[Arm], outcome: Measure) -> None:  # type: ignore[no-untyped-def]
    if not isinstance(value, tuple):
        extracting.value(study, version, key, value, person)
        return
    for arm, one in zip(arms, value, strict=True):
        place = {"arm": arm} if key == "dose" else {"arm": arm, "measure": outcome}
        if one is not None:
            extracting.value(study, version, key, one, person, **place)


def rows(study: Study, version: FormVersion, people: list[int], cells: list[tuple[str, str]]) -> list[Value]:
    """Values of many study-level fields by several people, not yet stored."""
    return [
        Value(
            study=study,
            form_version=version,
            cell=cell_key(key),
            field_key=key,
            author_id=person,
            state="reported",
            value=said,
            mode="off",
            idempotency_key=uuid4(),
        )
        for person in people
        for key, said in cells
    ]
