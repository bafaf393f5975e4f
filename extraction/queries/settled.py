"""What stands in the cells of studies: the one place that says so, for the table, the plots and the exports."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from extraction.enums import AssignmentStatus, CellState
from extraction.models.assignment import Assignment
from extraction.models.form import Form, FormVersion
from extraction.models.rule import ExtractionRule
from extraction.models.value import Value
from extraction.policies import Word, parsed, same_for, standing
from extraction.schema import FieldSpec, check, fields

WANTED = ("study_id", "cell", "field_key", "arm_id", "measure_id", "pk", "author_id", "capacity", "manner", "citing_id")


@dataclass(frozen=True, slots=True)
class Settled:
    """A cell of a study that somebody has spoken of. What stands is there only where `confirmed`.

    `authors` are those whose words count; `citing_id` is the proposal that the value which stands rests on.
    """

    cell: str
    field_key: str
    arm_id: int | None
    measure_id: int | None
    state: CellState
    value: Any
    unit: str
    value_state: str | None
    value_id: int | None
    authors: tuple[int, ...]
    citing_id: int | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Team:
    """Who extracts a study by a form: the status of each that was not taken off, and how many the review wants."""

    status: Mapping[int, str]
    needed: int

    @property
    def extractors(self) -> frozenset[int]:
        return frozenset(self.status)

    @property
    def all_done(self) -> bool:
        done = sum(status == AssignmentStatus.DONE for status in self.status.values())
        return done >= self.needed and done == len(self.status)

    @property
    def free(self) -> int:
        return max(0, self.needed - len(self.status))


def settled(
    form: Form, study_ids: Collection[int], *, field_keys: Collection[str] | None = None
) -> dict[int, dict[str, Settled]]:
    """Study to cell to what stands there; cells of which nobody has spoken are left out, withdrawn ones too.

    Consensus first, then agreement of as many extractors as the review wants; whatever was entered under older versions
    of the form counts. Four queries, however many studies. It knows no reader: ask `visibility` who may see it.
    """
    teams = teams_of(form, study_ids)
    specs = latest_fields(form)
    words, places = _words(form, study_ids, field_keys)
    found: dict[int, dict[str, Settled]] = defaultdict(dict)
    for (study, cell), spoken in words.items():
        key, arm, measure = places[study, cell]
        team = teams[study]
        stood = standing(spoken, extractors=team.extractors, needed=team.needed, same=same_for(specs.get(key)))
        if stood.state == CellState.EMPTY:
            continue
        word = stood.word
        said = word.said if word else None
        found[study][cell] = Settled(
            cell=cell,
            field_key=key,
            arm_id=arm,
            measure_id=measure,
            state=stood.state,
            value=_plain(said.value) if said else None,
            unit=said.unit if said else "",
            value_state=said.state if said else None,
            value_id=word.pk if word else None,
            authors=tuple(dict.fromkeys(word.author_id for word in stood.words)),
            citing_id=word.citing_id if word else None,
            confirmed=stood.confirmed,
        )
    return dict(found)


def teams_of(form: Form, study_ids: Collection[int]) -> dict[int, Team]:
    """Who extracts each study; all of `study_ids` are there. Two queries."""
    needed = needed_in(form.review_id)
    status: dict[int, dict[int, str]] = {study: {} for study in study_ids}
    rows = Assignment.objects.filter(form=form, study_id__in=study_ids).exclude(status=AssignmentStatus.RELEASED)
    for study, extractor, state in rows.order_by("id").values_list("study_id", "extractor_id", "status"):
        status[study][extractor] = state
    return {study: Team(known, needed) for study, known in status.items()}


def needed_in(review_id: int) -> int:
    """How many extractors the review wants for each study."""
    rule = ExtractionRule.objects.filter(review_id=review_id).values_list("extractors_per_study", flat=True).first()
    return int(rule if rule is not None else ExtractionRule._meta.get_field("extractors_per_study").default)


def latest_fields(form: Form) -> dict[str, FieldSpec]:
    """The fields of the version in force, by key; none before the first is published."""
    schema = FormVersion.objects.filter(form=form).order_by("-number").values_list("schema", flat=True).first()
    return fields(check(schema)[0]) if schema else {}


def _words(
    form: Form, study_ids: Collection[int], field_keys: Collection[str] | None
) -> tuple[dict[tuple[int, str], list[Word]], dict[tuple[int, str], tuple[str, int | None, int | None]]]:
    """Every last word by cell, and the place of the cell. Only columns are read: a version's schema is heavy."""
    rows = Value.objects.filter(form_version__form=form, study_id__in=study_ids, superseded_by=None)
    if field_keys is not None:
        rows = rows.filter(field_key__in=field_keys)
    words: dict[tuple[int, str], list[Word]] = defaultdict(list)
    places: dict[tuple[int, str], tuple[str, int | None, int | None]] = {}
    columns: Iterable[Any] = rows.order_by().values_list(*WANTED, "state", "value", "unit")
    for study, cell, key, arm, measure, pk, author, capacity, manner, citing, state, value, unit in columns:
        words[study, cell].append(Word(pk, author, capacity, manner, citing, parsed(state, value, unit)))
        places[study, cell] = (key, arm, measure)
    return words, places


def _plain(value: str | tuple[str, ...] | None) -> Any:
    return list(value) if isinstance(value, tuple) else value
