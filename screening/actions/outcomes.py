"""How the work on a record ends well: with a stored suggestion. Other ends are those of `screening.running.ends`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, ClassVar

from django.db import transaction

from audit import actors, events
from audit.models.event import Event
from reviewapp import copying, prepared
from screening.actions import stages
from screening.enums import Oversight, SuggestionRole
from screening.models.assistant import Assistant
from screening.models.prompt import PromptVersion
from screening.models.review import Review
from screening.models.run import Run
from screening.models.suggestion import Suggestion
from screening.prompts.screening import CriterionText
from screening.queries.assistants.work import criteria_of
from screening.running.claims import Claim
from screening.running.ends import went_well

# The item's end, the suggestion, its judgements and the line of the ledger: all of them, or nothing where the claim is
# no longer ours. Nothing either, unless `settles`, at a stage whose rule lets a suggestion count as the second opinion:
# there a place follows, and all of it must be one transaction.
STORED = f"""
WITH done AS (
    UPDATE screening_runitem i SET status = 'done', finished_at = clock_timestamp(), error = ''
      FROM screening_run r
     WHERE i.id = %(item)s::bigint AND i.status = 'claimed' AND i.attempts = %(attempts)s::int AND r.id = i.run_id
       AND (%(settles)s::bool OR NOT EXISTS (
            SELECT FROM screening_stagerule s
             WHERE s.review_id = r.review_id AND s.stage = r.stage AND s.oversight = '{Oversight.SECOND_REVIEWER}'))
    RETURNING i.id
), said AS (
    INSERT INTO screening_suggestion (
        review_id, record_id, stage, item_id, assistant_id, protocol_id, role, beside_id, proposed_verdict, why,
        rationale, band, band_method, score, flags, explanation, answered_by, call_id, replayed, fallback, created_at)
    SELECT %(review)s::bigint, %(record)s::bigint, %(stage)s::text, done.id, %(assistant)s::bigint,
           %(protocol)s::bigint, %(role)s::text, %(beside_id)s::bigint, %(proposed_verdict)s::text, %(why)s::text,
           %(rationale)s::text, %(band)s::text, %(band_method)s::text, %(score)s::float, %(flags)s::jsonb,
           %(explanation)s::jsonb, %(answered_by)s::text, %(call_id)s::bigint, %(replayed)s::bool, %(fallback)s::bool,
           %(event_at)s::timestamptz
      FROM done
    RETURNING id
), judged AS (
    INSERT INTO screening_judgement (suggestion_id, criterion_id, judgement, rationale, quotes)
    SELECT said.id, (j.one ->> 0)::bigint, j.one ->> 1, j.one ->> 2, j.one -> 3
      FROM said, jsonb_array_elements(%(judged)s::jsonb) AS j (one)
), told AS (
    {events.WRITTEN.format(subject="said.id")} FROM said
)
SELECT id FROM said
"""  # noqa: S608  (constants of these modules)


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
        _line("record.not_suggested", Run(pk=claim.run_id), self, claim, why=why).save(force_insert=True)


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


def store(*, job: Job, claim: Claim, opinion: Opinion) -> int | None:
    """Suggestion, judgements, event and the item's end at once; the suggestion's id, None if the claim is not ours now.

    Where the rule lets it count as the second opinion, it settles its record in the same transaction.
    """
    opinion = placed(job, opinion)
    values = _values(job, claim, opinion)
    stands = opinion.role == SuggestionRole.STANDS
    stored = prepared.rows(STORED, values | {"settles": not stands})
    if not stored and stands:
        with transaction.atomic():
            stored = prepared.rows(STORED, values | {"settles": True})
            if stored:
                stages.refresh(review=job.review, record_ids=[claim.record], stage=job.stage)
    if not stored:
        return None
    went_well(job)
    return int(stored[0][0])


def _values(job: Job, claim: Claim, opinion: Opinion) -> dict[str, Any]:
    said = {one.name: getattr(opinion, one.name) for one in fields(opinion)}
    answered_by = opinion.answered_by[:200]
    line = _line("record.suggested", Suggestion(), job, claim, model=answered_by, **beside_of(opinion))
    return said | {
        "item": claim.item_id,
        "attempts": claim.attempts,
        "review": job.review.pk,
        "record": claim.record,
        "stage": job.stage,
        "assistant": job.assistant.pk,
        "protocol": job.protocol_id,
        "role": str(opinion.role),
        "flags": copying.document(opinion.flags),
        "explanation": copying.document(opinion.explanation),
        "answered_by": answered_by,
        "judged": copying.document(opinion.judged),
        **events.values_of(line),
    }


def _line(event_type: str, subject: Suggestion | Run, job: Job, claim: Claim, **data: Any) -> Event:
    """No verdict in it: whoever may read the ledger of a record has perhaps not voted on it yet (AI-02)."""
    return events.line(
        event_type,
        subject=subject,
        by=job.worker,
        review_id=job.review.pk,
        record_id=claim.record_id,
        run=claim.run_id,
        stage=job.stage,
        assistant=str(job.assistant),
        **data,
    )
