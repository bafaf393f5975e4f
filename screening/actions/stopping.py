"""The stop switch of AI and what follows: what is going is paused, what is queued finds nothing to do (MON-07)."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit import stops
from audit.models.stop import StopSwitch
from screening.enums import PauseReason, RunStatus
from screening.models.review import Review
from screening.models.run import Run
from screening.running import lifecycle


@transaction.atomic
def stop(*, review: Review | None, by: User, why: str) -> StopSwitch:
    """Stop AI in a review, or (None: administrators only) everywhere. From the commit on nothing is claimed or asked.

    Calls in flight end and are kept. Raises stops.StopRefusedError, PermissionDenied.
    """
    switch = stops.stop(review_id=_of(review, by), by=by, why=why)
    going = Run.objects.filter(status=RunStatus.RUNNING).select_related("review", "assistant").order_by("id")
    for run in going if review is None else going.filter(review=review):
        lifecycle.pause(run=run, by=by, why=f"AI was stopped: {switch.why}", stopped_for=PauseReason.STOP)
    return switch


@transaction.atomic
def lift(*, review: Review | None, by: User, why: str) -> StopSwitch:
    """Let AI go on. Paused runs wait for a person. Raises stops.StopRefusedError, PermissionDenied."""
    return stops.lift(review_id=_of(review, by), by=by, why=why)


def _of(review: Review | None, by: User) -> int | None:
    if review is None and not by.is_superuser:
        raise PermissionDenied("Only administrators may stop AI everywhere, or let it go on.")
    return review.pk if review else None
