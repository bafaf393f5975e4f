"""What the verbs of a team tell its people, in their own transaction. `by` is told nothing: they know."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User

from screening.actions import notices
from screening.enums import NotificationKind, Role, StageStatus
from screening.models.pilot import PilotRound
from screening.models.rescreening import Rescreening
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.queries.telling.recipients import who


def added(*, review: Review, user: User, roles: Collection[str], by: User) -> None:
    """Somebody is in the team now."""
    _assigned(review, user, by, did="added", roles=sorted(roles))


def roles_changed(*, review: Review, user: User, roles: Collection[str], by: User) -> None:
    """A member is something else than before."""
    _assigned(review, user, by, did="roles", roles=sorted(roles))


def share_given(*, review: Review, user: User, share: int, by: User) -> None:
    """A reviewer gets another share of the records; in percent of a full one."""
    _assigned(review, user, by, did="share", share=share)


def shared_out(*, rule: StageRule, by: User) -> None:
    """Records are given out by shares from now on: each reviewer is told how many are theirs."""
    waiting = [StageStatus.UNSCREENED, StageStatus.PARTIAL]
    states = StageState.objects.filter(review=rule.review, stage=rule.stage, status__in=waiting)
    counted = Counter(user_id for assigned in states.values_list("assigned", flat=True) for user_id in assigned)
    for user in User.objects.filter(pk__in=counted):
        _assigned(rule.review, user, by, did="allotted", stage=str(rule.stage), records=counted[user.pk])


def senior_set(*, review: Review, user: User, senior: bool, by: User) -> None:
    """A reviewer counts as a senior one, or no longer does."""
    _assigned(review, user, by, did="senior" if senior else "not_senior")


def suspended(*, review: Review, user: User, by: User) -> None:
    """A reviewer is given no records for a while."""
    _assigned(review, user, by, did="suspended")


def resumed(*, review: Review, user: User, by: User) -> None:
    """A suspended reviewer goes on."""
    _assigned(review, user, by, did="resumed")


def replaced(*, review: Review, leaving: User, coming: User, by: User) -> None:
    """Somebody takes another's place. Who leaves hears nothing more of the review."""
    _assigned(review, coming, by, did="replaced", whom=_name(leaving))


def pilot_started(*, pilot: PilotRound, by: User) -> None:
    """Those who screen the round are told that it waits for them."""
    everybody = who(pilot.review_id, kind=NotificationKind.PILOT, roles=[Role.REVIEWER])
    _of_pilot(pilot, by, everybody & set(pilot.reviewers), did="started")


def pilot_closed(*, pilot: PilotRound, by: User) -> None:
    """Those who screened the round, and the leads, are told that it is over."""
    leads = who(pilot.review_id, kind=NotificationKind.FINISHED, roles=[Role.LEAD])
    screened = who(pilot.review_id, kind=NotificationKind.PILOT, roles=[Role.REVIEWER]) & set(pilot.reviewers)
    _of_pilot(pilot, by, leads | screened, did="closed")


def rescreening_begun(*, rescreening: Rescreening, by: User) -> None:
    """Reviewers are told how many records are given back, and under which version."""
    people = who(rescreening.review_id, kind=NotificationKind.RESCREENING, roles=[Role.REVIEWER])
    fact = {"version": rescreening.protocol.number, "records": len(rescreening.records), "by": _name(by)}
    notices.tell(
        review_id=rescreening.review_id,
        user_ids=people - {by.pk},
        kind=NotificationKind.RESCREENING,
        stage=rescreening.stage,
        facts=[fact],
        adding=True,
    )


def _of_pilot(pilot: PilotRound, by: User, people: Collection[int], *, did: str) -> None:
    fact = {"did": did, "pilot": pilot.pk, "number": pilot.number, "records": pilot.size, "by": _name(by)}
    notices.tell(
        review_id=pilot.review_id,
        user_ids=set(people) - {by.pk},
        kind=NotificationKind.PILOT,
        stage=pilot.stage,
        facts=[fact],
    )


def _assigned(review: Review, user: User, by: User, **fact: Any) -> None:
    people = who(review.pk, kind=NotificationKind.ASSIGNED) & {user.pk} - {by.pk}
    notices.tell(
        review_id=review.pk,
        user_ids=people,
        kind=NotificationKind.ASSIGNED,
        facts=[{**fact, "by": _name(by)}],
        adding=True,
    )


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
