"""How the work on an item ends, besides well: a failure that a person can read, or another try later."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import uniform
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from audit import actors
from audit.budgets import BudgetSpentError
from audit.calls import mark_cut_off
from audit.stops import StoppedAIError
from reviewapp.ai.errors import AIError, RateLimited, ReplyError
from reviewapp.queue import ring_later
from screening.enums import FailureKind, ItemStatus, PauseReason, RunStatus
from screening.models.run import Run, RunItem
from screening.running import lifecycle, lines
from screening.running.bells import bells
from screening.running.claims import Claim
from screening.running.failures import kind_of
from screening.running.job import Job
from screening.running.replies import said_of
from screening.running.turns import StoppedError

log = structlog.get_logger(__name__)

TRIES, TRIES_WHEN_LIMITED = 6, 12
LONGEST_BACK_OFF = 300.0  # seconds
IN_A_ROW = 20  # failures of one run in one process, after which it stops and asks people to look
SHORT = 120.0  # seconds that a worker may hold a message for; longer waits are the sweeper's
_failures: Counter[int] = Counter()


def guarded(*, job: Job, claim: Claim, work: Callable[[], None]) -> None:
    """Do the work on an item; whatever stops it, the item ends failed with a sentence or waits for another try."""
    try:
        with actors.acting(job.worker):
            work()
    except (StoppedError, StoppedAIError):
        put_back(claim=claim, counted=False)
    except BudgetSpentError as error:  # no call was made: nothing failed, and the rest of the run can't be asked either
        put_back(claim=claim, counted=False)
        reason = PauseReason.BUDGET
        lifecycle.halt(run_id=job.run_id, by=job.worker, why=str(error), stopped_for=reason, until=error.resumes_at)
    except ReplyError as error:
        why = f"{said_of(error)}, and so when it was asked once more. {job.fallback}"
        fail(job=job, claim=claim, why=why, kind=kind_of(error))
    except AIError as error:
        after(error, job=job, claim=claim)
    except Exception as error:  # a fault of ours must not leave the item claimed for ever, nor try it for ever
        log.exception("item_broke", item=claim.item_id, run=claim.run_id)
        mark_cut_off(subject=RunItem(pk=claim.item_id))  # should the fault have come between a call and its outcome
        fault = AIError(f"The program stumbled over this {job.noun} ({type(error).__name__}).", permanent=False)
        after(fault, job=job, claim=claim)


def after(error: AIError, *, job: Job, claim: Claim) -> None:
    """A permanent error ends the item; a passing one lets it wait, longer each time (AI-10).

    Where there is a fallback, and the error is one that another model may not have, the item goes to it instead.
    """
    limited, tries = isinstance(error, RateLimited), claim.line_failures + 1
    if lines.moves_on(error, assistant=job.assistant, claim=claim):
        put_back(claim=claim, **lines.moved(error, assistant=job.assistant, claim=claim))
    elif error.permanent:
        fail(job=job, claim=claim, why=str(error), kind=kind_of(error))
    elif tries >= (TRIES_WHEN_LIMITED if limited else TRIES):
        fail(job=job, claim=claim, why=f"{error} It was tried {tries} times. {job.fallback}", kind=kind_of(error))
    else:
        back_off = min(LONGEST_BACK_OFF, 2.0 ** min(tries, 10))
        seconds = max(error.retry_after or 0.0, 0.0 if limited else back_off) or back_off
        put_back(claim=claim, seconds=seconds, line_failures=tries)


def fail(*, job: Job, claim: Claim, why: str, kind: FailureKind = FailureKind.FAULT) -> None:
    """End the item as failed: people work without the assistant, and it stays in every count (AI-06).

    `why` is for people, `kind` for programs: a fault of ours unless it is said.
    """
    why = lines.accounted(job.assistant, claim, why)
    with transaction.atomic():
        if not _end(claim, ItemStatus.FAILED, error=why, failure=kind):
            return
        job.failed(claim, why)
    _failures[job.run_id] += 1  # outside, as the pause is: nobody waits for the run's row while holding an item
    if _failures[job.run_id] >= IN_A_ROW:
        _failures.pop(job.run_id, None)
        said = f"{IN_A_ROW} in a row failed, the last because: {why}"
        lifecycle.halt(run_id=job.run_id, by=job.worker, why=said, stopped_for=PauseReason.FAILURES)


def went_well(job: Job) -> None:
    """An item ended done: failures are counted in a row, and this one ends the row."""
    _failures.pop(job.run_id, None)


def drop(*, claim: Claim, why: str) -> None:
    """End the item of what is not there to be worked on any more."""
    _end(claim, ItemStatus.CANCELLED, error=why)


@transaction.atomic
def put_back(*, claim: Claim, seconds: float = 0.0, counted: bool = True, **also: Any) -> None:
    """Let the item be claimed again after about `seconds`. `counted`: the try was one. `also`: other fields of it.

    In a run that was cancelled meanwhile it ends instead: nobody would claim it.
    """
    run = Run.objects.select_for_update(no_key=True).get(pk=claim.run_id)  # a cancelling elsewhere is before or after
    if run.status == RunStatus.CANCELLED:
        _end(claim, ItemStatus.CANCELLED, error="")
        return
    later = seconds * uniform(1.0, 1.3)  # noqa: S311  (spreads the second tries; nothing secret)
    back = RunItem.objects.filter(pk=claim.item_id, status=ItemStatus.CLAIMED, attempts=claim.attempts)
    back.update(
        status=ItemStatus.WAITING,
        attempts=claim.attempts if counted else claim.attempts - 1,
        not_before=timezone.now() + timedelta(seconds=later) if seconds else None,
        **also,
    )
    if 0 < seconds <= SHORT:
        ring_later(bells(run).item, seconds=later + 0.2, item_id=claim.item_id)


def done(*, claim: Claim) -> bool:
    """End the item as done; False if the claim is no longer ours. Call it in the transaction that stores the result."""
    return bool(_end(claim, ItemStatus.DONE, error=""))


def _end(claim: Claim, status: str, *, error: str, failure: str = "") -> int:
    ours = RunItem.objects.filter(pk=claim.item_id, status=ItemStatus.CLAIMED, attempts=claim.attempts)
    return ours.update(status=status, error=error, failure=failure, finished_at=timezone.now())
