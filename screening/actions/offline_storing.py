"""How many suggestions of the offline engine are stored at once: the same rows as `outcomes.store` writes, by COPY.

All of a batch in one transaction: suggestions, judgements, events and the items' ends. An item whose claim was lost
meanwhile is left out. No verdict is in an event (AI-02).
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from audit import events
from reviewapp import copying, prepared
from screening.actions import stages
from screening.actions.outcomes import Job, Opinion, beside_of, placed
from screening.enums import Oversight, SuggestionRole
from screening.models.stage import StageRule
from screening.models.suggestion import Judgement, Suggestion
from screening.running.claims import Claim
from screening.running.ends import went_well

DONE = """
UPDATE screening_runitem i SET status = 'done', finished_at = clock_timestamp(), error = ''
  FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS ours (id, attempts)
 WHERE i.id = ours.id AND i.status = 'claimed' AND i.attempts = ours.attempts
RETURNING i.id
"""
SUGGESTED = (
    "id", "review_id", "record_id", "stage", "item_id", "assistant_id", "protocol_id", "role", "beside_id",
    "proposed_verdict", "why", "rationale", "band", "band_method", "score", "flags", "explanation", "answered_by",
    "replayed", "created_at",
)  # fmt: skip
JUDGED = ("suggestion_id", "criterion_id", "judgement", "rationale", "quotes")
Pair = tuple[Claim, Opinion]


@transaction.atomic
def store_many(*, job: Job, pairs: Sequence[Pair]) -> int:
    """Store what the engine says of each record, and end the items; how many were still ours."""
    ours = _end([claim for claim, _ in pairs])
    kept = [(claim, placed(job, opinion)) for claim, opinion in pairs if claim.item_id in ours]
    if not kept:
        return 0
    ids = copying.numbers(Suggestion, len(kept))
    _suggestions(job, ids, kept)
    _judgements(ids, kept)
    _events(job, ids, kept)
    _second_opinions(job, [claim.record for claim, opinion in kept if opinion.role == SuggestionRole.STANDS])
    went_well(job)
    return len(kept)


def _end(claims: Sequence[Claim]) -> set[int]:
    ids, attempts = [claim.item_id for claim in claims], [claim.attempts for claim in claims]
    return {pk for (pk,) in prepared.rows(DONE, {"ids": ids, "attempts": attempts})}


def _suggestions(job: Job, ids: Sequence[int], kept: Sequence[Pair]) -> None:
    same, now = (job.assistant.pk, job.protocol_id), timezone.now()
    copying.insert(
        Suggestion,
        SUGGESTED,
        (
            (
                pk, job.review.pk, claim.record, job.stage, claim.item_id, *same, opinion.role, opinion.beside_id,
                opinion.proposed_verdict, opinion.why, opinion.rationale, opinion.band, opinion.band_method,
                opinion.score, copying.document(opinion.flags), copying.document(opinion.explanation),
                opinion.answered_by[:200], opinion.replayed, now,
            )
            for pk, (claim, opinion) in zip(ids, kept, strict=True)
        ),
    )  # fmt: skip


def _judgements(ids: Sequence[int], kept: Sequence[Pair]) -> None:
    copying.insert(
        Judgement,
        JUDGED,
        (
            (pk, criterion, judgement, rationale, copying.document(quotes))
            for pk, (_, opinion) in zip(ids, kept, strict=True)
            for criterion, judgement, rationale, quotes in opinion.judged
        ),
    )


def _events(job: Job, ids: Sequence[int], kept: Sequence[Pair]) -> None:
    named = str(job.assistant)
    events.record_many(
        [
            events.line(
                "record.suggested",
                subject=Suggestion(pk=pk),
                by=job.worker,
                review_id=job.review.pk,
                record_id=claim.record,
                run=job.run_id,
                stage=job.stage,
                assistant=named,
                model=opinion.answered_by,
                **beside_of(opinion),
            )
            for pk, (claim, opinion) in zip(ids, kept, strict=True)
        ]
    )


def _second_opinions(job: Job, record_ids: Sequence[int]) -> None:
    """A suggestion that counts as the second opinion settles its record at once."""
    counts = StageRule.objects.filter(review=job.review, stage=job.stage, oversight=Oversight.SECOND_REVIEWER)
    if record_ids and counts.exists():
        stages.refresh(review=job.review, record_ids=record_ids, stage=job.stage)
