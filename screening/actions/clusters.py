"""What follows from the merges that stand: the root of every record, and where it stands at the stages.

A merge is an edge from the absorbed record to the kept one. A record is absorbed only while it is a root, so edges
form a forest; a record's root is found by following them. `Record.merged_into` and `active` are the copy that all else
reads.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit.history import write_bulk
from screening.actions import stages
from screening.enums import CandidateStatus, ImportStatus, Stage
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.models.review import Review

APART = (CandidateStatus.NOT_DUPLICATE, CandidateStatus.SAME_STUDY, CandidateStatus.CORRECTION)
BY_HAND = "by hand"  # for an engine's version, where a person brought two records together
POINT = """
UPDATE screening_record r SET merged_into_id = n.root, active = n.active
  FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS n (id, root, active) WHERE r.id = n.id
"""


def hold(review: Review) -> None:
    """Let one transaction at a time change the merges of a review. It hinders nobody who screens."""
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)


def standing(review: Review) -> dict[int, int]:
    """Absorbed record id -> the one it was merged into, of every merge that was not undone."""
    merges = Merge.objects.filter(review=review, undone__isnull=True)
    return dict(merges.values_list("absorbed_id", "kept_id"))


def root_of(record_id: int, edges: Mapping[int, int]) -> int:
    """Where the merges lead from a record; itself if nowhere."""
    while record_id in edges:
        record_id = edges[record_id]
    return record_id


def regroup(*, review: Review, record_ids: Collection[int], reasons: Mapping[int, str] | None = None) -> set[int]:
    """Point these records, and all that hang together with them, at their roots. Returns the ids that changed.

    The caller holds the review. `reasons` (by record id) go into the history.
    """
    edges = standing(review)
    roots = {root_of(record_id, edges) for record_id in record_ids}
    near = Q(pk__in=[*record_ids, *roots]) | Q(merged_into__in=[*record_ids, *roots])
    pointers = Record.objects.filter(near, review=review).values_list("pk", "merged_into_id")
    hanging = {pk for pk, _ in pointers} | {root for _, root in pointers if root}
    light = Record.objects.only("review_id", "merged_into_id", "active")  # abstracts of thousands of records: megabytes
    rows = light.select_for_update(no_key=True).filter(Q(pk__in=hanging) | Q(merged_into__in=hanging), review=review)
    gone = Record.objects.filter(review=review, citation__file__status__in=[ImportStatus.UNDOING, ImportStatus.UNDONE])
    undone = set(gone.values_list("pk", flat=True))
    changed = []
    for row in rows.order_by("pk"):
        root = root_of(row.pk, edges)
        now = (None if root == row.pk else root, root == row.pk and row.pk not in undone)
        if now != (row.merged_into_id, row.active):
            row.merged_into_id, row.active = now
            changed.append(row)
    _write(changed, reasons or {})
    return {row.pk for row in changed} | roots


def _write(changed: list[Record], reasons: Mapping[int, str]) -> None:
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            POINT,
            [[row.pk for row in changed], [row.merged_into_id for row in changed], [row.active for row in changed]],
        )
    write_bulk(changed, change="~", reasons=reasons)


def restate(*, review: Review, record_ids: Collection[int]) -> None:
    """Compute the status of these records at both stages anew: opinions count for the whole of what was merged."""
    for stage in Stage:
        stages.refresh(review=review, record_ids=record_ids, stage=stage)


def _with_roots(pairs: QuerySet[DuplicateCandidate]) -> QuerySet[Any]:
    return pairs.annotate(
        one=Coalesce("first__merged_into_id", "first_id"), two=Coalesce("second__merged_into_id", "second_id")
    )


def open_pairs_like(pair: DuplicateCandidate) -> list[DuplicateCandidate]:
    """Open pairs that lead to the same two records as this one: a person was shown those two."""
    ends = {record.merged_into_id or record.pk for record in (pair.first, pair.second)}
    pairs = DuplicateCandidate.objects.filter(review=pair.review, status=CandidateStatus.OPEN).exclude(pk=pair.pk)
    return list(_with_roots(pairs).filter(one__in=ends, two__in=ends))


def told_apart(review: Review, record_ids: Collection[int]) -> list[DuplicateCandidate]:
    """Answers that keep two of these records apart: not a duplicate, other reports, a notice. The ids are of roots."""
    pairs = DuplicateCandidate.objects.filter(review=review, status__in=APART).select_related("judged_by")
    found = _with_roots(pairs).filter(one__in=record_ids, two__in=record_ids).exclude(one=F("two"))
    return list(found.order_by("pk"))


def settle_candidates(*, review: Review, by: User) -> None:
    """An open pair whose two records have become one is answered: duplicate."""
    pairs = DuplicateCandidate.objects.filter(review=review, status=CandidateStatus.OPEN)
    for pair in _with_roots(pairs).filter(one=F("two")):
        pair.status, pair.judged_by, pair.judged_at = CandidateStatus.DUPLICATE, by, timezone.now()
        pair.save()


def reopen_candidates(*, review: Review, record_ids: Collection[int]) -> None:
    """A pair that was a duplicate and is two records again is to be judged again; one that was made by hand is gone."""
    pairs = DuplicateCandidate.objects.filter(review=review, status=CandidateStatus.DUPLICATE)
    pairs = pairs.filter(Q(first__in=record_ids) | Q(second__in=record_ids))
    for pair in _with_roots(pairs).exclude(one=F("two")):
        if pair.engine_version == BY_HAND:
            pair.delete()  # nobody asked: it is taken back, and its words stay in the history
            continue
        pair.status, pair.judged_by, pair.judged_at = CandidateStatus.OPEN, None, None
        pair.save()
