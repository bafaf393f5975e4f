"""Keeping the records of a test set from what assistants learn by, until the test is over."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from screening.actions.rulebook import random_rank
from screening.models.held_out import HeldOut, HeldOutRelease
from screening.models.record import Record
from screening.models.review import Review
from screening.queries.assistants.stability import number_drawn
from screening.queries.assistants.work import at_work


@transaction.atomic
def hold_out(*, review: Review, record_ids: Collection[int], stage: str, why: str, by: User) -> int:
    """Hold these records of the review out at a stage; how many were not held out before. ValueError without a reason.

    It counts from now on: what was shown as an example before stands with its call. What was released once is not held
    out again: an assistant may have learnt from it.
    """
    if not why.strip():
        raise ValueError("Say of which test set these records are. Nothing was held out.")
    _one_at_a_time(review)
    ours = Record.objects.filter(review=review, pk__in=record_ids).order_by("pk")
    new = list(ours.exclude(held_out__stage=stage).values_list("pk", flat=True))
    made = (HeldOut(review=review, record_id=pk, stage=stage, why=why.strip(), by=by) for pk in new)
    HeldOut.objects.bulk_create(made)
    events.record(
        "records.held_out", subject=review, by=by, review_id=review.pk, reason=why.strip(), stage=stage, records=new
    )
    return len(new)


@transaction.atomic
def draw(*, review: Review, share: int, stage: str, why: str, by: User) -> int:
    """Hold `share` of 100 records at a stage out, a simple random sample of those that never were; how many.

    Raises ValueError with a sentence without a reason, or where none is left to be drawn.
    """
    places = at_work(_one_at_a_time(review), stage).filter(record__active=True)
    number = number_drawn(places.count(), share)
    held = HeldOut.objects.filter(review=review, stage=stage).values("record")
    left = list(places.exclude(record__in=held).values_list("record_id", flat=True))
    chosen = sorted(left, key=lambda pk: random_rank(review.pk, pk, salt=f"held out/{stage}/"))[:number]
    if not chosen:
        raise ValueError("There is no record left at this stage to be drawn, or the share is less than one record.")
    return hold_out(review=review, record_ids=chosen, stage=stage, why=why, by=by)


@transaction.atomic
def release(*, review: Review, stage: str, test_set: str, why: str, by: User) -> int:
    """End a test set: assistants may learn from its records from now on; how many there were. It is for good.

    Raises ValueError with a sentence without a reason, or for what is not held out.
    """
    if not why.strip():
        raise ValueError("Say why they are released. Nothing was released.")
    _one_at_a_time(review)
    held = list(HeldOut.objects.standing().filter(review=review, stage=stage, why=test_set).order_by("pk"))
    if not held:
        raise ValueError("Nothing of this test set is held out any more.")
    HeldOutRelease.objects.bulk_create(HeldOutRelease(held_out=one, why=why.strip(), by=by) for one in held)
    records = [one.record_id for one in held]
    said: dict[str, Any] = {"stage": stage, "test_set": test_set, "records": records}
    events.record("records.released", subject=review, by=by, review_id=review.pk, reason=why.strip(), **said)
    return len(held)


def _one_at_a_time(review: Review) -> Review:
    """The review, locked before anything is read: of two clicks at once the second sees what the first stored."""
    return Review.objects.select_for_update(no_key=True).get(pk=review.pk)
