"""Where a cell of the evidence table comes from: who said what and when, what was proposed, what is doubted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from extraction.derived import Derived, plausible
from extraction.enums import ProposalMode
from extraction.fields import REPORTED
from extraction.models.assignment import Assignment
from extraction.models.form import FormVersion
from extraction.models.proposal import Proposal, Rejection
from extraction.models.rule import ExtractionRule
from extraction.models.structure import Arm, Measure
from extraction.models.value import Value
from extraction.policies import mode_of
from extraction.queries.amounts import in_first_unit
from extraction.queries.cells_shown import Cell, Held, derived, shown, words
from extraction.queries.columns import Column, columns_of, kept_columns
from extraction.queries.held import fields_offered, held_of
from extraction.queries.settled import teams_of
from extraction.queries.table_wanted import Eyes
from extraction.visibility import READERS, sees_others_values, sees_proposal
from screening.models.study import Study


@dataclass(frozen=True, slots=True)
class Said:
    """A value in its history. `stands`: it is what the cell is. `named`: who looks may know whose it is."""

    value: Value
    text: str
    stands: bool
    current: bool
    named: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """What an assistant proposed, as text; never a value."""

    proposal: Proposal
    text: str
    taken: bool
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """A cell that a computed one is computed from."""

    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that a person may know of one cell. `withheld`: there may be more, which they may not see yet."""

    study: Study
    column: Column
    arm: Arm | None
    measure: Measure | None
    cell: Cell
    said: tuple[Said, ...]
    proposed: tuple[Proposed, ...]
    computed: Derived | None
    inputs: tuple[Input, ...]
    doubts: tuple[str, ...]
    withheld: bool

    @property
    def place(self) -> str:
        return " · ".join(str(part) for part in (self.measure, self.arm) if part is not None)


def provenance(study: Study, version: FormVersion, key: str, eyes: Eyes) -> Provenance | None:
    """What is known of the cell called `key`; None where the study or the form has no such cell."""
    own = columns_of(version)
    field_key, arm_id, measure_id = _parts(key)
    column = next((c for c in (*own, *kept_columns(version)) if c.field.key == field_key and _fits(c, key)), None)
    arm = Arm.objects.filter(pk=arm_id, study=study).first() if arm_id else None
    measure = Measure.objects.filter(pk=measure_id, study=study).first() if measure_id else None
    if column is None or (arm_id and arm is None) or (measure_id and measure is None):
        return None
    held = held_of(version, [study.pk], None, eyes, fields_offered(version, own, eyes))[study.pk]
    by_field = {c.field.key: c for c in own}
    cell = shown(column, by_field, held, arm_id or None, measure_id or None)
    computed = derived(column, by_field, held, arm_id or None, measure_id or None) if cell.state == "computed" else None
    inputs = (
        Input(by_field[field].label, shown(by_field[field], by_field, held, arm_id or None, measure_id or None))
        for _, field in (column.field.inputs if column.derived and not held.veiled else ())
        if field in by_field
    )
    everything = _sees_everything(study, version, eyes)
    said = _said(study, version, column, cell, eyes, everything=everything)
    return Provenance(
        study=study,
        column=column,
        arm=arm,
        measure=measure,
        cell=cell,
        said=said,
        proposed=_proposed(study, version, column, key, said, eyes, everything=everything),
        computed=computed,
        inputs=tuple(inputs),
        doubts=_doubts(held, by_field, key),
        withheld=not everything,
    )


def _parts(key: str) -> tuple[str, int, int]:
    field, arm, measure = (*key.split("@"), "", "")[:3]
    return field, *(int(part) if part.isdecimal() and len(part) < 18 else 0 for part in (arm, measure))  # type: ignore[return-value]


def _fits(column: Column, key: str) -> bool:
    _, arm, measure = _parts(key)
    return column.cell(arm or None, measure or None) == key and column.stands_at(arm or None, measure or None)


def _sees_everything(study: Study, version: FormVersion, eyes: Eyes) -> bool:
    """Whether these eyes may see who said what of the study."""
    team = teams_of(version.form, [study.pk])[study.pk]
    own = Assignment.objects.filter(study=study, form=version.form, extractor=eyes.user_id).first()
    return sees_others_values(roles=eyes.roles, own=own.status if own else None, all_done=team.all_done)


def _said(
    study: Study, version: FormVersion, column: Column, cell: Cell, eyes: Eyes, *, everything: bool
) -> tuple[Said, ...]:
    """The history of the cell, newest first, as far as these eyes may see it."""
    rows = (
        Value.objects.filter(study=study, form_version__form=version.form_id, cell=cell.key)
        .select_related("author", "document", "form_version", "citing__assistant", "superseded_by")
        .defer("form_version__schema")
        .order_by("-id")
    )
    seen = [row for row in rows if everything or row.author_id == eyes.user_id or row.pk == cell.value_id]
    reader = not READERS.isdisjoint(eyes.roles)
    return tuple(
        Said(
            value=row,
            text=_text(column, row.state, row.value, row.unit),
            stands=row.pk == cell.value_id,
            current=not hasattr(row, "superseded_by"),
            named=everything or reader or row.author_id == eyes.user_id,
        )
        for row in seen
    )


def _proposed(
    study: Study,
    version: FormVersion,
    column: Column,
    key: str,
    said: tuple[Said, ...],
    eyes: Eyes,
    *,
    everything: bool,
) -> tuple[Proposed, ...]:
    """Proposals for the cell, newest first: those that may be seen, and always the one that the value rests on.

    What others rejected is told when what they entered is.
    """
    taken = {one.value.citing_id for one in said if one.value.citing_id and one.stands}
    cited = {one.value.citing_id for one in said if one.value.citing_id}
    spoken = any(one.value.author_id == eyes.user_id for one in said)
    every = sees_proposal(mode=_mode(version, column), roles=eyes.roles, spoken=spoken)
    rows = Proposal.objects.filter(study=study, form_version__form=version.form_id, cell=key)
    found = rows.select_related("assistant", "document").prefetch_related("rejections__author").order_by("-id")
    return tuple(
        Proposed(
            row,
            _text(column, row.state, row.value, row.unit),
            row.pk in taken,
            tuple(no for no in row.rejections.all() if everything or no.author_id == eyes.user_id),
        )
        for row in found
        if every or row.pk in cited
    )


def _mode(version: FormVersion, column: Column) -> str:
    review = version.form.review
    rule = ExtractionRule.objects.filter(review=review).first() or ExtractionRule(review=review)
    mode = mode_of(
        column.field.tier, descriptive=rule.descriptive_mode, outcome=rule.outcome_mode, ai_enabled=review.ai_enabled
    )
    return ProposalMode(mode)


def _text(column: Column, state: str, value: object, unit: str) -> str:
    return words(column.field, value, unit) if state == REPORTED else state.replace("_", " ").capitalize()


def _doubts(held: Held, by_field: Mapping[str, Column], key: str) -> tuple[str, ...]:
    """What looks implausible in the settled values of the study and touches this cell (EXT-07)."""
    values: dict[str, Decimal | date | str] = {}
    for cell, settled in ({} if held.veiled else held.settled).items():
        column = by_field.get(settled.field_key)
        if column is None or not settled.confirmed or not isinstance(settled.value, str):
            continue
        number = in_first_unit(column.field, settled.value, settled.unit)
        if number is not None:
            values[cell] = number
        elif column.field.kind in ("date", "choice"):
            values[cell] = settled.value
    return tuple(doubt.sentence for doubt in plausible(values) if key in doubt.cells)
