"""Asking a random share of a run's records once more, to measure how stable the answers are (AI-12).

A repeat is the same question to the same model. It is asked when everything was asked once, is never answered from
what came before, and is kept beside the first answer: what it says otherwise is marked, and stands nowhere.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from django.db import transaction

from screening.actions import outcomes, stages
from screening.actions.outcomes import Job, Opinion
from screening.actions.rulebook import random_rank
from screening.enums import Oversight, SuggestionRole
from screening.models.run import Run
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
from screening.prompts.panel import Voice, differences
from screening.queries.assistants.stability import UNSTABLE, number_drawn
from screening.running.claims import Claim


def drawn(run: Run, record_ids: Collection[int]) -> set[int]:
    """A simple random sample of a run's records, of the run's share."""
    number = number_drawn(len(record_ids), run.repeat_share)
    salt = f"repeat/{run.pk}/"
    ranked = sorted(record_ids, key=lambda pk: random_rank(run.review_id, pk, salt=salt)) if number else []
    return set(ranked[:number])


@transaction.atomic
def store(*, job: Job, claim: Claim, opinion: Opinion) -> int | None:
    """Store a repeat beside the first answer, with what it says otherwise; None if the claim is no longer ours."""
    asked_first = Suggestion.objects.filter(
        item__run=claim.run_id, item__member=claim.member_id, item__repeat=0, record=claim.record
    )
    first = asked_first.get()
    keys = {pk: criterion.key for pk, criterion in job.criteria}
    said = {keys[pk]: judgement for pk, judgement, _, _ in opinion.judged}
    differs = list(differences(_voice(first, keys), Voice(0, "", opinion.proposed_verdict, (), said)))
    stored = outcomes.store(
        job=job,
        claim=claim,
        opinion=replace(
            opinion,
            role=SuggestionRole.REPEAT,
            beside_id=first.pk,
            flags=[*opinion.flags, *([UNSTABLE] if differs else [])],
            explanation={**opinion.explanation, "differs": differs},
        ),
    )
    if stored is not None and differs:
        _count_anew(job, claim.record)
    return stored


def _voice(first: Suggestion, keys: Mapping[int, str]) -> Voice:
    judged = {keys[one.criterion_id]: one.judgement for one in first.judgements.all()}
    return Voice(first.pk, "", first.proposed_verdict, (), judged)


def _count_anew(job: Job, record_id: int) -> None:
    """An unstable opinion counts as nobody's second one: what it has settled is open again."""
    rule = StageRule.objects.get(review=job.review.pk, stage=job.stage)
    if rule.oversight == Oversight.SECOND_REVIEWER:
        stages.refresh(review=job.review, record_ids=[record_id], stage=job.stage)
