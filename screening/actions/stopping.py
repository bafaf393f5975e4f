"""The stop switch of AI and what follows: what is going is paused, what is queued finds nothing to do (MON-07)."""

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit import actors, stops
from audit.models.stop import StopSwitch
from screening.enums import PauseReason, RunStatus
from screening.models.review import Review
from screening.models.run import Run
from screening.running import lifecycle


def stop(*, review: Review | None, by: User, why: str) -> StopSwitch:
    """Stop AI in a review, or (None: administrators only) everywhere. From the commit on nothing is claimed or asked.

    Calls in flight end and are kept. Raises stops.StopRefusedError, PermissionDenied.
    """
    switch = stops.stop(review_id=_of(review, by), by=by, why=why)  # stands before any run is waited for
    going = Run.objects.filter(status=RunStatus.RUNNING).order_by("id")
    going = going if review is None else going.filter(review=review)
    for run_id in list(going.values_list("id", flat=True)):
        said = f"AI was stopped: {switch.why}"
        lifecycle.halt(run_id=run_id, by=actors.person(by), why=said, stopped_for=PauseReason.STOP)
    return switch


@transaction.atomic
def lift(*, review: Review | None, by: User, why: str) -> StopSwitch:
    """Let AI go on. Paused runs wait for a person. Raises stops.StopRefusedError, PermissionDenied."""
    return stops.lift(review_id=_of(review, by), by=by, why=why)


def _of(review: Review | None, by: User) -> int | None:
    if review is None and not by.is_superuser:
        raise PermissionDenied("Only administrators may stop AI everywhere, or let it go on.")
    return review.pk if review else None
