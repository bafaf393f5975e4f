"""Computed cells and doubts, worked out anew from what stands in the other cells (EXT-07)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from extraction.derived import Derived, DerivedError, compute, plausible
from extraction.derived.rounding import plain
from extraction.fields import FieldSpec
from extraction.models.value import Value, cell_key
from extraction.queries.amounts import in_first_unit
from extraction.queries.grid import Cell

Doubts = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computed cell comes to. Without a value, `why` says what is missing."""

    value: str
    formula: str
    inputs: tuple[tuple[str, str], ...]
    source: str
    notes: tuple[str, ...]
    why: str = ""


def computed(cells: Sequence[Cell], said: Mapping[str, Value]) -> dict[str, Computed]:
    """Every computed cell, by its key."""
    by_key = {cell.key: cell for cell in cells}
    numbers = _numbers(by_key, said)
    return {cell.key: _computed(cell, by_key, numbers, said) for cell in cells if cell.spec.tier == "derived"}


def doubts(cells: Sequence[Cell], said: Mapping[str, Value]) -> Doubts:
    """Cell to the sentences of what looks wrong there."""
    by_key = {cell.key: cell for cell in cells}
    values: dict[str, Decimal | date | str] = dict(_numbers(by_key, said))
    for key, value in said.items():
        if key in by_key and by_key[key].spec.kind in ("choice", "date") and isinstance(value.value, str):
            values[key] = value.value
    found: Doubts = defaultdict(list)
    for doubt in plausible(values):
        for key in doubt.cells:
            found[key].append(doubt.sentence)
    return dict(found)


def _numbers(cells: Mapping[str, Cell], said: Mapping[str, Value]) -> dict[str, Decimal]:
    """What is said in numbers, in the first unit of each field, as the evidence table computes with it."""
    found = {}
    for key, value in said.items():
        number = in_first_unit(cells[key].spec, value.value, value.unit) if key in cells else None
        if number is not None:
            found[key] = number
    return found


def _computed(
    cell: Cell, by_key: Mapping[str, Cell], numbers: Mapping[str, Decimal], said: Mapping[str, Value]
) -> Computed:
    """A formula's inputs stand at the same place, or at one that stands for less: the arm's, the study's."""
    given, missing = {}, []
    for name, field_key in cell.spec.inputs:
        key = _nearest(field_key, cell, by_key)
        if key in numbers:
            given[name] = numbers[key]
        else:
            missing.append(_wanted(by_key[key].spec, spoken=key in said) if key in by_key else field_key)
    try:
        result: Derived = compute(cell.spec.formula, given)
    except DerivedError as error:
        return Computed("", "", (), "", (), f"Waits for {', '.join(missing)}." if missing else str(error))
    inputs = tuple((name, plain(value)) for name, value in result.inputs.items())
    return Computed(plain(result.value), result.shown_formula, inputs, result.source, tuple(result.notes))


def _wanted(spec: FieldSpec, *, spoken: bool) -> str:
    """A field that a formula waits for; of one that is filled in, a number in the unit that it computes with."""
    return f"{spec.label} in {spec.all_units[0]}" if spoken and spec.all_units else spec.label


def _nearest(field_key: str, cell: Cell, by_key: Mapping[str, Cell]) -> str:
    arm, measure = cell.place.ids
    for ids in ((arm, measure), (arm, None), (None, measure), (None, None)):
        if (key := cell_key(field_key, *ids)) in by_key:
            return key
    return cell_key(field_key)
