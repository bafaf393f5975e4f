"""Results by pairs of arms in the columns of RevMan's "data rows" file, as its data package has had them since 2024.

RevMan knows a result by what its review calls the comparison and the outcome; these are our words, to be matched there.
What is assumed stands in docs/extraction.md.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, groupby

from extraction.derived.roles import role_of
from extraction.export.grids import laid_out
from extraction.queries.cells_shown import COMPUTED, Cell
from extraction.queries.columns import Column
from extraction.queries.table import Line, Place, Table
from extraction.queries.table_wanted import LONG, STUDY

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
BEFORE = re.compile(r"(baseline|before|pre|initial|entry|screening)(_|$)")


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
    if not fields:
        return
    columns = tuple(column.key for held in fields.values() for column in held)
    wanted = replace(table.wanted, columns=columns, kept=False, proposals=False, sort=STUDY, descending=False)
    flat = laid_out(Table(table.version, wanted, table.eyes), LONG)
    numbers: dict[str, dict[str, int]] = {}
    for sides in _by_outcome(chain.from_iterable(flat.batches()), flat.columns, fields):
        for experimental, control in pairs(sides):
            yield _row(experimental, control, numbers, shared=len(sides) > 2)


def _fields(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """Role to the fields of a result per arm that mean it; the plainest name first, computed ones last.

    Means and SDs are of one word ("final_mean", "final_sd") or of none: what is missing at the end of a study is never
    filled with its baseline.
    """
    found: dict[str, list[tuple[str, Column]]] = {}
    for column in columns:
        if column.by_arm and column.by_measure and column.field.kind == "number":
            role, word = _role_and_word(column)
            if role in ROLES and not BEFORE.match(word):
                found.setdefault(role, []).append((word, column))
    words = {
        role: min((word for word, _ in found.get(role, [])), key=bool, default=None) for role in ("events", "mean")
    }
    words["sd"] = words["mean"]
    fitting = {
        role: [(word, column) for word, column in held if role == "n" or word == words[role]]
        for role, held in found.items()
    }
    return {
        role: [column for _, column in sorted(held, key=lambda pair: (pair[1].derived, pair[0]))]
        for role, held in fitting.items()
    }


def _role_and_word(column: Column) -> tuple[str, str]:
    """What a field is, and of what: ("mean", "final") of final_mean; a computed SD is of what its inputs are of."""
    field = column.field
    if not (column.derived and field.formula.startswith("sd_from")):
        return role_of(field.key)
    words = [word for role, word in (role_of(key) for _, key in field.inputs) if role and role != "n"]
    return "sd", words[0] if words else ""


def _by_outcome(
    lines: Iterable[Line], columns: Sequence[Column], fields: Mapping[str, Sequence[Column]]
) -> Iterator[list[Side]]:
    """The arms with a complete result, for each outcome at a time point of each study, whose lines stand together."""
    for (_, measure), together in groupby(lines, key=lambda line: (line.place.study.pk, line.place.measure)):
        if measure is not None:
            sides = [_side(line, columns, fields) for line in together if line.place.arm is not None]
            yield [side for side in sides if side.complete]


def _side(line: Line, columns: Sequence[Column], fields: Mapping[str, Sequence[Column]]) -> Side:
    cells = {column.key: cell for column, cell in zip(columns, line.cells, strict=True) if cell is not None}
    return Side(line.place, dict(_by_role(cells, fields)))


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
