"""How the work on a record ends well: with a stored suggestion. Other ends are those of `screening.running.ends`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, ClassVar

from django.db import connection, transaction

from audit import actors, events
from screening.actions import stages
from screening.enums import Oversight, SuggestionRole
from screening.models.assistant import Assistant
from screening.models.prompt import PromptVersion
from screening.models.review import Review
from screening.models.run import Run
from screening.models.suggestion import Judgement, Suggestion
from screening.prompts.screening import CriterionText
from screening.queries.assistants.work import criteria_of
from screening.running.claims import Claim
from screening.running.ends import went_well

# The rule of the stage is read in the same statement: a suggestion that counts as the second opinion settles at once.
DONE = """
UPDATE screening_runitem i SET status = 'done', finished_at = clock_timestamp(), error = ''
  FROM screening_run r
 WHERE i.id = %(item)s AND i.status = 'claimed' AND i.attempts = %(attempts)s AND r.id = i.run_id
RETURNING (SELECT oversight FROM screening_stagerule s WHERE s.review_id = r.review_id AND s.stage = r.stage)
"""


@dataclass(frozen=True, slots=True)
class Job:
    """What all items of a run share. Nothing in it ever changes, so a process reads it once.

    `tried` is the prompt that a trial is of; else the assistant's own is in force. `again_of` is the id of the
    suggestion that a person had run again.
    """

    run_id: int
    review: Review
    stage: str
    assistant: Assistant
    protocol_id: int
    question: str
    criteria: tuple[tuple[int, CriterionText], ...]
    tried: PromptVersion | None = field(default=None, kw_only=True)
    again_of: int | None = field(default=None, kw_only=True)

    noun: ClassVar[str] = "record"
    fallback: ClassVar[str] = "People judge this record."

    @property
    def worker(self) -> actors.Actor:
        """The assistant, as the ledger names it."""
        return actors.worker(f"assistant {self.assistant}")

    @property
    def questions(self) -> list[str]:
        """What is looked for in a full text that is too long to be read as a whole."""
        return [self.question, *(f"{text.label}. {text.text}" for _, text in self.criteria)]

    def failed(self, claim: Claim, why: str) -> None:
        """Record that there is no suggestion for this record, or no second answer to measure the first by."""
        why = f"asked once more to see whether it says the same: {why}" if claim.repeat else why
        why = f"run again by a person: {why}" if self.again_of else why
        _record("record.not_suggested", Run(pk=claim.run_id), self, claim, why=why)


@lru_cache(maxsize=64)
def job_of(run_id: int) -> Job:
    """What all items of a run share; immutable rows, read once per process."""
    run = Run.objects.select_related("review", "assistant", "protocol", "prompt__prompt").get(pk=run_id)
    return Job(
        run_id=run_id,
        review=run.review,
        stage=run.stage,
        assistant=run.assistant,
        protocol_id=run.protocol_id,
        question=run.protocol.question,
        criteria=criteria_of(run.protocol_id),
        tried=run.prompt,
        again_of=run.again_of_id,
    )


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
    role: str = SuggestionRole.STANDS
    beside_id: int | None = None
    replayed: bool = False
    fallback: bool = False


def placed(job: Job, opinion: Opinion) -> Opinion:
    """The opinion in its role: what was run again stands beside what it repeats, and nowhere else."""
    if job.again_of is None or opinion.role != SuggestionRole.STANDS:
        return opinion
    return replace(opinion, role=SuggestionRole.AGAIN, beside_id=job.again_of)


def beside_of(opinion: Opinion) -> dict[str, str]:
    """What the event says of an opinion that does not stand."""
    return {"role": str(opinion.role)} if opinion.role != SuggestionRole.STANDS else {}


@transaction.atomic
def store(*, job: Job, claim: Claim, opinion: Opinion) -> Suggestion | None:
    """Suggestion, judgements, event and the item's end in one transaction; None if the claim is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(DONE, {"item": claim.item_id, "attempts": claim.attempts})
        row = cursor.fetchone()
    if row is None:
        return None
    opinion = placed(job, opinion)
    suggestion = Suggestion.objects.create(
        review_id=job.review.pk,
        record_id=claim.record,
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
        role=opinion.role,
        beside_id=opinion.beside_id,
        replayed=opinion.replayed,
        fallback=opinion.fallback,
    )
    Judgement.objects.bulk_create(
        Judgement(suggestion=suggestion, criterion_id=pk, judgement=judgement, rationale=rationale, quotes=quotes)
        for pk, judgement, rationale, quotes in opinion.judged
    )
    _record("record.suggested", suggestion, job, claim, model=suggestion.answered_by, **beside_of(opinion))
    if row[0] == Oversight.SECOND_REVIEWER and opinion.role == SuggestionRole.STANDS:
        stages.refresh(review=job.review, record_ids=[claim.record], stage=job.stage)
    went_well(job)
    return suggestion


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
