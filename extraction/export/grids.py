"""The table as rows of a file: a line per study, or a line per study, outcome and arm."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extraction.models.structure import Arm, Measure
from extraction.queries.cells_shown import UNCONFIRMED, Cell
from extraction.queries.columns import Column, headings
from extraction.queries.table import Line, Table
from extraction.queries.table_wanted import BY_STUDY, LONG

Row = list[object]
UNCONFIRMED_MARK = "[AI, unconfirmed] "


def laid_out(table: Table, layout: str) -> Table:
    """The same table in another layout."""
    return Table(table.version, replace(table.wanted, layout=layout), table.eyes)


def long_rows(table: Table) -> Iterator[Row]:
    """A heading, then a line per study, outcome and arm, with the values of the study repeated."""
    flat = laid_out(table, LONG)
    fixed = ["study_id", "study", "year", "outcome", "time_point", "arm"]
    yield [*fixed, *headings(flat.columns, fixed)]
    for lines in flat.batches():
        for line in lines:
            yield [*_place(line), *(plain(cell) for cell in line.cells)]


def wide_rows(table: Table) -> Iterator[Row]:
    """A heading, then a line per study; arms by their position, outcomes by their name and time point."""
    by_study = laid_out(table, BY_STUDY)
    arms, measures = _extent(by_study)
    fixed = ["study_id", "study", "year", *(f"Arm {number} name" for number in range(1, arms + 1))]
    slots = list(_slots(by_study.columns, headings(by_study.columns, fixed), arms, measures))
    yield [*fixed, *(slot.heading for slot in slots)]
    for lines in by_study.batches():
        for line in lines:
            yield [line.place.study.pk, line.place.study.label, line.place.study.year, *_spread(line, slots, arms)]


def plain(cell: Cell | None) -> object:
    """As a spreadsheet takes it: numbers as numbers, what nobody confirmed marked; nothing that isn't settled."""
    if cell is None or not cell.plain:
        return ""
    if cell.state == UNCONFIRMED:
        return f"{UNCONFIRMED_MARK}{cell.text}"
    return cell.number if cell.number is not None else cell.plain


def _place(line: Line) -> Row:
    study, measure, arm = line.place.study, line.place.measure, line.place.arm
    outcome = (measure.outcome, measure.time_point) if measure else ("", "")
    return [study.pk, study.label, study.year, *outcome, arm.name if arm else ""]


class Slot:
    """A column of the wide file: a field, at an outcome by name, in the arm of a position."""

    def __init__(self, heading: str, index: int, measure: str = "", arm: int = 0) -> None:
        self.index, self.key = index, (index, measure, arm)
        place = [part for part in (measure, f"arm {arm}" if arm else "") if part]
        self.heading = f"{heading} [{' · '.join(place)}]" if place else heading


def _slots(columns: Sequence[Column], named: Sequence[str], arms: int, measures: Sequence[str]) -> Iterator[Slot]:
    for index, (column, heading) in enumerate(zip(columns, named, strict=True)):
        for measure in measures if column.by_measure else [""]:
            for arm in range(1, arms + 1) if column.by_arm else [0]:
                yield Slot(heading, index, measure, arm)


def _extent(table: Table) -> tuple[int, list[str]]:
    """The most arms that a study has, and every outcome at a time point, in the order of their first use."""
    if not any(column.by_arm or column.by_measure for column in table.columns):
        return 0, []
    studies = [place.study.pk for place in table.places()]
    retired = {} if table.wanted.kept else {"retired": False}
    counts: dict[int, int] = {}
    for study in Arm.objects.filter(study__in=studies, **retired).order_by().values_list("study", flat=True):
        counts[study] = counts.get(study, 0) + 1
    measures = Measure.objects.filter(study__in=studies, **retired).order_by("position", "id")
    return max(counts.values(), default=0), list(dict.fromkeys(str(measure) for measure in measures))


def _spread(line: Line, slots: Sequence[Slot], arms: int) -> Row:
    cells: dict[tuple[int, str, int], Cell] = {}
    order: dict[int, str] = {}
    for part in (line, *line.parts):
        place = part.place
        if place.arm is not None:
            order.setdefault(place.arm.pk, place.arm.name)
        arm = list(order).index(place.arm.pk) + 1 if place.arm else 0
        measure = str(place.measure) if place.measure else ""
        cells |= {(index, measure, arm): cell for index, cell in enumerate(part.cells) if cell is not None}
    names = [*order.values(), *([""] * (arms - len(order)))]
    return [*names, *(plain(cells.get(slot.key)) for slot in slots)]
