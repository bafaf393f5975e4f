"""Taking an exception of an assistant's work out of the inbox, once somebody has looked at it."""

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from screening.enums import ExceptionKind
from screening.models.exception import ExceptionSeen
from screening.models.review import Review
from screening.queries.assistants import exceptions
from screening.queries.assistants.exceptions import Eyes


class ExceptionRefusedError(ValueError):
    """There is no such exception for this person to mark; the message says so. Nothing was changed."""


@transaction.atomic
def mark_seen(
    *, review: Review, kind: str, stage: str, record_id: int, item_id: int | None, eyes: Eyes, by: User
) -> None:
    """Keep who looked at it, and when. Raises ExceptionRefusedError for what does not wait, or not for this person.

    The event of what tells of a suggestion names no record: readers of the ledger may not have voted on it yet.
    """
    if not exceptions.waits(review, eyes, kind=kind, stage=stage, record_id=record_id, item_id=item_id):
        raise ExceptionRefusedError("This does not wait any more: somebody looked at it, or the record is settled.")
    fields = {"review": review, "record_id": record_id, "stage": stage, "kind": kind, "item_id": item_id, "by": by}
    seen, made = ExceptionSeen.objects.get_or_create(
        record_id=record_id, stage=stage, kind=kind, item_id=item_id, defaults=fields
    )
    if not made:
        return
    told = ExceptionKind(kind).tells
    events.record(
        "exception.seen",
        subject=seen,
        by=by,
        review_id=review.pk,
        record_id=None if told else record_id,
        kind="" if told else kind,
        stage="" if told else stage,
    )
