"""What people do with duplicates: judge a possible pair, merge, take a merge back (DED-02, DED-03, DED-05, DED-06)."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from audit import events
from reviewapp.deadlocks import begun_again
from reviewapp.queue import enqueue
from screening.actions import clusters, merged_studies
from screening.actions.answers import SORTED, Answer, MergeRefusedError, Seen, ToldApartError, check, meant, roots
from screening.actions.deduplication import APART, FIELDS, item_of, screened, worth
from screening.actions.founding import FIND_HINTS
from screening.actions.studies import StudyRefusedError
from screening.enums import CandidateStatus, HintKind, HintStatus
from screening.models.merge import DuplicateCandidate, Merge, Unmerge
from screening.models.record import Record
from screening.models.review import Review
from screening.models.study import StudyHint

BY_HAND = clusters.BY_HAND


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
def judge(
    *, candidate: DuplicateCandidate, status: str | Answer, by: User, seen: Seen | None = None
) -> DuplicateCandidate:
    """Store what a person says of a possible pair; only "duplicate" merges (DED-02). Open pairs of the same two follow.

    `open` takes an answer back; a pair that nobody but a person had brought up is gone with it. With `seen`, an answer
    to what the pair is no longer is refused. Raises MergeRefusedError, StaleAnswerError.
    """
    answer = status if isinstance(status, Answer) else Answer(status)
    review = candidate.review
    clusters.hold(review)
    row = DuplicateCandidate.objects.select_for_update(no_key=True, of=("self",)).get(pk=candidate.pk)
    check(row, answer, by, seen)
    old, before = row.status, (row.sort, row.of_first)
    new = meant(row, answer)
    if (old, before) == (answer.status, new):
        return row
    if old == CandidateStatus.DUPLICATE:
        _part(review, row, by)
    if answer.status == CandidateStatus.DUPLICATE:
        _join_unless_told_apart(row, answer, by)
    if old == CandidateStatus.SAME_STUDY:
        _drop_hints(row)
    row.sort, row.of_first = new
    _answer(row, answer.status, by)
    if answer.status in APART:
        _follow_suit(row, by)
    if answer.status == CandidateStatus.SAME_STUDY:
        enqueue(FIND_HINTS, review_id=review.pk, record_id=row.first.merged_into_id or row.first_id)
    _record_answer(row, old, by)
    if answer.status == CandidateStatus.OPEN and row.engine_version == BY_HAND:
        DuplicateCandidate.objects.get(pk=row.pk).delete()
    return row


def _answer(row: DuplicateCandidate, status: str, by: User) -> None:
    row.status = status
    row.judged_by, row.judged_at = (None, None) if status == CandidateStatus.OPEN else (by, timezone.now())
    row.save()


def _follow_suit(row: DuplicateCandidate, by: User) -> None:
    """Open pairs that lead to the same two records get the same answer: those two were shown."""
    special = row.second if row.of_first else row.first
    root = special.merged_into_id or special.pk
    for other in clusters.open_pairs_like(row):
        other.sort = row.sort
        other.of_first = (other.second.merged_into_id or other.second_id) == root
        _answer(other, row.status, by)


def _drop_hints(row: DuplicateCandidate) -> None:
    """The hint that came of an answer goes with the answer, unless it was judged itself."""
    ends = {record.merged_into_id or record.pk for record in (row.first, row.second)}
    hints = StudyHint.objects.filter(kind=HintKind.JUDGED, status=HintStatus.OPEN, first__in=ends, second__in=ends)
    for hint in hints:
        hint.delete()


def _record_answer(row: DuplicateCandidate, old: str, by: User) -> None:
    events.record(
        "duplicates.judged",
        subject=row,
        by=by,
        review_id=row.review_id,
        record_id=row.second_id,
        old=old,
        new=row.status,
        first=row.first_id,
        second=row.second_id,
        sort=row.sort if row.status in SORTED else "",
        of_first=row.of_first,
    )


def _join_unless_told_apart(row: DuplicateCandidate, answer: Answer, by: User) -> None:
    """Whoever changes an answer that keeps two apart changes all that do; by any other way it is to be seen first."""
    apart = clusters.told_apart(row.review, roots(row))
    if apart and row.status not in APART:
        raise ToldApartError(apart[0])
    _join(row, answer, by)
    for other in apart:
        if other != row:
            _answer(other, CandidateStatus.DUPLICATE, by)


def _join(row: DuplicateCandidate, answer: Answer, by: User) -> None:
    ends = Record.objects.in_bulk(roots(row))
    kept = answer.kept if answer.kept in ends else worthier(ends, review=row.review)
    other = next((pk for pk in ends if pk != kept), kept)
    merge(kept=ends[kept], absorbed=ends[other], by=by, reason=row.reason, score=row.score)


def worthier(ids: Collection[int], *, review: Review) -> int:
    """Of these records, the one to keep: what was read already, then what says most; ties go to the lowest id."""
    read, rows = screened(review, among=ids), Record.objects.filter(pk__in=ids).values_list("pk", *FIELDS)
    values: dict[int, tuple[int, ...]] = {row[0]: worth(item_of(row), read=row[0] in read) for row in rows}
    return max(sorted(values), key=lambda pk: (values[pk], -pk))


def _part(review: Review, row: DuplicateCandidate, by: User) -> None:
    """Undo the latest merge on the way that leads from one record of the pair to the other."""
    edges = clusters.standing(review)
    apart = set(_way(row.first_id, edges)) ^ set(_way(row.second_id, edges))
    last = Merge.objects.filter(review=review, absorbed__in=apart, undone__isnull=True).order_by("-id").first()
    if last is not None:
        unmerge(merge=last, by=by, reason="The answer to a possible pair was taken back.")
    if DuplicateCandidate.objects.filter(pk=row.pk).exists():  # one that a person brought up is gone with its merge
        row.refresh_from_db()
    row.first, row.second = (Record.objects.get(pk=pk) for pk in (row.first_id, row.second_id))


def _way(record_id: int, edges: dict[int, int]) -> list[int]:
    way = []
    while record_id in edges:
        way.append(record_id)
        record_id = edges[record_id]
    return way


def pair_of(one: Record, two: Record, *, reason: str) -> DuplicateCandidate:
    """The pair of these two; one that no engine had seen is made by hand. In the caller's transaction."""
    first, second = sorted((one.pk, two.pk))
    made = {"review": one.review, "score": 1.0, "reason": reason, "engine_version": BY_HAND, "tier": "by hand"}
    candidate, _ = DuplicateCandidate.objects.get_or_create(first_id=first, second_id=second, defaults=made)
    return candidate


@begun_again
@transaction.atomic
def mark_duplicate(*, record: Record, of: Record, by: User) -> DuplicateCandidate:
    """A person noticed, while screening, that two records are the same (DED-06). Raises MergeRefusedError."""
    if record.pk == of.pk or record.review_id != of.review_id:
        raise MergeRefusedError("A duplicate is another record of the same review. Nothing was changed.")
    candidate = pair_of(record, of, reason="Marked as a duplicate while screening.")
    if candidate.status in APART:
        raise ToldApartError(candidate)
    return judge(candidate=candidate, status=Answer(CandidateStatus.DUPLICATE, kept=_kept(record, of)), by=by)


def _kept(record: Record, of: Record) -> int:
    """The other one, unless only the one in hand was read already, or has an abstract: the fuller one is screened."""
    if worthier([record.pk, of.pk], review=record.review) == of.pk:
        return of.pk
    read = screened(record.review, among=[record.pk, of.pk])
    mine, theirs = (record.pk in read, bool(record.abstract)), (of.pk in read, bool(of.abstract))
    return record.pk if mine > theirs else of.pk
