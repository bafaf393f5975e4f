"""Who may settle the conflicts of a stage, and what would wait if somebody no longer did (SCR-05, SCR-06)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from screening.enums import Role, Stage, StageStatus
from screening.models.review import Membership
from screening.models.stage import StageRule, StageState

TO_COME = (StageStatus.UNSCREENED, StageStatus.PARTIAL)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """At a stage `conflicts` would wait for somebody who may settle them, and of `to_come` records others may.

    `nobody` may settle any then; else it is that all who may are part of these conflicts.
    """

    stage: str
    conflicts: int
    to_come: int
    nobody: bool

    @property
    def sentence(self) -> str:
        where, n = Stage(self.stage).label.lower(), self.conflicts
        conflicts = f"{n:,} record{' is' if n == 1 else 's are'} in conflict and would wait"
        if not self.nobody:
            return f"At {where}, {conflicts}: whoever else settles conflicts has a vote in them."
        if n:
            return f"At {where} nobody could settle conflicts any more: {conflicts}, and so would every further one."
        of = f"{self.to_come:,} record{' is' if self.to_come == 1 else 's are'}"
        return (
            f"At {where} nobody could settle conflicts any more: {of} still to be screened, and a conflict would wait."
        )


def left_without(review_id: int, user_id: int) -> list[Unsettled]:
    """What would wait without this person as an adjudicator, by stage; nothing where they settle nothing now.

    Two queries, and one or two for each stage.
    """
    judges = Membership.objects.filter(review=review_id, role=Role.ADJUDICATOR, user__is_active=True)
    people = set(judges.values_list("user_id", flat=True))
    rules = StageRule.objects.filter(review=review_id)
    found = [_left(rule, named & people - {user_id}) for rule in rules if user_id in (named := _named(rule, people))]
    return [one for one in found if one.conflicts or (one.nobody and one.to_come)]


def _named(rule: StageRule, people: Collection[int]) -> set[int]:
    return set(rule.adjudicators or people) & set(people)


def _left(rule: StageRule, others: Collection[int]) -> Unsettled:
    places = StageState.objects.filter(review=rule.review_id, stage=rule.stage)
    counted = places.aggregate(
        conflicts=Count("pk", filter=Q(status=StageStatus.CONFLICT)), to_come=Count("pk", filter=Q(status__in=TO_COME))
    )
    if others:
        counted["conflicts"] = 0 if rule.own_conflicts else _between(places, others).count()
    return Unsettled(rule.stage, **counted, nobody=not others)


def _between(places: QuerySet[StageState], people: Collection[int]) -> QuerySet[StageState]:
    """Conflicts that all of these people have a vote in."""
    return places.filter(status=StageStatus.CONFLICT, voters__contains=list(people))
