"""The PRISMA 2020 flow, counted: each box is a set of records, its number the length of that set (REP-01, REP-03).

Every box is counted from rows of its own, never from another box, so that `prisma.balance` can find what is wrong.
"""

from collections import Counter

from django.db.models import Count, Q, QuerySet

from screening.enums import ImportStatus, SourceKind, Stage, StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.source import ImportedFile, Source
from screening.models.stage import StageState
from screening.queries.documents.retrieval import with_document
from screening.queries.identification.studies import cited_reports
from screening.queries.prisma.reasons import NO_REASON, deciding_reasons
from screening.queries.stages import imported

SETTLED = (StageStatus.INCLUDED, StageStatus.EXCLUDED)
MOVING = (ImportStatus.RUNNING, ImportStatus.DEDUPLICATING, ImportStatus.UNDOING, ImportStatus.FAILED)
OPEN = (StageStatus.UNSCREENED, StageStatus.PARTIAL, StageStatus.CONFLICT)


def _at(stage: str, *statuses: str) -> Q:
    return Q(states__stage=stage, states__status__in=statuses)


_TITLE_ABSTRACT, _FULL_TEXT = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
_INCLUDED = _at(_FULL_TEXT, StageStatus.INCLUDED)
_BOXES: dict[str, Q] = {
    "databases": Q(citation__source__kind=SourceKind.DATABASE),
    "registers": Q(citation__source__kind=SourceKind.REGISTER),
    "duplicates": Q(merged_into__isnull=False),
    "awaiting_screening": _at(_TITLE_ABSTRACT, *OPEN),
    "screened": _at(_TITLE_ABSTRACT, *SETTLED),
    "excluded_screening": _at(_TITLE_ABSTRACT, StageStatus.EXCLUDED),
    "excluded_human": _at(_TITLE_ABSTRACT, StageStatus.EXCLUDED),
    "sought": _at(_FULL_TEXT, *OPEN, *SETTLED, StageStatus.NOT_RETRIEVED),
    "not_retrieved": _at(_FULL_TEXT, StageStatus.NOT_RETRIEVED),
    "assessed": _at(_FULL_TEXT, *SETTLED),
    "excluded_full_text": _at(_FULL_TEXT, StageStatus.EXCLUDED),
    "included_reports": _INCLUDED,
    "reports_without_study": _INCLUDED & Q(study_report__isnull=True),
}
# No machine excludes, and nothing is removed unseen: these boxes are empty by law 1, and their lists say so.
_ALWAYS_EMPTY = frozenset({"automation_ineligible", "removed_other", "excluded_automation"})


def _boxes(review: Review) -> dict[str, Q]:
    """What is open at full text waits for its file, or, with one, for people."""
    waiting, at_hand = _at(_FULL_TEXT, *OPEN), Q(pk__in=with_document(review))
    return _BOXES | {"awaiting_retrieval": waiting & ~at_hand, "awaiting_assessment": waiting & at_hand}


def identified(review: Review) -> QuerySet[Record]:
    """Everything that was imported and not undone, merged records included: one for each citation."""
    return Record.objects.filter(Q(active=True) | Q(merged_into__isnull=False), review=review)


def box(review: Review, key: str) -> QuerySet[Record] | None:
    """The records behind a number of the diagram; None for a key that no box has."""
    records = identified(review)
    kind, _, detail = key.partition(":")
    if kind == "source" and detail.isdecimal():
        return records.filter(citation__source=int(detail))
    if kind == "reason" and detail.isdecimal():
        listed = deciding_reasons(review)
        return records.filter(pk__in=[record for record, reason in listed.items() if reason == int(detail)])
    if key in _ALWAYS_EMPTY:
        return records.none()
    if key == "included_studies":  # as many as there are studies: the report that each is cited by
        return records.filter(pk__in=cited_reports(review))
    boxes = _boxes(review)
    return records.filter(boxes[key]) if key in boxes else None


def counts(review: Review) -> dict[str, int]:
    """Number of records in each fixed box. One query for each join, whatever the size of the review."""
    return identified(review).aggregate(
        **{key: Count("pk", filter=condition, distinct=True) for key, condition in _boxes(review).items()},
        included_studies=Count("study_report__study", filter=_INCLUDED, distinct=True),
    )


def by_source(review: Review) -> list[tuple[Source, int]]:
    """Sources that brought something, with the number of citations each."""
    found = Counter(identified(review).values_list("citation__source", flat=True))
    return [(source, found[source.pk]) for source in Source.objects.filter(review=review) if found[source.pk]]


def by_reason(review: Review) -> list[tuple[int, int]]:
    """(reason id, number of reports excluded at full text for it); NO_REASON where nobody gave one."""
    return sorted(Counter(deciding_reasons(review).values()).items(), key=lambda pair: (pair[0] == NO_REASON, pair[0]))


def moving(review: Review) -> bool:
    """Whether an import is running, stopped half-way or being taken back: its records count, and have no place yet."""
    return ImportedFile.objects.filter(review=review, status__in=MOVING).exists()


def elsewhere(review: Review) -> dict[str, int]:
    """Stage -> records whose outcome is an imported decision (IMP-06); stages without any are left out."""
    settled = StageState.objects.filter(imported.SETTLED, review=review).order_by()
    return dict(settled.values_list("stage").annotate(n=Count("id")))


def waived(review: Review) -> dict[str, int]:
    """Stage -> records that one reviewer excluded, the second being waived; stages without any are left out."""
    alone = StageState.objects.filter(review=review, status=StageStatus.EXCLUDED, waived=True).order_by()
    return dict(alone.values_list("stage").annotate(n=Count("id")))
