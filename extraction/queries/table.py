"""The evidence table: studies × fields of a version of a form, filtered, sorted, a page at a time (EXT-10).

Only the columns that a filter or the sorting names are read for all studies; the rest for the page that is shown.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from extraction.models.form import FormVersion
from extraction.models.structure import Arm, Measure
from extraction.queries.cells_shown import Cell, Held, shown
from extraction.queries.columns import Column, columns_of, kept_columns, with_inputs
from extraction.queries.held import fields_offered, held_of
from extraction.queries.studies_listed import Listed, studies_of
from extraction.queries.table_wanted import BY_STUDY, STUDY, Eyes, Filter, Wanted

BATCH = 100  # studies that an export holds in memory at once


@dataclass(frozen=True, slots=True)
class Place:
    """What one line stands for: a study, one of its arms, an outcome at a time point, or both."""

    study: Listed
    measure: Measure | None = None
    arm: Arm | None = None

    @property
    def ids(self) -> tuple[int | None, int | None]:
        """The arm and the measure, as cells are looked up by."""
        return (self.arm.pk if self.arm else None, self.measure.pk if self.measure else None)

    @property
    def label(self) -> str:
        """Of the line inside its study; empty for the study itself."""
        return " · ".join(str(part) for part in (self.measure, self.arm) if part is not None)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with a cell for each chosen column; None where the column asks nothing there. `parts`: of a study."""

    place: Place
    cells: tuple[Cell | None, ...]
    parts: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """The arms and measures of studies, in their order; retired ones only where the kept columns are asked for."""

    arms: dict[int, list[Arm]] = field(default_factory=lambda: defaultdict(list))
    measures: dict[int, list[Measure]] = field(default_factory=lambda: defaultdict(list))


class Table:
    """One table as one person sees it. Reading it takes a fixed number of queries, however many studies there are."""

    def __init__(self, version: FormVersion, wanted: Wanted, eyes: Eyes) -> None:
        self.version, self.wanted, self.eyes = version, wanted, eyes
        self.own = columns_of(version)
        self.kept = kept_columns(version)
        self.every = self.own + (self.kept if wanted.kept else [])
        self.columns = wanted.chosen(self.every)
        self.by_field = {column.field.key: column for column in self.own}
        self.by_key = {column.key: column for column in self.every}
        self.filters = [f for f in wanted.filters if f.column == STUDY or f.column in self.by_key]
        self.offers = fields_offered(version, self.own, eyes)

    def places(self) -> list[Place]:
        """Every line that the filters leave, in the order that was asked for."""
        studies = [study for study in studies_of(self.version.form.review) if self._keeps_study(study)]
        asked = [self.by_key[f.column] for f in self.filters if f.column != STUDY]
        sorting = self.by_key.get(self.wanted.sort)
        needed = asked + ([sorting] if sorting else [])
        if self.wanted.layout == BY_STUDY and not needed:
            return [Place(study) for study in self._by_label(studies)]
        structure = self._structure(studies, [*needed, *([] if self.wanted.layout == BY_STUDY else self.columns)])
        held = self._held(studies, needed) if needed else {}
        found = [place for study in studies for place in self._of_study(study, structure, held.get(study.pk), needed)]
        return self._sorted(found, structure, held, sorting)

    def lines(self, places: Sequence[Place]) -> list[Line]:
        """These lines with all their cells."""
        studies = list({place.study.pk: place.study for place in places}.values())
        structure = self._structure(studies, self.columns) if self.wanted.layout == BY_STUDY else Structure()
        held = self._held(studies, self.columns)
        return [self._line(place, structure, held[place.study.pk]) for place in places]

    def batches(self) -> Iterator[list[Line]]:
        """Every line, some studies at a time."""
        places = self.places()
        for start in range(0, len(places), BATCH):
            yield self.lines(places[start : start + BATCH])

    def _line(self, place: Place, structure: Structure, held: Held) -> Line:
        if self.wanted.layout != BY_STUDY:
            return Line(place, tuple(self._shown(column, held, place) for column in self.columns))
        parts = [part for part in self._parts(place.study, structure, self.columns) if part.label]
        return Line(place, self._own(place, held), tuple(Line(part, self._own(part, held)) for part in parts))

    def _own(self, place: Place, held: Held) -> tuple[Cell | None, ...]:
        """Cells of the columns that are asked on exactly this line."""
        return tuple(
            self._shown(column, held, place) if column.stands_at(*place.ids) else None for column in self.columns
        )

    def _shown(self, column: Column, held: Held, place: Place) -> Cell | None:
        arm, measure = place.ids
        if (column.by_arm and arm is None) or (column.by_measure and measure is None):
            return None
        return shown(column, self.by_field, held, arm, measure)

    def _of_study(
        self, study: Listed, structure: Structure, held: Held | None, needed: Sequence[Column]
    ) -> Iterator[Place]:
        """The study where one of its lines is kept, or the long table's lines that are."""
        if self.wanted.layout != BY_STUDY:
            flat = self._flat(study, structure, [*needed, *self.columns])
            yield from (
                place for place in flat if held is None or all(self._keeps(f, held, place) for f in self.filters)
            )
        elif held is None or all(self._somewhere(f, held, study, structure) for f in self.filters):
            yield Place(study)

    def _somewhere(self, wanted: Filter, held: Held, study: Listed, structure: Structure) -> bool:
        if wanted.column == STUDY:
            return True
        places = self._parts(study, structure, [self.by_key[wanted.column]])
        return any(self._keeps(wanted, held, place) for place in places)

    def _keeps(self, wanted: Filter, held: Held, place: Place) -> bool:
        if wanted.column == STUDY:
            return True
        cell = self._shown(self.by_key[wanted.column], held, place)
        return cell is not None and wanted.keeps(cell)

    def _keeps_study(self, study: Listed) -> bool:
        return all(f.keeps_text(study.label) for f in self.filters if f.column == STUDY and f.how != "state")

    def _by_label(self, studies: Sequence[Listed]) -> list[Listed]:
        return list(reversed(studies)) if self.wanted.descending else list(studies)

    def _sorted(
        self, places: list[Place], structure: Structure, held: dict[int, Held], column: Column | None
    ) -> list[Place]:
        """By a column: values in their order, and what has none last, whichever way round."""
        if column is None:
            return sorted(places, key=lambda place: place.study.position, reverse=self.wanted.descending)
        cells = [(self._first(column, held[place.study.pk], place, structure), place) for place in places]
        valued = [(cell.order, place) for cell, place in cells if cell is not None and not cell.missing]
        bare = [place for cell, place in cells if cell is None or cell.missing]
        valued.sort(key=lambda pair: pair[0], reverse=self.wanted.descending)
        return [place for _, place in valued] + bare

    def _first(self, column: Column, held: Held, place: Place, structure: Structure) -> Cell | None:
        """The cell that a line is sorted by: its own, or the first of a study's lines that has a value."""
        if self.wanted.layout != BY_STUDY:
            return self._shown(column, held, place)
        cells = (self._shown(column, held, part) for part in self._parts(place.study, structure, [column]))
        return next((cell for cell in cells if cell is not None and not cell.missing), None)

    def _parts(self, study: Listed, structure: Structure, columns: Sequence[Column]) -> Iterator[Place]:
        """The study, its arms, its outcomes, and each outcome's arms: those lines where `columns` ask something."""
        arms, measures = structure.arms[study.pk], structure.measures[study.pk]
        kinds = {(column.by_measure, column.by_arm) for column in columns}
        yield Place(study)
        if (False, True) in kinds:
            yield from (Place(study, None, arm) for arm in arms)
        for measure in measures if {(True, False), (True, True)} & kinds else []:
            if (True, False) in kinds:
                yield Place(study, measure)
            if (True, True) in kinds:
                yield from (Place(study, measure, arm) for arm in arms)

    def _flat(self, study: Listed, structure: Structure, columns: Sequence[Column]) -> Iterator[Place]:
        """Each outcome with each arm, as far as `columns` tell them apart."""
        arms: Sequence[Arm | None] = structure.arms[study.pk] if any(column.by_arm for column in columns) else ()
        measures: Sequence[Measure | None] = ()
        if any(column.by_measure for column in columns):
            measures = structure.measures[study.pk]
        for measure, arm in product(measures or (None,), arms or (None,)):
            yield Place(study, measure, arm)

    def _structure(self, studies: Sequence[Listed], columns: Collection[Column]) -> Structure:
        found, ids = Structure(), [study.pk for study in studies]
        retired = {} if self.wanted.kept else {"retired": False}
        if any(column.by_arm for column in columns):
            for arm in Arm.objects.filter(study__in=ids, **retired).order_by("position", "id"):
                found.arms[arm.study_id].append(arm)
        if any(column.by_measure for column in columns):
            for measure in Measure.objects.filter(study__in=ids, **retired).order_by("position", "id"):
                found.measures[measure.study_id].append(measure)
        return found

    def _held(self, studies: Sequence[Listed], columns: Sequence[Column]) -> dict[int, Held]:
        keys = None if len(columns) == len(self.every) else with_inputs(columns, self.own)
        offers = self.offers if self.wanted.proposals else ()
        return held_of(self.version, [study.pk for study in studies], keys, self.eyes, offers)
