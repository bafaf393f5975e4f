"""What keeps runs going after a lost message, a killed worker or a broker that was away. Rung by the clock.

The database knows what is to be done; here it is compared with what is being done, and doorbells are rung again. Never
in floods: only while the broker's queue is nearly empty, so what waits there is not rung for again and again.
"""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from audit import actors, stops
from audit.calls import mark_cut_off
from reviewapp.queue import enqueue, pending
from screening.enums import Engine, FailureKind, ItemStatus, PauseReason, RunStatus
from screening.models.run import Run, RunItem
from screening.queries.amendments import rescreenings
from screening.queries.stages import applying
from screening.running import claims, ends, lifecycle
from screening.running.bells import bells

log = structlog.get_logger(__name__)

NEARLY_EMPTY = 20  # messages in a queue
RESCREEN, APPLY_RULE = "screening.rescreen", "screening.apply_rule"
MOST_ATTEMPTS = 15  # claims of one item; one that kills its worker each time must not do so for ever
PREPARING_TAKES = timedelta(seconds=25)
ONE_AT_A_TIME = f"SELECT pg_try_advisory_xact_lock({claims.LOCKS - 1})"
SWEEPER = actors.worker("sweeper")
_DUE = Q(status=ItemStatus.WAITING) & (Q(not_before=None) | Q(not_before__lte=Now()))


def sweep() -> dict[str, int]:
    """Mend what stands still; how much of each kind was found."""
    with actors.acting(SWEEPER):
        found = {"stopped": _stop_forbidden(), "resumed": _resume_due()}
        found |= {"returned": return_abandoned(), "rung": ring_again()}
        for run_id in _ended():
            lifecycle.finish_if_done(run_id=run_id)
    if any(found.values()):
        log.info("swept", **found)
    return found


@transaction.atomic
def return_abandoned(*, grace: timedelta = claims.GRACE) -> int:
    """Give items back whose worker died. Calls that were in flight are recorded as of unknown outcome first (AI-10)."""
    if not _alone():
        return 0
    gone = claims.abandoned(grace=grace)
    for item_id in gone:
        mark_cut_off(subject=RunItem(pk=item_id))
    ours = RunItem.objects.filter(pk__in=gone, status=ItemStatus.CLAIMED)
    for item in ours.filter(attempts__gte=MOST_ATTEMPTS).select_related("run"):
        _give_up(item)
    ours.update(status=ItemStatus.WAITING, not_before=None)
    _drop_cancelled()
    return len(gone)


def _give_up(item: RunItem) -> None:
    """What ends its worker each time fails, and the ledger says so as of any failure (AI-06)."""
    job = lifecycle.job_of(item.run)
    last = claims.Claim(item.pk, item.run_id, item.record_id, item.study_id, item.attempts, item.member_id, item.repeat)
    why = f"The worker stopped {item.attempts} times while it worked on this {job.noun}. {job.fallback}"
    ends.fail(job=job, claim=last, why=why, kind=FailureKind.FAULT)


def _drop_cancelled() -> None:
    """Nobody claims what waits in a run that was cancelled while a worker held it."""
    left = (ItemStatus.WAITING, ItemStatus.HELD)
    waiting = RunItem.objects.filter(status__in=left, run__status=RunStatus.CANCELLED)
    waiting.update(status=ItemStatus.CANCELLED, finished_at=timezone.now())


def _alone() -> bool:
    """Whether this is the only sweeper just now: another's reading of who is dead would soon be out of date."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
        return bool(cursor.fetchone()[0])


def ring_again() -> int:
    """Ring for what waits and is due, where no doorbell of it can be on its way; how many were rung."""
    rung = 0
    if pending("cpu") < NEARLY_EMPTY:
        late = Run.objects.filter(status=RunStatus.PREPARING, created_at__lt=timezone.now() - PREPARING_TAKES)
        idle = [run for run in _waiting(local=True) if not _is_worked_on(run)]
        standing = [(bells(run).prepare, run) for run in late] + [(bells(run).locally, run) for run in idle]
        for task, run in standing:
            enqueue(task, run_id=run.pk)
        in_pages = [(RESCREEN, "rescreening_id", pk) for pk in rescreenings.waiting_for_a_worker()]
        in_pages += [(APPLY_RULE, "rule_id", pk) for pk in applying.waiting_for_a_worker()]
        for name, argument, pk in in_pages:
            enqueue(name, **{argument: pk})
        rung += len(standing) + len(in_pages)
    going = list(_waiting(local=False).select_related("assistant"))
    if going and pending("llm") < settings.LLM_CALLS_IN_FLIGHT:
        rung += sum(lifecycle.ring(run=run) for run in going)
    return rung


def _waiting(*, local: bool) -> QuerySet[Run]:
    """Runs that are going and have items to claim."""
    due = RunItem.objects.filter(_DUE, run=OuterRef("pk"))
    its = Q(assistant__engine=Engine.LOCAL)
    return Run.objects.filter(Exists(due), its if local else ~its, status=RunStatus.RUNNING)


def _is_worked_on(run: Run) -> bool:
    return RunItem.objects.filter(run=run, status=ItemStatus.CLAIMED).exists()


def _stop_forbidden() -> int:
    """Pause what a review no longer allows, however that came about."""
    going = Run.objects.filter(status=RunStatus.RUNNING).select_related("review")
    not_sent = ~Q(assistant__engine=Engine.LOCAL) & Q(review__may_be_sent_to_ai=False)
    stopped = list(going.filter(Q(review__ai_enabled=False) | not_sent))
    for run in stopped:
        why = "the review does not allow it any more"
        lifecycle.halt(run_id=run.pk, by=SWEEPER, why=why, stopped_for=PauseReason.FORBIDDEN)
    return len(stopped) + _stop_switched_off()


def _stop_switched_off() -> int:
    """Pause what began to go while somebody turned the stop switch: nothing of it is claimed."""
    going = Run.objects.filter(status=RunStatus.RUNNING).values_list("review_id", "pk")
    why = {review_id: stops.stopped(review_id) for review_id in dict(going)}
    stopped = [(run_id, why[review_id]) for review_id, run_id in going if why[review_id]]
    for run_id, said in stopped:
        lifecycle.halt(run_id=run_id, by=SWEEPER, why=said, stopped_for=PauseReason.STOP)
    return len(stopped)


def _resume_due() -> int:
    """Let runs go on that waited for the day to turn. What may not for another reason waits for a person."""
    waited = Run.objects.filter(status=RunStatus.PAUSED, waits_until__lte=timezone.now())
    resumed = 0
    for run in waited.select_related("review", "assistant"):
        try:
            lifecycle.resume(run=run, by=SWEEPER)
            resumed += 1
        except lifecycle.RunRefusedError as error:
            log.info("not_resumed", run=run.pk, why=str(error))
            lifecycle.postpone(run=run, until=error.until)
    return resumed


def _ended() -> list[int]:
    return list(Run.objects.filter(status=RunStatus.RUNNING).values_list("id", flat=True))
