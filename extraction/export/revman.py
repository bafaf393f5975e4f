"""Results by pairs of arms in the columns of RevMan's "data rows" file, as its data package has had them since 2024.

RevMan knows a result by what its review calls the comparison and the outcome; these are our words, to be matched there.
What is assumed stands in docs/extraction.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extraction.derived.roles import role_of
from extraction.export.grids import laid_out
from extraction.queries.cells_shown import COMPUTED, Cell
from extraction.queries.columns import Column
from extraction.queries.table import Line, Place, Table
from extraction.queries.table_wanted import LONG

HEADING = (
    "Analysis group", "Analysis number", "Analysis name", "Subgroup", "Applicability", "Study", "Study year",
    "GIV Mean", "GIV SE", "Experimental mean", "Experimental SD", "Experimental cases", "Experimental N",
    "Control mean", "Control SD", "Control cases", "Control N", "O-E", "Variance", "Weight", "Mean", "CI start",
    "CI end", "Footnotes",
)  # fmt: skip
CONTROL = re.compile(
    r"\b(control|placebo|sham|usual care|standard care|standard of care|no (treatment|intervention)|wait(ing)?[- ]?list"
    r"|vehicle|attention)\b",
    re.IGNORECASE,
)
ROLES = ("events", "mean", "sd", "n")


@dataclass(frozen=True, slots=True)
class Side:
    """One arm's result."""

    place: Place
    cells: Mapping[str, Cell]

    @property
    def complete(self) -> bool:
        """Events and total, or mean, SD and total: what a pooled result can be computed from."""
        return "n" in self.cells and ("events" in self.cells or {"mean", "sd"} <= self.cells.keys())

    def number(self, role: str) -> Decimal | str:
        cell = self.cells.get(role)
        return cell.number if cell is not None and cell.number is not None else ""


def revman_rows(table: Table) -> Iterator[list[object]]:
    """A heading, and a row for each pair of arms with a complete result of one outcome at one time point."""
    yield list(HEADING)
    fields = _fields(table.own)
    numbers: dict[str, dict[str, int]] = {}
    wanted = replace(
        table.wanted, columns=tuple(c.key for cs in fields.values() for c in cs), kept=False, proposals=False
    )
    flat = laid_out(Table(table.version, wanted, table.eyes), LONG) if fields else None
    for lines in flat.batches() if flat else ():
        for sides in _by_measure(lines, flat.columns if flat else [], fields):
            for experimental, control in pairs(sides):
                yield _row(experimental, control, numbers, shared=len(sides) > 2)


def _fields(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """Role to the fields of a result per arm that mean it; the plainest name first, computed ones last."""
    found: dict[str, list[Column]] = {}
    for column in columns:
        if not (column.by_arm and column.by_measure and column.field.kind == "number"):
            continue
        role = "sd" if column.derived and column.field.formula.startswith("sd_from") else role_of(column.field.key)[0]
        if role in ROLES:
            found.setdefault(role, []).append(column)
    for held in found.values():
        held.sort(key=lambda column: (column.derived, role_of(column.field.key)[1]))  # "" is before "baseline"
    return found


def _by_measure(
    lines: Sequence[Line], columns: Sequence[Column], fields: Mapping[str, Sequence[Column]]
) -> Iterator[list[Side]]:
    """The arms with a complete result, for each outcome at a time point of each study."""
    by_place: dict[tuple[int, int], list[Side]] = {}
    for line in lines:
        if line.place.measure is None or line.place.arm is None:
            continue
        cells = {column.key: cell for column, cell in zip(columns, line.cells, strict=True) if cell is not None}
        side = Side(line.place, dict(_by_role(cells, fields)))
        if side.complete:
            by_place.setdefault((line.place.study.pk, line.place.measure.pk), []).append(side)
    yield from by_place.values()


def _by_role(cells: Mapping[str, Cell], fields: Mapping[str, Sequence[Column]]) -> Iterator[tuple[str, Cell]]:
    for role, columns in fields.items():
        held = (cells[column.key] for column in columns if column.key in cells)
        found = next((cell for cell in held if cell.number is not None), None)
        if found is not None:
            yield role, found


def pairs(sides: Sequence[Side]) -> Iterator[tuple[Side, Side]]:
    """Each other arm against the control: the first that is called like one, or else the last."""
    if len(sides) < 2:
        return
    named = [side for side in sides if side.place.arm and CONTROL.search(side.place.arm.name)]
    control = named[0] if named else sides[-1]
    yield from ((side, control) for side in sides if side is not control)


def _row(one: Side, control: Side, numbers: dict[str, dict[str, int]], *, shared: bool) -> list[object]:
    place, measure = one.place, one.place.measure
    outcome = measure.outcome if measure else ""
    comparison = f"{one.place.arm} versus {control.place.arm}"
    outcomes = numbers.setdefault(comparison, {})
    number = outcomes.setdefault(outcome, len(outcomes) + 1)
    sides = [side.number(role) for side in (one, control) for role in ("mean", "sd", "events", "n")]
    return [
        list(numbers).index(comparison) + 1, number, outcome, measure.time_point if measure else "", "",
        place.study.label, place.study.year, "", "", *sides, "", "", "", "", "", "",
        " ".join(_footnotes(one, control, comparison, shared=shared)),
    ]  # fmt: skip


def _footnotes(one: Side, control: Side, comparison: str, *, shared: bool) -> Iterator[str]:
    yield f"{comparison}."
    if not CONTROL.search(str(control.place.arm)):
        yield "No arm is called a control: the last one is taken for it."
    if shared:
        yield "The control group stands in more than one row: don't pool them without splitting it."
    for side in (one, control):
        if (sd := side.cells.get("sd")) and sd.state == COMPUTED:
            yield f"SD of {side.place.arm} computed: {sd.note}."
