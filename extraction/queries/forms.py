"""What is known of forms: drafts, versions, faults, and the values that stand under them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from extraction.bias import INSTRUMENTS, as_schema
from extraction.derived import COMPUTE
from extraction.enums import ValueState
from extraction.models.form import Form, FormVersion
from extraction.models.value import Value
from extraction.schema import Difference, Fault, FormSchema, check, difference, fields, from_json, sha256
from screening.models.review import Review


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list of forms. `latest` has no schema loaded; `changed`: the draft differs from it."""

    form: Form
    latest: FormVersion | None
    fields: int
    faults: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """What publishing would change: None against nothing. `values` counts what stands under fields that it touches."""

    difference: Difference | None
    values: dict[str, int]

    @property
    def standing(self) -> int:
        return sum(self.values.values())


def rows(review: Review, *, retired: bool = False) -> list[Row]:
    """The review's forms, those in use or the retired ones. Two queries, however many there are."""
    forms = list(Form.objects.filter(review=review, retired=retired).order_by("-purpose", "id"))  # data first
    newest = FormVersion.objects.filter(form__in=forms).order_by("form_id", "-number").distinct("form_id")
    latest = {version.form_id: version for version in newest.defer("schema").select_related("created_by")}
    return [_row(form, latest.get(form.pk)) for form in forms]


def latest_version(form: Form) -> FormVersion | None:
    """The version in force; None before the first is published."""
    return FormVersion.objects.filter(form=form).order_by("-number").first()


def read_draft(form: Form) -> tuple[FormSchema, list[Fault]]:
    """The draft as far as it can be read, and everything that keeps it from being published."""
    schema, faults = check(form.draft, COMPUTE)
    return schema, faults + _departures(form, schema)


def coming(form: Form, draft: FormSchema) -> Coming:
    """What `draft` changes against the version in force, with the number of values under each touched field."""
    before = latest_version(form)
    if before is None:
        return Coming(None, {})
    found = difference(from_json(before.schema), draft)
    return Coming(found, standing(form, found.touched))


def standing(form: Form, keys: Collection[str]) -> dict[str, int]:
    """How many values stand in the fields of these keys: each extractor's last word in each cell."""
    found = (
        Value.objects.filter(form_version__form=form, field_key__in=list(keys), superseded_by=None)
        .exclude(state=ValueState.WITHDRAWN)
        .values_list("field_key")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return dict(found)


def _row(form: Form, latest: FormVersion | None) -> Row:
    schema, faults = read_draft(form)
    changed = latest is None or latest.sha256 != sha256(schema)
    return Row(form, latest, len(fields(schema)), len(faults), changed)


def _departures(form: Form, schema: FormSchema) -> list[Fault]:
    """A risk-of-bias form computes judgements by a published algorithm: the questions that it reads must stay."""
    tool = INSTRUMENTS.get(form.instrument)
    if tool is None:
        return []
    here = fields(schema)
    return [
        Fault(
            (),
            f"“{asked.label[:80]}” ({key}) belongs to {tool.title}: its algorithm needs this question and its options.",
        )
        for key, asked in fields(_published(form.instrument)).items()
        if key not in here or {o.key for o in asked.options} - {o.key for o in here[key].options}
    ]


def _published(instrument: str) -> FormSchema:
    raw: Any = as_schema(INSTRUMENTS[instrument])
    return from_json(raw)
