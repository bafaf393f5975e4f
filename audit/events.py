"""Writing the ledger. One verb: `record`."""

from typing import Any

import structlog
from django.contrib.auth.models import User
from django.db import models

from audit import actors, presenters
from audit.models.event import Event


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
    presenters.check(event_type)
    actor = by if isinstance(by, actors.Actor) else actors.person(by)
    return Event.objects.create(
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
