"""How many cells of each study wait to be settled, for whoever may settle them. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from extraction.models.form import FormVersion
from extraction.models.structure import Arm, Measure
from extraction.models.value import Value
from extraction.policies import Word, parsed, same_for, waits
from extraction.queries.grid import cells
from extraction.queries.overview import Slot
from extraction.schema import FieldSpec, FormSchema, check
from extraction.visibility import sees_others_values
from screening.models.study import Study

WORD = ("cell", "pk", "author_id", "capacity", "manner", "citing_id", "state", "value", "unit")
Words = Mapping[tuple[int, int], Mapping[str, Sequence[Word]]]


def with_waiting(slots: Mapping[int, Sequence[Slot]], roles: Collection[str]) -> dict[int, list[Slot]]:
    """The same slots, those whose values this member may compare with how many of their cells wait. Four queries."""
    told = [slot for row in slots.values() for slot in row if _told(slot, roles)]
    studies, forms = {slot.study.pk for slot in told}, {slot.form.pk for slot in told}
    schemas, words = _schemas(forms), _words(studies, forms)
    arms, measures = _structure(Arm, studies), _structure(Measure, studies)
    counted = {
        (slot.study.pk, slot.form.pk): _count(
            slot, _fields(schemas[slot.form.pk], slot.study, arms, measures), words.get(_place(slot), {})
        )
        for slot in told
    }
    return {study: [replace(slot, waiting=counted.get(_place(slot))) for slot in row] for study, row in slots.items()}


def _told(slot: Slot, roles: Collection[str]) -> bool:
    """As the consensus screen, which shows the values behind the number."""
    own = slot.own.status if slot.own else None
    return sees_others_values(roles=roles, own=own, all_done=slot.team.all_done)


def _place(slot: Slot) -> tuple[int, int]:
    return slot.study.pk, slot.form.pk


def _count(slot: Slot, fields: Mapping[str, FieldSpec], words: Mapping[str, Sequence[Word]]) -> int:
    team = slot.team
    return sum(
        waits(said, extractors=team.extractors, needed=team.needed, same=same_for(fields[cell]))
        for cell, said in words.items()
        if cell in fields
    )


def _fields(
    schema: FormSchema, study: Study, arms: Mapping[int, list[Any]], measures: Mapping[int, list[Any]]
) -> dict[str, FieldSpec]:
    """The field behind each cell that the form has in the study; what was retired asks for nothing any more."""
    return {cell.key: cell.spec for cell in cells(schema, arms.get(study.pk, []), measures.get(study.pk, []))}


def _schemas(form_ids: Iterable[int]) -> dict[int, FormSchema]:
    newest = FormVersion.objects.filter(form__in=form_ids).order_by("form_id", "-number").distinct("form_id")
    return {form: check(schema)[0] for form, schema in newest.values_list("form_id", "schema")}


def _structure(model: type[Arm] | type[Measure], study_ids: Collection[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.filter(study__in=study_ids, retired=False):
        found[row.study_id].append(row)
    return found


def _words(study_ids: Collection[int], form_ids: Collection[int]) -> Words:
    rows = Value.objects.filter(study__in=study_ids, form_version__form__in=form_ids, superseded_by=None).order_by()
    found: dict[tuple[int, int], dict[str, list[Word]]] = defaultdict(lambda: defaultdict(list))
    columns: Iterable[Any] = rows.values_list("study_id", "form_version__form_id", *WORD)
    for study, form, cell, pk, author, capacity, manner, citing, state, value, unit in columns:
        found[study, form][cell].append(Word(pk, author, capacity, manner, citing, parsed(state, value, unit)))
    return found
