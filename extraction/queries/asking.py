"""What an assistant is asked about studies: which cells of a form, and which documents it may read."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from extraction.bias import questions
from extraction.models.form import FormVersion
from extraction.models.structure import Arm, Measure
from extraction.prompts.asked import Asked, Named
from extraction.schema import FormSchema, Group, from_json
from extraction.schema.model import STANDS_FOR
from screening.models.document import Document
from screening.models.study import Study, StudyReport
from screening.queries.documents.documents import current_documents, pages_of
from screening.queries.documents.papers import readable


@dataclass(frozen=True, slots=True)
class Matter:
    """A study as an assistant meets it: the cells that are asked, the documents that it reads, the reports it has."""

    study: Study
    asked: tuple[Asked, ...]
    documents: tuple[Document, ...] = ()
    withheld: tuple[Document, ...] = field(default=())  # they can be read, and may not be sent
    lacks: frozenset[str] = frozenset()  # "arm", "measure": the form asks for each of them, and the study names none


def matters(version: FormVersion, studies: Sequence[Study], *, sent: bool, only: Collection[str] = ()) -> list[Matter]:
    """Each study with what would be asked and read. A constant number of queries.

    `sent`: the texts would leave this server, so only documents that may be sent are read (SEC-07). `only`: field keys;
    empty for all that can be proposed.
    """
    schema, ids = from_json(version.schema), [study.pk for study in studies]
    arms, measures = _arms(ids), _measures(ids)
    documents = _documents(ids)
    return [
        _matter(schema, study, arms[study.pk], measures[study.pk], documents[study.pk], sent=sent, only=only)
        for study in studies
    ]


def texts(documents: Sequence[Document]) -> dict[int, list[tuple[int, str]]]:
    """Document id -> (number, text) of its pages as a reader sees them, in the order of `documents`."""
    pages = pages_of([document.pk for document in documents])
    return {document.pk: [(page.number, page.visible) for page in pages.get(document.pk, [])] for document in documents}


def groups_asked(schema: FormSchema, only: Collection[str] = ()) -> list[Group]:
    """The groups with those of their fields that an assistant may propose.

    Never what is derived, and of a risk-of-bias tool only its signalling questions: judgements are computed and
    confirmed by a person (EXT-08).
    """
    allowed = set(questions(schema.instrument)) if schema.instrument else None
    found = []
    for group in schema.groups:
        fields = tuple(
            one
            for one in group.fields
            if one.tier != "derived" and (allowed is None or one.key in allowed) and (not only or one.key in only)
        )
        if fields:
            found.append(Group(group.key, group.label, group.repeats, group.help, fields))
    return found


def cells_asked(groups: Sequence[Group], arms: Sequence[Named], measures: Sequence[Named]) -> tuple[Asked, ...]:
    """Every cell of the groups, row by row. A group that repeats over what the study does not have asks nothing."""
    return tuple(
        Asked(one, group.label, group.help, arm, measure)
        for group in groups
        for measure in (measures if group.repeats in ("measure", "measure_arm") else [None])
        for arm in (arms if group.repeats in ("arm", "measure_arm") else [None])
        for one in group.fields
    )


def _matter(
    schema: FormSchema,
    study: Study,
    arms: list[Named],
    measures: list[Named],
    documents: list[Document],
    *,
    sent: bool,
    only: Collection[str],
) -> Matter:
    with_text = [document for document in documents if readable(document)]
    withheld = [document for document in with_text if sent and not document.may_be_sent_to_ai]
    groups = groups_asked(schema, only)
    needed = {need for group in groups for need in STANDS_FOR[group.repeats]}
    return Matter(
        study=study,
        asked=cells_asked(groups, arms, measures),
        documents=tuple(document for document in with_text if document not in withheld),
        withheld=tuple(withheld),
        lacks=frozenset(needed - ({"arm"} if arms else set()) - ({"measure"} if measures else set())),
    )


def _arms(study_ids: Collection[int]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = defaultdict(list)
    for arm in Arm.objects.filter(study_id__in=study_ids, retired=False).order_by("position", "id"):
        found[arm.study_id].append(Named(arm.pk, str(arm)))
    return found


def _measures(study_ids: Collection[int]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = defaultdict(list)
    for measure in Measure.objects.filter(study_id__in=study_ids, retired=False).order_by("position", "id"):
        found[measure.study_id].append(Named(measure.pk, str(measure)))
    return found


def _documents(study_ids: Collection[int]) -> dict[int, list[Document]]:
    """Study -> the current documents of its reports, the main one first."""
    reports = StudyReport.objects.filter(study_id__in=study_ids).order_by("-main", "id")
    pairs = list(reports.values_list("study_id", "record_id"))
    current = current_documents([record_id for _, record_id in pairs])
    found: dict[int, list[Document]] = defaultdict(list)
    for study_id, record_id in pairs:
        if record_id in current:
            found[study_id].append(current[record_id])
    return found
