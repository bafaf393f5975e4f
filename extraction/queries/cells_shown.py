"""What one cell of the evidence table shows: a settled value, a number computed from settled ones, or where it stands.

Nothing that isn't settled is shown as a value; a proposal of an assistant only marked as one (EXT-10).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.derived import Derived, DerivedError, compute
from extraction.enums import CellState
from extraction.fields import REPORTED, STATE_LABELS, FieldError, FieldSpec, Parsed, kind_of
from extraction.queries.amounts import decimal_of, in_first_unit
from extraction.queries.columns import Column
from extraction.queries.settled import Settled

VERIFIED, CONFLICT, OPEN, UNCONFIRMED, COMPUTED, EMPTY, VEILED = (
    "verified", "conflict", "open", "unconfirmed", "computed", "empty", "veiled",
)  # fmt: skip
STATES = {
    VERIFIED: "Settled",
    CONFLICT: "In conflict",
    OPEN: "Waiting for the other extractor",
    UNCONFIRMED: "AI, unconfirmed",
    COMPUTED: "Computed",
    EMPTY: "Empty",
    VEILED: "Hidden until its extractors are done",
}
CHOICES = ("choice", "multi_choice")
DEEPEST = 5  # a derived field may be computed from derived ones


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` as people read it; `plain` as a spreadsheet takes it, a number in the unit of its heading bare.

    `number` is set for numbers. `note` is the formula of a computed one, or who proposed an unconfirmed one.
    """

    key: str
    state: str = EMPTY
    text: str = ""
    plain: str = ""
    number: Decimal | None = None
    note: str = ""
    value_id: int | None = None

    @property
    def state_label(self) -> str:
        return STATES[self.state]

    @property
    def missing(self) -> bool:
        """No value to sort by: nothing is settled, or it is settled that there is none."""
        return self.state not in (VERIFIED, COMPUTED) or self.text in STATE_LABELS.values()

    @property
    def order(self) -> tuple[int, Decimal, str]:
        """Numbers as numbers, before words as words."""
        return (0, self.number, "") if self.number is not None else (1, Decimal(0), self.text.casefold())


@dataclass(frozen=True, slots=True)
class Offered:
    """A proposal that nobody has confirmed, as far as the table shows it."""

    state: str
    value: object
    unit: str
    assistant: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one study. `veiled`: who looks may still extract it, and learns nothing of it here."""

    settled: Mapping[str, Settled]
    offered: Mapping[str, Offered]
    veiled: bool = False


def shown(column: Column, every: Mapping[str, Column], held: Held, arm_id: int | None, measure_id: int | None) -> Cell:
    """The cell of a column that holds for an arm and a measure. `every`: the form's columns by field key."""
    key = column.cell(arm_id, measure_id)
    if held.veiled:
        return Cell(key, VEILED)
    settled = held.settled.get(key)
    if settled is not None and settled.confirmed:
        return _of_value(column.field, key, settled)
    if settled is not None:
        return Cell(key, CONFLICT if settled.state == CellState.CONFLICT else OPEN)
    if column.derived and (found := derived(column, every, held, arm_id, measure_id)):
        return _of_number(column.field, key, found)
    if offered := held.offered.get(key):
        text, plain, number = _said(column.field, offered.state, offered.value, offered.unit)
        return Cell(key, UNCONFIRMED, text, plain, number, note=offered.assistant)
    return Cell(key)


def derived(
    column: Column, every: Mapping[str, Column], held: Held, arm_id: int | None, measure_id: int | None, depth: int = 0
) -> Derived | None:
    """The number that a derived column's formula gives from settled values; None where one is missing or impossible."""
    inputs: dict[str, Decimal] = {}
    for name, field in column.field.inputs:
        source = every.get(field)
        number = _input(source, every, held, arm_id, measure_id, depth) if source else None
        if number is not None:
            inputs[name] = number
    if not inputs:
        return None
    try:
        return compute(column.field.formula, inputs)
    except DerivedError:
        return None


def _input(
    source: Column, every: Mapping[str, Column], held: Held, arm_id: int | None, measure_id: int | None, depth: int
) -> Decimal | None:
    settled = held.settled.get(source.cell(arm_id, measure_id))
    if settled is not None and settled.confirmed and settled.value_state == REPORTED:
        return in_first_unit(source.field, settled.value, settled.unit)
    if source.derived and depth < DEEPEST:
        found = derived(source, every, held, arm_id, measure_id, depth + 1)
        return found.unrounded if found else None
    return None


def _of_value(field: FieldSpec, key: str, settled: Settled) -> Cell:
    text, plain, number = _said(field, settled.value_state or "", settled.value, settled.unit)
    return Cell(key, VERIFIED, text, plain, number, value_id=settled.value_id)


def _of_number(field: FieldSpec, key: str, found: Derived) -> Cell:
    number = format(found.value, "f")
    unit = field.all_units[0] if field.all_units else ""
    return Cell(
        key, COMPUTED, f"{number} {unit}".strip(), number, found.value, f"{found.shown_formula} ({found.source})"
    )


def _said(field: FieldSpec, state: str, value: object, unit: str) -> tuple[str, str, Decimal | None]:
    """As read, as a spreadsheet takes it, and as a number. A value of another version's kind is shown as it is."""
    if state != REPORTED:
        label = STATE_LABELS.get(state, state)
        return label, label, None
    number = decimal_of(value) if field.kind == "number" else None
    text = words(field, value, unit)
    bare = number is not None and unit in ("", *field.all_units[:1])
    return text, str(value) if bare else text, number if bare else None


def words(field: FieldSpec, value: object, unit: str) -> str:
    """A reported value as people read it, whatever the field has become since."""
    if isinstance(value, str) and field.kind not in CHOICES:  # most cells: `Kind.show` says the same, ten times slower
        return f"{value} {unit}" if unit else value
    listed = isinstance(value, list | tuple)
    if listed != (field.kind == "multi_choice") or not isinstance(value, str | list | tuple):
        parts: Sequence[object] = value if isinstance(value, list | tuple) else [value]
        return f"{'; '.join(map(str, parts))} {unit}".strip()
    parsed = Parsed(REPORTED, value if isinstance(value, str) else tuple(map(str, value)), unit)
    try:
        return kind_of(field).show(parsed)
    except FieldError:
        return f"{value} {unit}".strip()
