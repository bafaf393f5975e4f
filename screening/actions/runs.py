"""Runs of assistants over records: what may be started, over which records, and what follows when one ends.

Their life (pausing, trying again, …) is `screening.running.lifecycle`, whose verbs are offered here too.
"""

from django.contrib.auth.models import User
from django.db import transaction

from audit import actors, stops
from reviewapp.queue import enqueue
from screening.actions import calibrating, order, panels, repeats
from screening.enums import RunKind, RunPurpose, RunStatus, Stage
from screening.models.assistant import Assistant
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.queries.amendments.protocol import current_protocol
from screening.queries.assistants import work
from screening.queries.assistants.panels import callers
from screening.running import lifecycle
from screening.running.lifecycle import (
    OPEN,
    Purpose,
    RunRefusedError,
    cancel,
    finish_if_done,
    note,
    pause,
    resume,
    retry_failed,
    ring,
)
from screening.running.starting import check_models

__all__ = [
    "RunRefusedError", "allowed", "cancel", "estimate", "finish_if_done", "pause", "prepare", "register", "resume",
    "retry_failed", "ring", "start",
]  # fmt: skip
PAGE = 2_000
PREPARE = "screening.prepare_run"


def estimate(
    *, review: Review, stage: str, assistant: Assistant, only: str = "", repeat_share: int = 0
) -> work.Estimate:
    """What a run would take, before it is started (AI-10). Raises RunRefusedError where it could not be started."""
    protocol = allowed(review, stage, assistant)
    return work.estimate(review, stage, assistant, protocol, only, repeat_share)


@transaction.atomic
def start(*, review: Review, stage: str, assistant: Assistant, by: User, only: str = "", repeat_share: int = 0) -> Run:
    """Start a run over the records of a stage that this assistant has not looked at under the present protocol.

    `only` work.OLDER: just those whose latest suggestion, of any assistant, was made under an older one. `repeat_share`
    of 100 records, drawn at random, are asked about once more to measure instability (AI-12).
    Raises RunRefusedError with a sentence. A worker makes the items and rings for each.
    """
    locked = Review.objects.select_for_update().get(pk=review.pk)
    protocol = allowed(locked, stage, assistant)
    same = Run.objects.filter(review=review, stage=stage, assistant=assistant, kind=RunKind.WORK)
    if same.filter(status__in=OPEN).exists():
        raise RunRefusedError("This assistant has a run at this stage that is not finished. Resume or cancel that one.")
    share = repeat_share if callers(assistant) else 0
    expected = work.estimate(locked, stage, assistant, protocol, only, share)
    if not expected.records and only:
        raise RunRefusedError("There is nothing to do: every suggestion was made under the present protocol.")
    if not expected.records:
        raise RunRefusedError(_nothing(expected, stage, f"{assistant} under {protocol}"))
    run = Run.objects.create(
        review=review,
        stage=stage,
        assistant=assistant,
        protocol=protocol,
        repeat_share=share,
        estimate={**expected.as_dict(), "prompt_version": assistant.prompt_version, "only": only},
        created_by=by,
    )
    note("run.started", run, by, assistant=str(assistant), stage=stage, records=expected.records)
    enqueue(PREPARE, run_id=run.pk)
    return run


def _nothing(expected: work.Estimate, stage: str, whose: str) -> str:
    which = "with a text that it may read " if stage == Stage.FULL_TEXT else ""
    said = f"There is nothing to do: every record {which}at this stage has a suggestion of {whose}."
    return " ".join([said, *expected.left_out])


def allowed(review: Review, stage: str, assistant: Assistant) -> ProtocolVersion:
    """The protocol that a run would work under, if one may be started at all; else RunRefusedError."""
    if assistant.review_id != review.pk:
        raise RunRefusedError("That assistant belongs to another review.")
    if not review.ai_enabled:
        raise RunRefusedError("AI is off for this review. A lead can turn it on; nothing was started.")
    if why := stops.stopped(review.pk):
        raise RunRefusedError(why)
    protocol = current_protocol(review)
    if protocol is None or not work.criteria_of(protocol.pk):
        raise RunRefusedError("There are no criteria to judge by. Write the protocol first, then start the run.")
    for one in callers(assistant):
        check_models(review, one)
    return protocol


def prepare(*, run_id: int) -> None:
    """Make the items of a run, in pages, and ring for the work. Does nothing twice, however often it is called."""
    run = Run.objects.select_related("review", "assistant", "protocol").get(pk=run_id)
    if run.status != RunStatus.PREPARING:
        return
    only = run.estimate.get("only", "")
    records = []  # a trial, and what is run again, have their items from the beginning
    if run.kind == RunKind.WORK:
        records = work.wanted(run.review, run.stage, run.assistant, run.protocol, only).record_ids
    again = repeats.drawn(run, records)
    for start_at in range(0, len(records), PAGE):
        page = records[start_at : start_at + PAGE]
        RunItem.objects.bulk_create(panels.items(run, page, again), ignore_conflicts=True)
    lifecycle.prepared(run_id=run_id)


def register() -> None:
    """Say what runs of screening add to the life of a run; called once, when the app is ready."""
    lifecycle.register(RunPurpose.SCREENING, Purpose(check=_may_go_on, at_end=_at_end, job=panels.job_of))


def _may_go_on(run: Run) -> None:
    allowed(run.review, run.stage, run.assistant)


def _at_end(run: Run, by: actors.Actor) -> None:
    if run.kind != RunKind.WORK:  # what was said stands nowhere
        return
    if run.assistant.engine in calibrating.SCORED and run.review.ai_enabled:
        calibrating.ring(assistant=run.assistant, stage=run.stage)
    order.order_by_suggestions(review=run.review, stage=run.stage, by=by)
