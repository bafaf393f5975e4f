"""Keeping the records of a test set from what assistants learn by. There is no way back: that would end the test."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from screening.models.held_out import HeldOut
from screening.models.record import Record
from screening.models.review import Review


@transaction.atomic
def hold_out(*, review: Review, record_ids: Collection[int], stage: str, why: str, by: User) -> int:
    """Hold these records of the review out at a stage; how many were not held out before. ValueError without a reason.

    It counts from now on: what was shown as an example before stands with its call.
    """
    if not why.strip():
        raise ValueError("Say of which test set these records are. Nothing was held out.")
    ours = Record.objects.filter(review=review, pk__in=record_ids).order_by("pk")
    new = list(ours.exclude(held_out__stage=stage).values_list("pk", flat=True))
    made = (HeldOut(review=review, record_id=pk, stage=stage, why=why.strip(), by=by) for pk in new)
    HeldOut.objects.bulk_create(made)
    events.record(
        "records.held_out", subject=review, by=by, review_id=review.pk, reason=why.strip(), stage=stage, records=new
    )
    return len(new)
