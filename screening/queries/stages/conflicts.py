"""Conflicts: current opinions that disagree, who has them, and how long they have waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from screening.enums import Origin, Role, StageStatus
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.review import Membership
from screening.models.stage import StageRule, StageState
from screening.policies import Vote, counting
from screening.queries.stages.judged import with_judgements
from screening.queries.stages.votes import current_votes


def open_conflicts(review_id: int, user_id: int) -> QuerySet[StageState]:
    """States in conflict that this adjudicator may settle, the longest waiting first.

    Without those of stages where others are named (SCR-01), and without those that their own vote is part of, where
    the stage's rule has somebody else settle these (SCR-05).
    """
    return (
        StageState.objects.filter(review_id=review_id, status=StageStatus.CONFLICT)
        .exclude(_own(review_id, user_id))
        .exclude(stage__in=_of_others(review_id, user_id))
        .select_related("record")
        .order_by("changed_at", "id")
    )


def own_conflicts_left(review_id: int, user_id: int) -> int:
    """How many conflicts wait for another adjudicator, because this one's vote is part of them."""
    own = StageState.objects.filter(_own(review_id, user_id), review=review_id, status=StageStatus.CONFLICT)
    return own.exclude(stage__in=_of_others(review_id, user_id)).count()


ELSEWHERE = "Decided elsewhere"
OWN = "Your own vote is part of this conflict, and by the rule of this stage somebody else settles it."
OF_OTHERS = "By the rule of this stage others settle its conflicts. The settings say who; a lead can name you too."


def why_barred(rule: StageRule, user_id: int, *, voted: bool) -> str:
    """Why an adjudicator may not settle a conflict at this stage, in a sentence; "" where they may."""
    if rule.adjudicators and user_id not in rule.adjudicators:
        return OF_OTHERS
    return OWN if voted and not rule.own_conflicts else ""


def is_orphaned(review_id: int, votes: Sequence[Vote]) -> bool:
    """Whether a record was settled by people of whom none is an adjudicator of the review any more: they can't change
    their mind, so another may settle it anew. One query where it was settled."""
    authors = {vote.author_id for vote in votes if vote.origin == Origin.ADJUDICATION}
    there = Membership.objects.filter(review=review_id, role=Role.ADJUDICATOR, user__in=authors, user__is_active=True)
    return bool(authors) and not there.exists()


def settled_anew(state: StageState, user_id: int) -> str:
    """Why an adjudicator may settle a settled record anew: "own" (they settled it, and may change their mind),
    "orphaned" (nobody who settled it is an adjudicator any more), or "" where they may not."""
    if state.status in (StageStatus.CONFLICT, StageStatus.INACTIVE):
        return ""
    votes = current_votes([state.record_id], state.stage).get(state.record_id, [])
    if any(vote.origin == Origin.ADJUDICATION and vote.author_id == user_id for vote in votes):
        return "own"
    return "orphaned" if is_orphaned(state.review_id, votes) else ""


def _of_others(review_id: int, user_id: int) -> QuerySet[StageRule, Any]:
    """The stages whose conflicts are settled by others, who are named."""
    named = StageRule.objects.filter(review=review_id).exclude(adjudicators=[])
    return named.exclude(adjudicators__contains=[user_id]).values("stage")


def _own(review_id: int, user_id: int) -> Q:
    barred = StageRule.objects.filter(review=review_id, own_conflicts=False).values("stage")
    return Q(stage__in=barred, voters__contains=[user_id])


def names_of(states: list[StageState]) -> dict[int, str]:
    """User id -> name, of everybody who has an opinion on one of these; what was imported has nobody's name."""
    ids = {user_id for state in states for user_id in state.voters}
    imported = {voter: ELSEWHERE for voter in ids if voter < 0}
    people = User.objects.filter(pk__in=ids)
    return imported | {user.pk: user.get_full_name() or user.get_username() for user in people}


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
    """What each person says now, oldest first; for the adjudicator who has opened the record, and nobody else.

    An import says it of each record of those that were merged.
    """
    counts = _what_counts(state)
    said = Decision.objects.filter(record__in=[state.record_id, *_absorbed(state)], stage=state.stage)
    whose = Coalesce(-F("brought_in_id"), F("author_id"), output_field=BigIntegerField())
    entry = Case(When(brought_in__isnull=False, then=F("record_id")), default=None, output_field=BigIntegerField())
    last_words = (
        said.exclude(origin=Origin.ADJUDICATION)
        .annotate(whose=whose, entry=entry)
        .filter(whose__in={author for author, _ in counts})
        .select_related("author", "reason", "brought_in__file")
        .order_by("whose", "entry", "-id")
        .distinct("whose", "entry")
    )
    current = [one for one in with_judgements(last_words) if (_whose(one), one.verdict) in counts]
    return [
        Opinion(
            name=_name(decision),
            verdict=decision.verdict,
            reason=decision.reason.text if decision.reason else "",
            note=decision.note,
            at=decision.created_at,
            judgements=list(decision.judgements.all()),
        )
        for decision in sorted(current, key=lambda decision: decision.pk)
    ]


def _whose(decision: Decision) -> int:
    return -decision.brought_in_id if decision.brought_in_id else decision.author_id


def _name(decision: Decision) -> str:
    if decision.brought_in is not None:
        return f"{ELSEWHERE} ({decision.brought_in.file.name})"
    return decision.author.get_full_name() or decision.author.get_username()


def _what_counts(state: StageState) -> set[tuple[int, str]]:
    """Whose last word counts, and which: it may be set aside for the place itself, or for that of a record that was
    merged."""
    votes = current_votes([state.record_id], state.stage).get(state.record_id, [])
    counted = counting(votes, stage=state.stage, piloted=False)  # in an open pilot round nothing is in conflict
    people = {vote.author_id for vote in counted if vote.origin != Origin.ADJUDICATION}
    return {(vote.author_id, vote.verdict) for vote in votes if vote.author_id in people}


def _absorbed(state: StageState) -> list[int]:
    return list(state.record.absorbed.values_list("id", flat=True))
