"""How the work on an item ends: a stored suggestion, a failure that a person can read, or another try later."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import uniform
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit import actors, events
from reviewapp.queue import ring_later
from screening.actions import runs, stages
from screening.actions.claims import Claim
from screening.enums import ItemStatus, Oversight, RunStatus
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.suggestion import Judgement, Suggestion
from screening.prompts.screening import CriterionText

IN_A_ROW = 20  # failures of one run in one process, after which it stops and asks people to look
SHORT = 120.0  # seconds that a worker may hold a message for; longer waits are the sweeper's

# The rule of the stage is read in the same statement: a suggestion that counts as the second opinion settles at once.
DONE = """
UPDATE screening_runitem i SET status = 'done', finished_at = clock_timestamp(), error = ''
  FROM screening_run r
 WHERE i.id = %(item)s AND i.status = 'claimed' AND i.attempts = %(attempts)s AND r.id = i.run_id
RETURNING (SELECT oversight FROM screening_stagerule s WHERE s.review_id = r.review_id AND s.stage = r.stage)
"""
_failures: Counter[int] = Counter()


@dataclass(frozen=True, slots=True)
class Job:
    """What all items of a run share. Nothing in it ever changes, so a process reads it once."""

    run_id: int
    review: Review
    stage: str
    assistant: Assistant
    protocol_id: int
    question: str
    criteria: tuple[tuple[int, CriterionText], ...]

    @property
    def worker(self) -> actors.Actor:
        return actors.worker(f"assistant {self.assistant}")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is to be stored: the fields of a Suggestion, and (criterion's id, judgement, rationale, quotes) for each."""

    proposed_verdict: str
    why: str
    band: str
    band_method: str
    score: float
    judged: Sequence[tuple[int, str, str, list[dict[str, Any]]]]
    rationale: str = ""
    flags: list[str] = field(default_factory=list)
    explanation: dict[str, Any] = field(default_factory=dict)
    answered_by: str = ""
    call_id: int | None = None


@transaction.atomic
def store(*, job: Job, claim: Claim, opinion: Opinion) -> Suggestion | None:
    """Suggestion, judgements, event and the item's end in one transaction; None if the claim is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(DONE, {"item": claim.item_id, "attempts": claim.attempts})
        row = cursor.fetchone()
    if row is None:
        return None
    suggestion = Suggestion.objects.create(
        review_id=job.review.pk,
        record_id=claim.record_id,
        stage=job.stage,
        item_id=claim.item_id,
        assistant_id=job.assistant.pk,
        protocol_id=job.protocol_id,
        proposed_verdict=opinion.proposed_verdict,
        why=opinion.why,
        rationale=opinion.rationale,
        band=opinion.band,
        band_method=opinion.band_method,
        score=opinion.score,
        flags=opinion.flags,
        explanation=opinion.explanation,
        answered_by=opinion.answered_by[:200],
        call_id=opinion.call_id,
    )
    Judgement.objects.bulk_create(
        Judgement(suggestion=suggestion, criterion_id=pk, judgement=judgement, rationale=rationale, quotes=quotes)
        for pk, judgement, rationale, quotes in opinion.judged
    )
    _record("record.suggested", suggestion, job, claim, model=suggestion.answered_by)
    if row[0] == Oversight.SECOND_REVIEWER:
        stages.refresh(review=job.review, record_ids=[claim.record_id], stage=job.stage)
    _failures.pop(job.run_id, None)
    return suggestion


@transaction.atomic
def fail(*, job: Job, claim: Claim, why: str) -> None:
    """End the item as failed: people judge this record without a suggestion, and it stays in every count (AI-06)."""
    if not _end(claim, ItemStatus.FAILED, error=why):
        return
    _record("record.not_suggested", Run(pk=claim.run_id), job, claim, why=why)
    _failures[job.run_id] += 1
    if _failures[job.run_id] >= IN_A_ROW:
        _failures.pop(job.run_id)
        _pause(job, f"{IN_A_ROW} records in a row failed, the last because: {why}")


def drop(*, claim: Claim, why: str) -> None:
    """End the item of a record that is not there to be judged any more."""
    _end(claim, ItemStatus.CANCELLED, error=why)


@transaction.atomic
def put_back(*, claim: Claim, seconds: float = 0.0, counted: bool = True) -> None:
    """Let the item be claimed again after about `seconds`. `counted`: the try was one, and counts towards the limit."""
    later = seconds * uniform(1.0, 1.3)  # noqa: S311  (spreads the second tries; nothing secret)
    back = RunItem.objects.filter(pk=claim.item_id, status=ItemStatus.CLAIMED, attempts=claim.attempts)
    back.update(
        status=ItemStatus.WAITING,
        attempts=claim.attempts if counted else claim.attempts - 1,
        not_before=timezone.now() + timedelta(seconds=later) if seconds else None,
    )
    if 0 < seconds <= SHORT:
        ring_later(runs.SCREEN_ITEM, seconds=later + 0.2, item_id=claim.item_id)


def _end(claim: Claim, status: str, *, error: str) -> int:
    ours = RunItem.objects.filter(pk=claim.item_id, status=ItemStatus.CLAIMED, attempts=claim.attempts)
    return ours.update(status=status, error=error, finished_at=timezone.now())


def _pause(job: Job, why: str) -> None:
    run = Run.objects.get(pk=job.run_id)
    if run.status == RunStatus.RUNNING:
        runs.pause(run=run, by=job.worker, why=why)


def _record(event_type: str, subject: Suggestion | Run, job: Job, claim: Claim, **data: Any) -> None:
    """No verdict in it: whoever may read the ledger of a record has perhaps not voted on it yet (AI-02)."""
    events.record(
        event_type,
        subject=subject,
        by=job.worker,
        review_id=job.review.pk,
        record_id=claim.record_id,
        run=claim.run_id,
        assistant=str(job.assistant),
        **data,
    )
