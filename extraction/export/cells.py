"""Where every value of the table comes from, one row each: who, when, how, the quote and its page, the proposal."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from extraction.models.value import Value
from extraction.queries.cells_shown import Cell
from extraction.queries.columns import Column
from extraction.queries.table import Place, Table
from extraction.visibility import READERS

HEADING = (
    "study_id", "study", "outcome", "time_point", "arm", "field", "field_key", "state", "value", "unit", "computed_by",
    "value_id", "said_by", "capacity", "manner", "said_at_utc", "form_version", "quote", "document", "page",
    "proposed_by_ai", "ai_version", "ai_model", "ai_card", "ai_prompt", "proposal_id", "proposed_at_utc",
    "changed_because", "note",
)  # fmt: skip
READ = (
    "pk", "state", "value", "unit", "author__username", "capacity", "manner", "created_at", "form_version__number",
    "quote", "document__name", "page", "citing__assistant__name", "citing__answered_by", "citing__assistant__model",
    "citing__assistant__version", "citing__assistant__card__name", "citing__assistant__prompt_version",
    "citing__fallback", "citing_id", "citing__created_at", "override", "note",
)  # fmt: skip


def found_cells(table: Table) -> Iterator[tuple[Place, Column, Cell, dict[str, Any] | None]]:
    """Every cell that says something, with the row of the value that stands. `table` is laid out by study."""
    for lines in table.batches():
        told = [
            (part.place, column, cell)
            for line in lines
            for part in (line, *line.parts)
            for column, cell in zip(table.columns, part.cells, strict=True)
            if cell is not None and cell.plain
        ]
        values = _values([cell.value_id for _, _, cell in told if cell.value_id], table)
        for place, column, cell in told:
            yield place, column, cell, values.get(cell.value_id or 0)


def cell_rows(table: Table) -> Iterator[list[object]]:
    """A heading, and a row for each cell that says something."""
    yield list(HEADING)
    for place, column, cell, value in found_cells(table):
        yield [*_where(place, column), *_what(cell, value), *_whence(value)]


def _where(place: Place, column: Column) -> list[object]:
    outcome = (place.measure.outcome, place.measure.time_point) if place.measure else ("", "")
    arm = place.arm.name if place.arm else ""
    return [place.study.pk, place.study.label, *outcome, arm, column.label, column.field.key]


def _what(cell: Cell, value: dict[str, Any] | None) -> list[object]:
    computed = cell.note if cell.state == "computed" else ""
    unit = value["unit"] if value else ""
    said = cell.number if cell.number is not None else cell.text
    return [cell.state_label, said, unit, computed, cell.value_id or ""]


def _whence(value: dict[str, Any] | None) -> list[object]:
    if value is None:
        return [""] * (len(HEADING) - HEADING.index("said_by"))
    return [
        value["author__username"], value["capacity"], value["manner"], utc(value["created_at"]),
        value["form_version__number"], value["quote"], value["document__name"] or "", value["page"] or "",
        value["citing__assistant__name"] or "", value["citing__assistant__version"] or "",
        value["citing__answered_by"] or value["citing__assistant__model"] or "",
        value["citing__assistant__card__name"] or "", value["citing__assistant__prompt_version"] or "",
        value["citing_id"] or "", utc(value["citing__created_at"]), value["override"], value["note"],
    ]  # fmt: skip


def _values(ids: Collection[int], table: Table) -> dict[int, dict[str, Any]]:
    """Rows of values by id. Whoever isn't a reader of all learns what stands, not who said it.

    The card is that of the model that answered, which may be a fallback's.
    """
    rows = {row["pk"]: row for row in Value.objects.filter(pk__in=ids).order_by().values(*READ)}
    for row in rows.values():
        if row["citing__fallback"]:
            row["citing__assistant__card__name"] = row["citing__fallback"]["card"]
    if READERS.isdisjoint(table.eyes.roles):
        for row in rows.values():
            row["author__username"] = ""
    return rows


def utc(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
