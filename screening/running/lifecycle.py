"""A run's life: going, paused, cancelled, tried again, finished. What its items are about is said by its purpose.

The apps `register` for each purpose what must be true for a run to go on, and what is to be done at its end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from audit import actors, events
from reviewapp.queue import enqueue, ring_many
from screening.enums import ItemStatus, PauseReason, RunPurpose, RunStatus
from screening.models.run import Run, RunItem
from screening.running import held
from screening.running.bells import bells, is_local
from screening.running.job import Job

OPEN = (RunStatus.PREPARING, RunStatus.RUNNING, RunStatus.PAUSED)
AT_WORK = (ItemStatus.WAITING, ItemStatus.CLAIMED)
UNFINISHED = (*AT_WORK, ItemStatus.HELD)

# From which states each verb may go: the whole state machine of a run.
FROM = {
    RunStatus.RUNNING: (RunStatus.PAUSED,),
    RunStatus.PAUSED: (RunStatus.RUNNING,),
    RunStatus.CANCELLED: OPEN,
}


class RunRefusedError(ValueError):
    """The run can't be started or changed so; the message says why and what to do. `until`: it can from then on."""

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a kind of run adds: `check` raises RunRefusedError where it may not go on; `at_end` follows its finish;
    `job` gives what the items of a run share, by its id.
    """

    check: Callable[[Run], None]
    at_end: Callable[[Run, actors.Actor], None]
    job: Callable[[int], Job]


_purposes: dict[str, Purpose] = {}


def register(purpose: RunPurpose, added: Purpose) -> None:
    """Said once by the app whose runs these are, when it is ready."""
    _purposes[purpose] = added


def job_of(run: Run) -> Job:
    """What the items of this run share."""
    return _purposes[run.purpose].job(run.pk)


def worker_of(run: Run) -> actors.Actor:
    """In whose name a run's work is written down."""
    return actors.worker(f"assistant {run.assistant}")


def prepared(*, run_id: int) -> None:
    """Its items are made: let it go, and ring for the work. Does nothing to a run that is past that."""
    run = Run.objects.select_related("assistant").get(pk=run_id)
    with actors.acting(worker_of(run)), transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run_id)
        if locked.status != RunStatus.PREPARING:
            return
        locked.status = RunStatus.RUNNING
        locked.save(update_fields=["status"])
        ring(run=locked)
    finish_if_done(run_id=run_id)


def ring(*, run: Run) -> int:
    """Ring for the work on a run: so often that every worker has its hands full; the number of rings.

    Who answers goes on with the items that wait (`serving.answer_bell`), so there is no message for each of them.
    """
    if is_local(run):
        enqueue(bells(run).locally, run_id=run.pk)
        return 1
    waiting = RunItem.objects.filter(run=run, status=ItemStatus.WAITING)
    due = waiting.filter(Q(not_before=None) | Q(not_before__lte=Now())).order_by("id")
    rung = list(due.values_list("id", flat=True)[: 2 * settings.LLM_CALLS_IN_FLIGHT])
    ring_many(bells(run).item, argument="item_id", values=rung)
    return len(rung)


@transaction.atomic
def pause(
    *,
    run: Run,
    by: User | actors.Actor,
    why: str = "",
    stopped_for: PauseReason = PauseReason.PERSON,
    until: datetime | None = None,
) -> Run:
    """Claim no more items. Calls that are in flight are finished and kept. `until`: it goes on by itself then."""
    otherwise = "Only a run that is going can be paused."
    changed = _change(run, RunStatus.PAUSED, otherwise, stopped_for=stopped_for, until=until)
    note("run.paused", changed, by, why=why)
    return changed


def halt(*, run_id: int, by: actors.Actor, why: str, stopped_for: PauseReason, until: datetime | None = None) -> bool:
    """Pause a run if it is going, in the name of a worker; whether it was. Many workers may say so at once."""
    with actors.acting(by), transaction.atomic():
        going = Run.objects.select_for_update(of=("self",)).filter(pk=run_id, status=RunStatus.RUNNING).first()
        if going is not None:
            pause(run=going, by=by, why=why, stopped_for=stopped_for, until=until)
    return going is not None


@transaction.atomic
def postpone(*, run: Run, until: datetime | None) -> None:
    """Let a paused run go on by itself later; None: not without a person."""
    locked = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
    locked.waits_until = until
    locked.save(update_fields=["waits_until"])


@transaction.atomic
def resume(*, run: Run, by: User | actors.Actor) -> Run:
    """Go on where a paused run stood, if it still may."""
    _purposes[run.purpose].check(run)
    changed = _change(run, RunStatus.RUNNING, "Only a paused run can be resumed.")
    note("run.resumed", changed, by)
    ring(run=changed)
    transaction.on_commit(lambda: finish_if_done(run_id=run.pk))
    return changed


@transaction.atomic
def cancel(*, run: Run, by: User) -> Run:
    """End a run. What is done stays; what waits is cancelled; calls that are in flight are finished and kept."""
    changed = _change(run, RunStatus.CANCELLED, "This run has ended already.")
    dropped = RunItem.objects.filter(run=run, status__in=(ItemStatus.WAITING, ItemStatus.HELD)).update(
        status=ItemStatus.CANCELLED, finished_at=timezone.now()
    )
    note("run.cancelled", changed, by, dropped=dropped)
    return changed


@transaction.atomic
def retry_failed(*, run: Run, by: User) -> Run:
    """Let a run ask again about what failed. A reply that can be used is used again, not asked for again."""
    locked = Run.objects.select_for_update(of=("self",)).select_related("review", "assistant").get(pk=run.pk)
    if locked.status == RunStatus.CANCELLED:
        raise RunRefusedError("This run was cancelled. Start a new one: it looks at what has no suggestion yet.")
    _purposes[locked.purpose].check(locked)
    failed = RunItem.objects.filter(run=locked, status=ItemStatus.FAILED)
    about = failed.order_by().values("record_id", "study_id").distinct().count()  # a panel's fails with its member's
    failed.filter(repeat=0).update(line=0, passed_over=[])  # a repeat is asked of whoever gave the first answer
    again = {"attempts": 0, "line_failures": 0, "not_before": None, "error": "", "finished_at": None}
    again["failure"] = ""
    if not failed.update(status=ItemStatus.WAITING, **again):
        raise RunRefusedError("Nothing of this run has failed.")
    held.hold_again(locked)
    locked.status, locked.finished_at, locked.stopped_for, locked.waits_until = RunStatus.RUNNING, None, "", None
    locked.save(update_fields=["status", "finished_at", "stopped_for", "waits_until"])
    note("run.retried", locked, by, records=about)
    ring(run=locked)
    return locked


def finish_if_done(*, run_id: int) -> bool:
    """End a run of which nothing waits and nothing is being worked on; whether this call ended it. Cheap when not.

    Repeats begin when everything else has ended.
    """
    if RunItem.objects.filter(run_id=run_id, status__in=AT_WORK).exists():
        return False
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).select_related("review", "assistant").get(pk=run_id)
        if run.status != RunStatus.RUNNING or RunItem.objects.filter(run=run, status__in=AT_WORK).exists():
            return False
        if held.release_repeats(run_id):
            ring(run=run)
        if RunItem.objects.filter(run=run, status__in=UNFINISHED).exists():
            return False
        by = worker_of(run)
        with actors.acting(by):
            run.status, run.finished_at = RunStatus.FINISHED, timezone.now()
            run.save(update_fields=["status", "finished_at"])
        counts = dict(RunItem.objects.filter(run=run).values_list("status").annotate(n=Count("id")))
        done, failed = counts.get(ItemStatus.DONE, 0), counts.get(ItemStatus.FAILED, 0)
        note("run.finished", run, by, done=done, failed=failed)
        _purposes[run.purpose].at_end(run, by)
    return True


def note(event_type: str, run: Run, by: User | actors.Actor, **data: Any) -> None:
    """An event of a run, in the ledger of its review."""
    events.record(event_type, subject=run, by=by, review_id=run.review_id, run=run.pk, purpose=run.purpose, **data)


def _change(run: Run, to: RunStatus, otherwise: str, **paused: Any) -> Run:
    locked = Run.objects.select_for_update(of=("self",)).select_related("review", "assistant").get(pk=run.pk)
    if locked.status not in FROM[to]:
        raise RunRefusedError(f"{otherwise} This one is {locked.get_status_display().lower()}.")
    locked.status, locked.stopped_for, locked.waits_until = to, paused.get("stopped_for", ""), paused.get("until")
    if to == RunStatus.CANCELLED:
        locked.finished_at = timezone.now()
    locked.save(update_fields=["status", "stopped_for", "waits_until", "finished_at"])
    return locked
