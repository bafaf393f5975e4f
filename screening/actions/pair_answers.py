"""Judging by clusters: two records, all of a cluster at once, an answer taken back, who looks at which (DED-05)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from reviewapp.deadlocks import begun_again
from screening.actions import clusters, duplicates
from screening.actions.answers import Answer, MergeRefusedError, Seen, StaleAnswerError, ToldApartError, roots
from screening.enums import CandidateStatus
from screening.models.merge import DuplicateCandidate, Merge, PairHold
from screening.models.record import Record
from screening.models.review import Review

HELD = timedelta(minutes=5)
IN_A_CLUSTER = "Judged beside other possible duplicates."
MOST_AT_ONCE = 50


@dataclass(slots=True)
class Step:
    """What one answer did, so that it can be taken back exactly: ids of pairs and of merges."""

    pairs: list[int] = field(default_factory=list)
    merges: list[int] = field(default_factory=list)


@begun_again
@transaction.atomic
def answer_pair(*, pair: DuplicateCandidate, answer: Answer, by: User, seen: Seen | None = None) -> Step:
    """Store what the two records of a pair are to one another. Raises MergeRefusedError, StaleAnswerError."""
    clusters.hold(pair.review)
    last = _last_merge(pair.review)
    duplicates.judge(candidate=pair, status=answer, by=by, seen=seen)
    return Step([pair.pk], _merges_since(pair.review, last))


@begun_again
@transaction.atomic
def answer_two(*, one: Record, two: Record, answer: Answer, by: User, seen: Seen | None = None) -> Step:
    """`answer_pair` of two records, whether or not the engine had asked about these two."""
    if one.pk == two.pk or one.review_id != two.review_id:
        raise MergeRefusedError("An answer is about two records of the same review. Nothing was changed.")
    clusters.hold(one.review)
    pair = pair_between(one, two) or duplicates.pair_of(one, two, reason=IN_A_CLUSTER)
    return answer_pair(pair=pair, answer=answer, by=by, seen=seen)


@begun_again
@transaction.atomic
def mark(*, record: Record, of: Record, by: User) -> Step:
    """`duplicates.mark_duplicate`, as a step that can be taken back."""
    clusters.hold(record.review)
    last = _last_merge(record.review)
    pair = duplicates.mark_duplicate(record=record, of=of, by=by)
    return Step([pair.pk], _merges_since(record.review, last))


def pair_between(one: Record, two: Record) -> DuplicateCandidate | None:
    """The pair that leads to these two records as they stand: an open one first, then the likeliest."""
    sides = [
        [record.pk, *Record.objects.filter(merged_into=record).values_list("pk", flat=True)] for record in (one, two)
    ]
    pairs = DuplicateCandidate.objects.filter(first__in=sides[0], second__in=sides[1])
    pairs |= DuplicateCandidate.objects.filter(first__in=sides[1], second__in=sides[0])
    return min(pairs, key=lambda pair: (pair.status != CandidateStatus.OPEN, -pair.score, pair.pk), default=None)


@begun_again
@transaction.atomic
def join_all(*, pairs: Collection[DuplicateCandidate], members: Collection[int], kept: int, by: User) -> Step:
    """Make one record of a whole cluster: `members` are the records that were shown, `pairs` those that connect them.

    Each merge and each answer is stored by itself. Raises answers.StaleAnswerError if the cluster isn't what was shown.
    """
    review = next(iter(pairs)).review
    clusters.hold(review)
    ids = [pair.pk for pair in pairs]
    ends = ("first", "second")
    rows = list(DuplicateCandidate.objects.filter(pk__in=ids).select_related(*ends).order_by("-score", "pk"))
    stand = {root for row in rows for root in roots(row)}
    if any(row.status != CandidateStatus.OPEN for row in rows) or stand != set(members) or kept not in stand:
        raise StaleAnswerError(
            "Somebody has judged or merged some of these records meanwhile. Nothing was changed: please look at what "
            "stands there now."
        )
    if len(stand) > MOST_AT_ONCE:
        raise MergeRefusedError(f"More than {MOST_AT_ONCE} records can’t be made one at once. Nothing was changed.")
    apart = clusters.told_apart(review, stand)
    if apart:
        raise ToldApartError(apart[0])
    last = _last_merge(review)
    for row in _from(kept, rows):
        row.refresh_from_db()
        duplicates.judge(candidate=row, status=Answer(CandidateStatus.DUPLICATE, kept=kept), by=by)
    return Step(ids, _merges_since(review, last))


def _from(kept: int, rows: Sequence[DuplicateCandidate]) -> list[DuplicateCandidate]:
    """The pairs in an order in which each joins what is one record with the kept one by then."""
    reached, left, ordered = {kept}, list(rows), []
    while left:
        near = next((row for row in left if roots(row) & reached), left[0])
        left.remove(near)
        reached |= roots(near)
        ordered.append(near)
    return ordered


@begun_again
@transaction.atomic
def take_back(*, review: Review, step: Step, by: User) -> bool:
    """Undo an answer: its merges are taken back, its pairs open again. False where others have changed all of it since.

    What somebody else has said anew of a pair stands.
    """
    clusters.hold(review)
    done = False
    merges = Merge.objects.filter(review=review, pk__in=step.merges, undone__isnull=True).order_by("-pk")
    for merge in merges:
        duplicates.unmerge(merge=merge, by=by, reason="The answer was taken back.")
        done = True
    for pair in DuplicateCandidate.objects.filter(review=review, pk__in=step.pairs, judged_by=by):
        duplicates.judge(candidate=pair, status=CandidateStatus.OPEN, by=by)
        done = True
    return done


def _last_merge(review: Review) -> int:
    return Merge.objects.filter(review=review).order_by("-pk").values_list("pk", flat=True).first() or 0


def _merges_since(review: Review, last: int) -> list[int]:
    """Of this transaction: it holds the review, so that nobody else merges meanwhile."""
    return list(Merge.objects.filter(review=review, pk__gt=last, undone__isnull=True).values_list("pk", flat=True))


def look_at(*, candidate: DuplicateCandidate, user: User) -> None:
    """Say that somebody looks at a pair, so that the queue shows others another cluster for some minutes."""
    PairHold.objects.update_or_create(
        review=candidate.review,
        user=user,
        defaults={"candidate": candidate, "expires_at": timezone.now() + HELD},
    )
