"""Risk of bias of a review, as far as it is settled: who has not finished learns nothing from it about another's view.

A cell is settled by a consensus value, or when as many extractors as the review wants have said the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from extraction.bias import INSTRUMENTS, Instrument, Mark, Row, departures, proposed, questions
from extraction.derived.roles import ENDINGS
from extraction.enums import AssignmentStatus, Capacity, FormPurpose, ValueState
from extraction.models.assignment import Assignment
from extraction.models.form import Form
from extraction.models.rule import ExtractionRule
from extraction.models.structure import Measure
from extraction.models.value import Value, cell_key
from screening.models.review import Review
from screening.models.study import Study


@dataclass(frozen=True, slots=True)
class Said:
    """What settling needs of a value; the whole row would bring its form's schema along, thousands of times."""

    pk: int
    form: int
    study: int
    cell: str
    author: int
    capacity: str
    state: str
    value: object


Settled = dict[tuple[int, str], Said]  # (study, cell) to what stands


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the page: a study, or one of its outcomes, with its marks and what still needs a reason."""

    study: Study
    measure: Measure | None
    row: Row
    reasonless: tuple[str, ...]

    @property
    def complete(self) -> bool:
        overall = self.row.marks.get("overall")
        return overall is not None and overall.confirmed


def bias_forms(review: Review) -> list[Form]:
    """The risk-of-bias forms in use whose instrument is known, oldest first."""
    forms = Form.objects.filter(review=review, purpose=FormPurpose.BIAS, retired=False).order_by("id")
    return [form for form in forms if form.instrument in INSTRUMENTS]


def judged(form: Form) -> list[Judged]:
    """Every study of the review (by outcome, where the instrument judges results) with its marks, ordered by name.

    A fixed number of queries, however many studies.
    """
    instrument = INSTRUMENTS[form.instrument]
    studies = list(Study.objects.filter(review_id=form.review_id).order_by("label", "id"))
    places = _places(form.review_id, studies, by_measure=instrument.repeats == "measure")
    values = settled(form.review_id, _values(form, instrument), Assignment.objects.filter(form=form))
    weights = participants(form.review_id)
    return [_judged(instrument, study, measure, values, weights) for study, measure in places]


def participants(review_id: int) -> dict[int, Decimal]:
    """Study to the settled number of its participants, read from the fields of data forms that are called so."""
    rows = Value.objects.filter(
        study__review_id=review_id,
        field_key__in=ENDINGS["total"],
        form_version__form__purpose=FormPurpose.DATA,
        arm=None,
        measure=None,
        superseded_by=None,
    )
    assigned = Assignment.objects.filter(review_id=review_id, form__purpose=FormPurpose.DATA)
    numbers = settled(review_id, _said(rows), assigned)
    return {study: Decimal(str(value.value)) for (study, _), value in numbers.items() if _is_count(value.value)}


def _is_count(value: object) -> bool:
    return str(value).isdecimal() and int(str(value)) > 0


def settled(review_id: int, values: Iterable[Said], assigned: Iterable[Assignment]) -> Settled:
    """Return those current values that stand. Withdrawn ones, and those of released extractors, don't count."""
    needed = _needed(review_id)
    working = {(a.study_id, a.form_id, a.extractor_id) for a in assigned if a.status != AssignmentStatus.RELEASED}
    by_cell: dict[tuple[int, int, str], list[Said]] = defaultdict(list)
    for value in values:
        counts = value.capacity == Capacity.CONSENSUS or (value.study, value.form, value.author) in working
        if counts and value.state != ValueState.WITHDRAWN:
            by_cell[value.form, value.study, value.cell].append(value)
    standing = {place: _stands(said, needed) for place, said in by_cell.items()}
    return {(study, cell): value for (_, study, cell), value in standing.items() if value is not None}


def _stands(said: Sequence[Said], needed: int) -> Said | None:
    ordered = sorted(said, key=lambda value: value.pk)
    agreed = [value for value in ordered if value.capacity == Capacity.CONSENSUS]
    if agreed:
        return agreed[-1]
    alike = all((value.state, value.value) == (ordered[0].state, ordered[0].value) for value in ordered)
    return ordered[-1] if alike and len({value.author for value in ordered}) >= needed else None


def _needed(review_id: int) -> int:
    rule = ExtractionRule.objects.filter(review_id=review_id).values_list("extractors_per_study", flat=True).first()
    return rule if rule is not None else ExtractionRule._meta.get_field("extractors_per_study").default


def _values(form: Form, instrument: Instrument) -> Iterable[Said]:
    rows = Value.objects.filter(form_version__form=form, field_key__in=_keys(instrument), superseded_by=None)
    return _said(rows)


def _said(rows: QuerySet[Value]) -> Iterable[Said]:
    wanted = ("pk", "form_version__form_id", "study_id", "cell", "author_id", "capacity", "state", "value")
    return (Said(*row) for row in rows.order_by().values_list(*wanted))


def _places(review_id: int, studies: Sequence[Study], *, by_measure: bool) -> list[tuple[Study, Measure | None]]:
    if not by_measure:
        return [(study, None) for study in studies]
    measures: dict[int, list[Measure]] = defaultdict(list)
    for measure in Measure.objects.filter(review_id=review_id, retired=False).order_by("position", "id"):
        measures[measure.study_id].append(measure)
    found: list[tuple[Study, Measure | None]] = []
    for study in studies:
        found += [(study, measure) for measure in measures[study.pk]] or [(study, None)]
    return found


def _judged(
    instrument: Instrument, study: Study, measure: Measure | None, values: Settled, weights: Mapping[int, Decimal]
) -> Judged:
    held = {key: _word(values, study, measure, key) for key in _keys(instrument)}
    name = f"{study.label}: {measure}" if measure else study.label
    marks = {
        key: Mark(held[key] or judgement.code, confirmed=bool(held[key]))
        for key, judgement in proposed(instrument.key, held).items()
        if held[key] or judgement.code
    }
    return Judged(study, measure, Row(name, marks, weights.get(study.pk)), departures(instrument.key, held))


def _keys(instrument: Instrument) -> tuple[str, ...]:
    judgements = (*instrument.keys, "overall")
    return (*questions(instrument.key), *judgements, *(f"{key}_why" for key in judgements))


def _word(values: Settled, study: Study, measure: Measure | None, key: str) -> str:
    value = values.get((study.pk, cell_key(key, None, measure.pk if measure else None)))
    reported = value is not None and value.state == ValueState.REPORTED and isinstance(value.value, str)
    return str(value.value) if value is not None and reported else ""
