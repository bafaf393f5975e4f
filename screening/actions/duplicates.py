"""What people do with duplicates: judge a possible pair, merge, take a merge back (DED-02, DED-03, DED-05, DED-06)."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from audit import events
from reviewapp.deadlocks import begun_again
from reviewapp.queue import enqueue
from screening.actions import clusters, merged_studies
from screening.actions.deduplication import FIELDS, item_of, screened, worth
from screening.actions.founding import FIND_HINTS
from screening.actions.studies import StudyRefusedError
from screening.enums import CandidateStatus
from screening.models.merge import DuplicateCandidate, Merge, Unmerge
from screening.models.record import Record
from screening.models.review import Review

BY_HAND = "by hand"


class MergeRefusedError(ValueError):
    """The records can't be made one, or not be parted; the message says why. Nothing was changed."""


@begun_again
@transaction.atomic
def merge(*, kept: Record, absorbed: Record, by: User, reason: str = "", score: float | None = None) -> Merge:
    """Make one record of two, because a person says so; each stands for all that was merged into it before.

    The studies that they report become one too. Raises MergeRefusedError when they are one already, when one of them
    was taken back with its import, or when both have studies with extracted values.
    """
    review = kept.review
    clusters.hold(review)
    edges = clusters.standing(review)
    one, two = (clusters.root_of(record.pk, edges) for record in (kept, absorbed))
    if one == two:
        raise MergeRefusedError("These two are one record already. Nothing was changed.")
    if Record.objects.filter(pk__in=[one, two], active=True, review=review).count() != 2:
        raise MergeRefusedError("One of these records was taken back with its import. Nothing was changed.")
    row = Merge.objects.create(
        review=review,
        kept_id=one,
        absorbed_id=two,
        automatic=False,
        score=score,
        reason=reason or "Judged to be the same by a person.",
        engine_version=BY_HAND,
        created_by=by,
    )
    _follow(review, [one, two], by, reasons={two: row.reason})
    try:
        merged_studies.unite(merge=row, by=by)
    except StudyRefusedError as error:
        raise MergeRefusedError(f"These records are reports of two studies. {error}") from error
    events.record(
        "record.merged", subject=row, by=by, review_id=review.pk, record_id=two, reason=reason, kept=one, absorbed=two
    )
    return row


@begun_again
@transaction.atomic
def unmerge(*, merge: Merge, by: User, reason: str = "") -> Unmerge:
    """Take a merge back, at any time: both records stand for themselves again, with their own decisions (DED-03).

    A re-screening of the kept record goes with the kept one. What had been said of the absorbed one before, and counted
    no more while the two were one, counts for it again: nobody asked for that record to be screened anew (SCR-09). It
    can be, as any other: its words are among those that are older than the amendment.
    """
    clusters.hold(merge.review)
    if Unmerge.objects.filter(merge=merge).exists():
        raise MergeRefusedError("This merge was undone before. Nothing was changed.")
    row = Unmerge.objects.create(merge=merge, reason=reason, created_by=by)
    ends = [merge.kept_id, merge.absorbed_id]
    touched = _follow(merge.review, ends, by, reasons={merge.absorbed_id: reason or "Merge undone."})
    clusters.reopen_candidates(review=merge.review, record_ids=touched | set(ends))
    merged_studies.divide(merge=merge, by=by)
    events.record(
        "record.unmerged",
        subject=merge,
        by=by,
        review_id=merge.review_id,
        record_id=merge.absorbed_id,
        reason=reason,
        kept=merge.kept_id,
        absorbed=merge.absorbed_id,
    )
    return row


def _follow(review: Review, ends: list[int], by: User, *, reasons: dict[int, str]) -> set[int]:
    """After merges changed: pointers, statuses at the stages, and pairs that are answered by it."""
    touched = clusters.regroup(review=review, record_ids=ends, reasons=reasons)
    clusters.restate(review=review, record_ids=touched | set(ends))
    clusters.settle_candidates(review=review, by=by)
    return touched


@begun_again
@transaction.atomic
def judge(*, candidate: DuplicateCandidate, status: str, by: User) -> DuplicateCandidate:
    """Store what a person says of a possible pair; only "duplicate" merges (DED-02). Open pairs of the same two follow.

    `open` takes an answer back. Raises MergeRefusedError.
    """
    review = candidate.review
    clusters.hold(review)
    row = DuplicateCandidate.objects.select_for_update(no_key=True, of=("self",)).get(pk=candidate.pk)
    if status not in CandidateStatus.values:
        raise MergeRefusedError(f"{status!r} is not an answer: duplicate, same_study or not_duplicate.")
    old = row.status
    if old == status:
        return row
    if old == CandidateStatus.DUPLICATE:
        _part(review, row, by)
    if status == CandidateStatus.DUPLICATE:
        _join(row, by)
    _answer(row, status, by)
    if status in (CandidateStatus.SAME_STUDY, CandidateStatus.NOT_DUPLICATE):
        for other in clusters.open_pairs_like(row):
            _answer(other, status, by)
    if status == CandidateStatus.SAME_STUDY:
        enqueue(FIND_HINTS, review_id=review.pk, record_id=row.first.merged_into_id or row.first_id)
    events.record(
        "duplicates.judged",
        subject=row,
        by=by,
        review_id=review.pk,
        record_id=row.second_id,
        old=old,
        new=status,
        first=row.first_id,
        second=row.second_id,
    )
    return row


def _answer(row: DuplicateCandidate, status: str, by: User) -> None:
    row.status = status
    row.judged_by, row.judged_at = (None, None) if status == CandidateStatus.OPEN else (by, timezone.now())
    row.save()


def _join(row: DuplicateCandidate, by: User) -> None:
    ends = Record.objects.in_bulk([row.first_id, row.second_id])
    read, rows = screened(row.review), Record.objects.filter(pk__in=ends).values_list("pk", *FIELDS)
    values = {pk: worth(item_of((pk, *fields)), read=pk in read) for pk, *fields in rows}
    kept = max(sorted(values), key=lambda pk: (values[pk], -pk))
    other = row.second_id if kept == row.first_id else row.first_id
    merge(kept=ends[kept], absorbed=ends[other], by=by, reason=row.reason, score=row.score)


def _part(review: Review, row: DuplicateCandidate, by: User) -> None:
    """Undo the latest merge on the way that leads from one record of the pair to the other."""
    edges = clusters.standing(review)
    apart = set(_way(row.first_id, edges)) ^ set(_way(row.second_id, edges))
    last = Merge.objects.filter(review=review, absorbed__in=apart, undone__isnull=True).order_by("-id").first()
    if last is not None:
        unmerge(merge=last, by=by, reason="The answer to a possible pair was taken back.")
    row.refresh_from_db()


def _way(record_id: int, edges: dict[int, int]) -> list[int]:
    way = []
    while record_id in edges:
        way.append(record_id)
        record_id = edges[record_id]
    return way


@begun_again
@transaction.atomic
def mark_duplicate(*, record: Record, of: Record, by: User) -> DuplicateCandidate:
    """A person noticed, while screening, that two records are the same (DED-06). Raises MergeRefusedError."""
    if record.pk == of.pk or record.review_id != of.review_id:
        raise MergeRefusedError("A duplicate is another record of the same review. Nothing was changed.")
    first, second = sorted((record.pk, of.pk))
    candidate, _ = DuplicateCandidate.objects.get_or_create(
        first_id=first,
        second_id=second,
        defaults={
            "review": record.review,
            "score": 1.0,
            "reason": "Marked as a duplicate while screening.",
            "engine_version": BY_HAND,
        },
    )
    return judge(candidate=candidate, status=CandidateStatus.DUPLICATE, by=by)
