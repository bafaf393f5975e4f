"""Hints that two reports are of one study: a worker finds them, a person says whether they are."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from audit import events
from audit.history import write_bulk
from audit.models.event import Event
from screening.actions import studies
from screening.enums import HintStatus
from screening.models.review import Review
from screening.models.study import Study, StudyHint
from screening.queries.identification import hints as seen
from screening.queries.identification.studies import study_of

JUDGED = "hint.judged"


@transaction.atomic
def find(*, review: Review, record_id: int | None = None) -> int:
    """Store new hints among the included reports (or those of one); how many. A pair is hinted at once for ever."""
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)  # one finder at a time in a review
    pairs = seen.found(review, record_id=record_id)
    there = set(StudyHint.objects.filter(review=review).values_list("first_id", "second_id")) if pairs else set()
    rows = [
        StudyHint(
            review=review,
            first_id=pair.first,
            second_id=pair.second,
            kind=pair.kind,
            reason=pair.reason,
            score=pair.score,
        )
        for pair in pairs
        if (pair.first, pair.second) not in there
    ]
    write_bulk(StudyHint.objects.bulk_create(rows, batch_size=1_000), change="+")
    return len(rows)


@transaction.atomic
def judge(*, hint: StudyHint, status: str, by: User, reason: str = "") -> StudyHint:
    """Store what a person says of a hint; "confirmed" links the two studies, `open` takes an answer back.

    Raises studies.StudyRefusedError; then nothing is changed.
    """
    if status not in HintStatus.values:
        raise studies.StudyRefusedError(f"{status!r} is not an answer: confirmed or rejected.")
    hint = StudyHint.objects.select_for_update(no_key=True, of=("self",)).get(pk=hint.pk)
    old = hint.status
    if old == status:
        return hint
    reopened = _take_back(hint, by) if old == HintStatus.CONFIRMED else []
    also = _link(hint, by, reason) if status == HintStatus.CONFIRMED else []
    for row in reopened:
        _answer(row, HintStatus.OPEN, by)
    for row in [hint, *also]:
        _answer(row, status, by)
    events.record(
        JUDGED,
        subject=hint,
        by=by,
        review_id=hint.review_id,
        record_id=hint.second_id,
        reason=reason,
        old=old,
        new=status,
        first=hint.first_id,
        second=hint.second_id,
        also=[row.pk for row in also],
    )
    return hint


def _answer(hint: StudyHint, status: str, by: User) -> None:
    hint.status = status
    hint.judged_by, hint.judged_at = (None, None) if status == HintStatus.OPEN else (by, timezone.now())
    hint.save()


def _ends(hint: StudyHint) -> tuple[Study, Study]:
    first, second = study_of(hint.first), study_of(hint.second)
    if first is None or second is None:
        raise studies.StudyRefusedError("One of these reports is not included any more. Nothing was changed.")
    return first, second


def _link(hint: StudyHint, by: User, reason: str) -> list[StudyHint]:
    """Make one study of the two; other open hints that are answered by it."""
    first, second = _ends(hint)
    if first == second:
        return []
    studies.link(study=second, into=first, by=by, reason=reason or hint.reason, hint_id=hint.pk)
    return [row for row in _open(hint) if study_of(row.first) == study_of(row.second)]


def _open(hint: StudyHint) -> list[StudyHint]:
    rows = StudyHint.objects.select_for_update(no_key=True, of=("self",)).select_related("first", "second")
    return list(rows.filter(review=hint.review_id, status=HintStatus.OPEN).exclude(pk=hint.pk).order_by("id"))


def _take_back(hint: StudyHint, by: User) -> list[StudyHint]:
    """Undo the linking that came of a hint, if any; hints that it had answered too are open again."""
    linked = Event.objects.filter(type=studies.LINKED, review_id=hint.review_id, data__hint=hint.pk)
    last = linked.order_by("-id").first()
    if last is not None:
        gone = Study.objects.get(pk=last.data["study"])
        studies.restore(study=gone, by=by, reason="The answer to a hint was taken back.")
    said = Event.objects.filter(type=JUDGED, review_id=hint.review_id, subject_id=hint.pk, data__new="confirmed")
    answer = said.order_by("-id").first()
    ids = answer.data["also"] if answer else []
    return list(StudyHint.objects.filter(pk__in=ids, status=HintStatus.CONFIRMED).order_by("id"))
