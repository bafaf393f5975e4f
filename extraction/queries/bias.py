"""Risk of bias of a review, as far as it is settled: who has not finished learns nothing from it about another's view.

A cell is settled by a consensus value, or when as many extractors as the review wants have said the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extraction.bias import INSTRUMENTS, Instrument, Mark, Row, departures, proposed, questions
from extraction.derived.roles import ENDINGS
from extraction.enums import FormPurpose, ValueState
from extraction.models.form import Form
from extraction.models.structure import Measure
from extraction.models.value import cell_key
from extraction.queries.settled import Settled, settled
from extraction.queries.veil import blinded
from screening.models.review import Review
from screening.models.study import Study
from screening.queries.identification.studies import included_studies

Standing = dict[int, dict[str, Settled]]  # study to cell to what stands


@dataclass(frozen=True, slots=True)
class Judged:
    """A row of the page: a study, or one of its outcomes, with its marks and what still needs a reason.

    `veiled`: who looks may still extract the study, and learns nothing of it here.
    """

    study: Study
    measure: Measure | None
    row: Row
    reasonless: tuple[str, ...]
    veiled: bool = False

    @property
    def complete(self) -> bool:
        overall = self.row.marks.get("overall")
        return overall is not None and overall.confirmed


def bias_forms(review: Review) -> list[Form]:
    """The risk-of-bias forms in use whose instrument is known, oldest first."""
    forms = Form.objects.filter(review=review, purpose=FormPurpose.BIAS, retired=False).order_by("id")
    return [form for form in forms if form.instrument in INSTRUMENTS]


def judged(form: Form, roles: Collection[str]) -> list[Judged]:
    """Every included study (by outcome, where the instrument judges results) with its marks, ordered by name.

    `roles` are those of whoever looks. A fixed number of queries, however many studies.
    """
    instrument = INSTRUMENTS[form.instrument]
    studies = list(included_studies(form.review).prefetch_related(None))
    places = _places(form.review_id, studies, by_measure=instrument.repeats == "measure")
    ids = [study.pk for study in studies]
    veiled = blinded(form=form, study_ids=ids, roles=roles)
    values = settled(form, [pk for pk in ids if pk not in veiled], field_keys=_keys(instrument))
    weights = participants(form.review_id, ids, roles)
    return [
        _judged(instrument, study, measure, values, weights, veiled=study.pk in veiled) for study, measure in places
    ]


def participants(review_id: int, study_ids: Sequence[int], roles: Collection[str]) -> dict[int, Decimal]:
    """Study to the settled number of its participants, read from the fields of data forms that are called so.

    Studies that somebody with these `roles` may still extract by that form are left out.
    """
    found: dict[int, Decimal] = {}
    for form in Form.objects.filter(review=review_id, purpose=FormPurpose.DATA).order_by("id"):
        hidden = blinded(form=form, study_ids=study_ids, roles=roles)
        seen = [pk for pk in study_ids if pk not in hidden]
        for study, cells in settled(form, seen, field_keys=ENDINGS["total"]).items():
            for cell in cells.values():
                if _is_of_study(cell) and _is_count(cell.value):
                    found[study] = Decimal(str(cell.value))
    return found


def _is_of_study(cell: Settled) -> bool:
    return cell.confirmed and cell.arm_id is None and cell.measure_id is None


def _is_count(value: object) -> bool:
    return str(value).isdecimal() and int(str(value)) > 0


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
    instrument: Instrument,
    study: Study,
    measure: Measure | None,
    values: Standing,
    weights: Mapping[int, Decimal],
    *,
    veiled: bool,
) -> Judged:
    held = {key: _word(values, study, measure, key) for key in _keys(instrument)}
    name = f"{study.label}: {measure}" if measure else study.label
    marks = {
        key: Mark(held[key] or judgement.code, confirmed=bool(held[key]))
        for key, judgement in proposed(instrument.key, held).items()
        if held[key] or judgement.code
    }
    row = Row(name, marks, weights.get(study.pk))
    return Judged(study, measure, row, departures(instrument.key, held), veiled)


def _keys(instrument: Instrument) -> tuple[str, ...]:
    judgements = (*instrument.keys, "overall")
    return (*questions(instrument.key), *judgements, *(f"{key}_why" for key in judgements))


def _word(values: Standing, study: Study, measure: Measure | None, key: str) -> str:
    cell = values.get(study.pk, {}).get(cell_key(key, None, measure.pk if measure else None))
    reported = cell is not None and cell.value_state == ValueState.REPORTED and isinstance(cell.value, str)
    return str(cell.value) if cell is not None and reported else ""
