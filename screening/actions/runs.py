"""Starting, pausing, resuming, cancelling and finishing runs. The rows are the queue; a broker is only rung (law 3)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from audit import actors, events
from reviewapp.ai.errors import AIError
from reviewapp.queue import enqueue, ring_many
from screening.actions import order
from screening.enums import Engine, ItemStatus, RunStatus, Stage
from screening.models.assistant import Assistant
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.queries import work
from screening.queries.endpoints import line_to
from screening.queries.protocol import current_protocol

PAGE = 2_000
SCREEN_ITEM, SCREEN_LOCALLY, PREPARE = "screening.screen_item", "screening.screen_locally", "screening.prepare_run"
OPEN = (RunStatus.PREPARING, RunStatus.RUNNING, RunStatus.PAUSED)
UNFINISHED = (ItemStatus.WAITING, ItemStatus.CLAIMED)

# From which states each verb may go: the whole state machine of a run.
FROM = {
    RunStatus.RUNNING: (RunStatus.PAUSED,),
    RunStatus.PAUSED: (RunStatus.RUNNING,),
    RunStatus.CANCELLED: OPEN,
}


class RunRefusedError(ValueError):
    """The run can't be started or changed so; the message says why and what to do."""


def estimate(*, review: Review, stage: str, assistant: Assistant) -> work.Estimate:
    """What a run would take, before it is started (AI-10). Raises RunRefusedError where it could not be started."""
    protocol = _check(review, stage, assistant)
    return work.estimate(review, stage, assistant, protocol)


@transaction.atomic
def start(*, review: Review, stage: str, assistant: Assistant, by: User) -> Run:
    """Start a run over the records of a stage that this assistant has not looked at under the present protocol.

    Raises RunRefusedError with a sentence. A worker makes the items and rings for each.
    """
    locked = Review.objects.select_for_update().get(pk=review.pk)
    protocol = _check(locked, stage, assistant)
    if Run.objects.filter(review=review, stage=stage, assistant=assistant, status__in=OPEN).exists():
        raise RunRefusedError("This assistant has a run at this stage that is not finished. Resume or cancel that one.")
    expected = work.estimate(locked, stage, assistant, protocol)
    if not expected.records:
        raise RunRefusedError(
            f"There is nothing to do: every record at this stage has a suggestion of {assistant} under {protocol}."
        )
    run = Run.objects.create(
        review=review, stage=stage, assistant=assistant, protocol=protocol, estimate=expected.as_dict(), created_by=by
    )
    _record("run.started", run, by, assistant=str(assistant), stage=stage, records=expected.records)
    enqueue(PREPARE, run_id=run.pk)
    return run


def _check(review: Review, stage: str, assistant: Assistant) -> ProtocolVersion:
    """The protocol that a run would work under, if one may be started at all."""
    if assistant.review_id != review.pk:
        raise RunRefusedError("That assistant belongs to another review.")
    if not review.ai_enabled:
        raise RunRefusedError("AI is off for this review. A lead can turn it on; nothing was started.")
    if stage != Stage.TITLE_ABSTRACT:
        raise RunRefusedError("Assistants read titles and abstracts. At full text they would need the documents.")
    protocol = current_protocol(review)
    if protocol is None or not work.criteria_of(protocol.pk):
        raise RunRefusedError("There are no criteria to judge by. Write the protocol first, then start the run.")
    if assistant.engine == Engine.LLM:
        _check_llm(review, assistant)
    return protocol


def _check_llm(review: Review, assistant: Assistant) -> None:
    if not review.may_be_sent_to_ai:
        raise RunRefusedError(
            "Titles and abstracts of this review may not be sent to a model's provider. A lead can allow it, or use "
            "the offline engine, which sends nothing."
        )
    try:
        line_to(assistant)
    except AIError as error:
        raise RunRefusedError(str(error)) from error


def prepare(*, run_id: int) -> None:
    """Make the items of a run, in pages, and ring for the work. Does nothing twice, however often it is called."""
    run = Run.objects.select_related("review", "assistant", "protocol").get(pk=run_id)
    if run.status != RunStatus.PREPARING:
        return
    wanted = work.scope(run.review, run.stage, run.assistant, run.protocol).values_list("record_id", flat=True)
    records = list(wanted)
    for start_at in range(0, len(records), PAGE):
        page = records[start_at : start_at + PAGE]
        RunItem.objects.bulk_create([RunItem(run=run, record_id=pk) for pk in page], ignore_conflicts=True)
    with actors.acting(_worker(run)), transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run_id)
        if locked.status != RunStatus.PREPARING:
            return
        locked.status = RunStatus.RUNNING
        locked.save(update_fields=["status"])
        ring(run=locked)
    finish_if_done(run_id=run_id)


def ring(*, run: Run) -> int:
    """Ring for the work on a run: so often that every worker has its hands full; the number of rings.

    Who answers goes on with the items that wait (`suggestions.answer_bell`), so there is no message for each of them.
    """
    if run.assistant.engine == Engine.LOCAL:
        enqueue(SCREEN_LOCALLY, run_id=run.pk)
        return 1
    waiting = RunItem.objects.filter(run=run, status=ItemStatus.WAITING)
    due = waiting.filter(Q(not_before=None) | Q(not_before__lte=Now())).order_by("id")
    rung = list(due.values_list("id", flat=True)[: 2 * settings.LLM_CALLS_IN_FLIGHT])
    ring_many(SCREEN_ITEM, argument="item_id", values=rung)
    return len(rung)


@transaction.atomic
def pause(*, run: Run, by: User | actors.Actor, why: str = "") -> Run:
    """Claim no more items. Calls that are in flight are finished and kept."""
    changed = _change(run, RunStatus.PAUSED, "Only a run that is going can be paused.")
    _record("run.paused", changed, by, why=why)
    return changed


@transaction.atomic
def resume(*, run: Run, by: User) -> Run:
    """Go on where a paused run stood, if it still may."""
    _check(run.review, run.stage, run.assistant)
    changed = _change(run, RunStatus.RUNNING, "Only a paused run can be resumed.")
    _record("run.resumed", changed, by)
    ring(run=changed)
    transaction.on_commit(lambda: finish_if_done(run_id=run.pk))
    return changed


@transaction.atomic
def cancel(*, run: Run, by: User) -> Run:
    """End a run. What is done stays; what waits is cancelled; calls that are in flight are finished and kept."""
    changed = _change(run, RunStatus.CANCELLED, "This run has ended already.")
    dropped = RunItem.objects.filter(run=run, status=ItemStatus.WAITING).update(
        status=ItemStatus.CANCELLED, finished_at=timezone.now()
    )
    _record("run.cancelled", changed, by, dropped=dropped)
    return changed


@transaction.atomic
def retry_failed(*, run: Run, by: User) -> Run:
    """Let a run ask again about what failed. A reply that has come is used again, not asked for again."""
    locked = Run.objects.select_for_update(of=("self",)).select_related("review", "assistant").get(pk=run.pk)
    if locked.status == RunStatus.CANCELLED:
        raise RunRefusedError("This run was cancelled. Start a new one: it looks at what has no suggestion yet.")
    _check(locked.review, locked.stage, locked.assistant)
    failed = RunItem.objects.filter(run=locked, status=ItemStatus.FAILED)
    again = failed.update(status=ItemStatus.WAITING, attempts=0, not_before=None, error="", finished_at=None)
    if not again:
        raise RunRefusedError("Nothing of this run has failed.")
    locked.status, locked.finished_at = RunStatus.RUNNING, None
    locked.save(update_fields=["status", "finished_at"])
    _record("run.retried", locked, by, records=again)
    ring(run=locked)
    return locked


def finish_if_done(*, run_id: int) -> bool:
    """End a run of which nothing waits and nothing is being worked on; whether this call ended it. Cheap when not."""
    if RunItem.objects.filter(run_id=run_id, status__in=UNFINISHED).exists():
        return False
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).select_related("review", "assistant").get(pk=run_id)
        if run.status != RunStatus.RUNNING or RunItem.objects.filter(run=run, status__in=UNFINISHED).exists():
            return False
        by = _worker(run)
        with actors.acting(by):
            run.status, run.finished_at = RunStatus.FINISHED, timezone.now()
            run.save(update_fields=["status", "finished_at"])
        counts = dict(RunItem.objects.filter(run=run).values_list("status").annotate(n=Count("id")))
        done, failed = counts.get(ItemStatus.DONE, 0), counts.get(ItemStatus.FAILED, 0)
        _record("run.finished", run, by, done=done, failed=failed)
        order.order_by_suggestions(review=run.review, stage=run.stage, by=by)
    return True


def _change(run: Run, to: RunStatus, otherwise: str) -> Run:
    locked = Run.objects.select_for_update(of=("self",)).select_related("review", "assistant").get(pk=run.pk)
    if locked.status not in FROM[to]:
        raise RunRefusedError(f"{otherwise} This one is {locked.get_status_display().lower()}.")
    locked.status = to
    if to == RunStatus.CANCELLED:
        locked.finished_at = timezone.now()
    locked.save(update_fields=["status", "finished_at"])
    return locked


def _record(event_type: str, run: Run, by: User | actors.Actor, **data: Any) -> None:
    events.record(event_type, subject=run, by=by, review_id=run.review_id, run=run.pk, **data)


def _worker(run: Run) -> actors.Actor:
    return actors.worker(f"assistant {run.assistant}")
