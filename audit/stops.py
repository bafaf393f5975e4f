"""Stopping AI at once, for a review or for the whole instance, and letting it go on (MON-07)."""

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from audit.models.stop import StopSwitch
from reviewapp import prepared
from reviewapp.ai.errors import AIError

# Whether AI is stopped for a review: for statements that have its id. Two looks at an index.
LATEST = "COALESCE((SELECT w.stopped FROM audit_stopswitch w WHERE w.review_id {} ORDER BY w.id DESC LIMIT 1), false)"
STOPPED = f"({LATEST.format('IS NULL')} OR {LATEST.format('= {review}')})"
ASKED = f"SELECT {STOPPED.format(review='%(review)s::bigint')}"


class StoppedAIError(AIError):
    """AI is stopped: no call was made. Passing, since somebody may lift it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


class StopRefusedError(ValueError):
    """The switch can't be turned so; the message says why."""


def stop(*, review_id: int | None, by: User, why: str) -> StopSwitch:
    """Stop AI: nothing is claimed and no call is made from now on. Calls in flight end and are kept.

    `review_id` None: everywhere. Raises StopRefusedError without a reason, or where it is stopped already.
    """
    return _turn(review_id, by, why, stopped=True)


def lift(*, review_id: int | None, by: User, why: str) -> StopSwitch:
    """Let AI go on. Runs that were paused wait for a person to resume them. Raises StopRefusedError."""
    return _turn(review_id, by, why, stopped=False)


@transaction.atomic
def _turn(review_id: int | None, by: User, why: str, *, stopped: bool) -> StopSwitch:
    if not why.strip():
        raise StopRefusedError("Say why: whoever finds AI stopped, or going again, will want to know.")
    last = latest(review_id)
    if stopped == bool(last and last.stopped):
        raise StopRefusedError("AI is stopped already." if stopped else "AI is not stopped here.")
    switch = StopSwitch.objects.create(review_id=review_id, by=by, why=why.strip(), stopped=stopped)
    kind = "ai.stopped" if stopped else "ai.stop_lifted"
    events.record(kind, subject=switch, by=by, review_id=review_id, everywhere=review_id is None, why=switch.why)
    return switch


def latest(review_id: int | None) -> StopSwitch | None:
    """The last turn of a review's switch, or (None) of the instance's."""
    return StopSwitch.objects.filter(review_id=review_id).select_related("by").order_by("-id").first()


def is_stopped(review_id: int | None) -> bool:
    """Whether AI is stopped for a review, by its own switch or by that of the instance. One query."""
    return bool(prepared.rows(ASKED, {"review": review_id})[0][0])


def standing(review_id: int | None) -> StopSwitch | None:
    """The switch that stops AI for a review, that of the instance first; None if none does."""
    found = [latest(None), latest(review_id)] if review_id is not None else [latest(None)]
    return next((switch for switch in found if switch is not None and switch.stopped), None)


def stopped(review_id: int | None) -> str:
    """Why AI is stopped for a review, as a sentence; empty if it is not."""
    switch = standing(review_id)
    if switch is None:
        return ""
    where = "everywhere on this server" if switch.review_id is None else "in this review"
    who = switch.by.get_full_name() or switch.by.get_username()
    may = "An administrator" if switch.review_id is None else "A lead"
    return f"AI is stopped {where}, by {who}: “{switch.why}”. {may} can let it go on."


def check(review_id: int | None) -> None:
    """Raise StoppedAIError if AI is stopped for a review, or everywhere."""
    if is_stopped(review_id):
        raise StoppedAIError(stopped(review_id) or "AI is stopped.")
