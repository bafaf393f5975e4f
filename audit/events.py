"""Writing the ledger: `record`, or, for many rows at once, `record_many`."""

from collections.abc import Sequence
from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from audit import actors, presenters
from audit.models.event import Event
from reviewapp import copying

# A line as a part of a statement that writes what it is about, too; followed by FROM, and given `values_of` it.
# `{subject}` is that statement's expression of the subject's id.
WRITTEN = """
INSERT INTO audit_event (at, type, actor_kind, actor_id, actor_name, review_id, subject_type, subject_id, record_id,
                         data, reason, request_id)
SELECT %(event_at)s::timestamptz, %(event_type)s::text, %(actor_kind)s::text, %(actor_id)s::int, %(actor_name)s::text,
       %(event_review)s::bigint, %(subject_type)s::text, {subject}, %(event_record)s::bigint, %(event_data)s::jsonb,
       %(event_reason)s::text, %(request_id)s::text
"""


def record(
    event_type: str,
    /,
    *,
    subject: models.Model,
    by: User | actors.Actor,
    review_id: int | None = None,
    record_id: int | None = None,
    reason: str = "",
    **data: Any,
) -> Event:
    """Write one line of the ledger in the caller's transaction.

    `data` holds what changed (`old=`, `new=`) and what the sentence needs: JSON values only.
    Raises presenters.UnknownEventError when no app has said how such an event reads.
    """
    event = line(event_type, subject=subject, by=by, review_id=review_id, record_id=record_id, reason=reason, **data)
    event.save(force_insert=True)
    return event


def values_of(written: Event) -> dict[str, Any]:
    """The values of WRITTEN for a line that `line` made."""
    return {
        "event_at": timezone.now(),
        "event_type": written.type,
        "actor_kind": written.actor_kind,
        "actor_id": written.actor_id,
        "actor_name": written.actor_name,
        "event_review": written.review_id,
        "subject_type": written.subject_type,
        "event_record": written.record_id,
        "event_data": copying.document(written.data),
        "event_reason": written.reason,
        "request_id": written.request_id,
    }


def record_many(lines: Sequence[Event]) -> None:
    """Write several lines, made by `line`, in one statement, in this order."""
    Event.objects.bulk_create(lines)


def line(
    event_type: str,
    /,
    *,
    subject: models.Model,
    by: User | actors.Actor,
    review_id: int | None = None,
    record_id: int | None = None,
    reason: str = "",
    **data: Any,
) -> Event:
    """A line that is not written yet, as `record` takes it."""
    presenters.check(event_type)
    actor = by if isinstance(by, actors.Actor) else actors.person(by)
    return Event(
        type=event_type,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_name=actor.name,
        review_id=review_id,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        record_id=record_id,
        data=data,
        reason=reason,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
