"""Conflicts: current opinions that disagree, who has them, and how long they have waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from screening.enums import Origin, StageStatus
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.stage import StageRule, StageState
from screening.queries.stages.judged import with_judgements


def open_conflicts(review_id: int, user_id: int) -> QuerySet[StageState]:
    """States in conflict that this adjudicator may settle, the longest waiting first.

    Without those that their own vote is part of, where the stage's rule has somebody else settle these (SCR-05).
    """
    return (
        StageState.objects.filter(review_id=review_id, status=StageStatus.CONFLICT)
        .exclude(_own(review_id, user_id))
        .select_related("record")
        .order_by("changed_at", "id")
    )


def own_conflicts_left(review_id: int, user_id: int) -> int:
    """How many conflicts wait for another adjudicator, because this one's vote is part of them."""
    return StageState.objects.filter(_own(review_id, user_id), review=review_id, status=StageStatus.CONFLICT).count()


def is_barred(state: StageState, user_id: int) -> bool:
    """Whether this person may not settle it, because their own vote is part of it. One query at most."""
    if user_id not in state.voters:
        return False
    return StageRule.objects.filter(review=state.review_id, stage=state.stage, own_conflicts=False).exists()


def _own(review_id: int, user_id: int) -> Q:
    barred = StageRule.objects.filter(review=review_id, own_conflicts=False).values("stage")
    return Q(stage__in=barred, voters__contains=[user_id])


def names_of(states: list[StageState]) -> dict[int, str]:
    """User id -> name, of everybody who has an opinion on one of these."""
    ids = {user_id for state in states for user_id in state.voters}
    return {user.pk: user.get_full_name() or user.get_username() for user in User.objects.filter(pk__in=ids)}


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's current word on a record in conflict, and what they said of single criteria."""

    name: str
    verdict: str
    reason: str
    note: str
    at: datetime
    judgements: Sequence[CriterionJudgement] = ()


def opinions(state: StageState) -> list[Opinion]:
    """What each person says now, oldest first; for the adjudicator who has opened the record, and nobody else."""
    last_words = (
        Decision.objects.filter(record__in=[state.record_id, *_absorbed(state)], stage=state.stage)
        .exclude(origin=Origin.ADJUDICATION)
        .filter(Q(protocol__number__gte=state.counts_from) if state.counts_from else Q())
        .select_related("author", "reason")
        .order_by("author_id", "-id")
        .distinct("author_id")
    )
    current = [decision for decision in with_judgements(last_words) if decision.verdict != "withdrawn"]
    return [
        Opinion(
            name=decision.author.get_full_name() or decision.author.get_username(),
            verdict=decision.verdict,
            reason=decision.reason.text if decision.reason else "",
            note=decision.note,
            at=decision.created_at,
            judgements=list(decision.judgements.all()),
        )
        for decision in sorted(current, key=lambda decision: decision.pk)
    ]


def _absorbed(state: StageState) -> list[int]:
    return list(state.record.absorbed.values_list("id", flat=True))
