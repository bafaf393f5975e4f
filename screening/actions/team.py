"""Who is in a review, as what, and how they screen: at any moment, without a status that is wrong afterwards (SCR-06).

Decisions that were made stay, and count. What somebody held in hand or had as their share goes to the others.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from audit import events
from reviewapp.deadlocks import begun_again
from screening.actions import applying, stages, telling, tokens
from screening.enums import Assignment, Role, Stage
from screening.models.pilot import PilotRound
from screening.models.review import Membership, Review
from screening.models.reviewer import Reviewer
from screening.models.stage import Reservation, StageRule, StageState
from screening.queries.team.team import active_reviewers

MOST = 1_000  # percent of a full share


class TeamRefusedError(ValueError):
    """The team can't be changed so; the message says why and what to do."""


@begun_again
@transaction.atomic
def set_roles(*, review: Review, user: User, roles: set[str], by: User, shown: set[str] | None = None) -> None:
    """Make these the roles of a person in a review; none at all takes the person off the team.

    Raises TeamRefusedError rather than leave a review without a lead, and where the person has other roles than were
    `shown` to the author. Decisions that were made stay.
    """
    _lock(review)
    have = {membership.role: membership for membership in Membership.objects.filter(review=review, user=user)}
    if shown is not None and shown != set(have):
        now = ", ".join(Role(role).label.lower() for role in sorted(have)) or "not in the team"
        raise TeamRefusedError(
            f"Somebody else changed what {user.get_username()} is in the meantime: {now}. Nothing of yours was "
            "stored; look at it and save again."
        )
    if roles == set(have):
        return
    leads = Membership.objects.filter(review=review, role=Role.LEAD).exclude(user=user)
    if Role.LEAD in have and Role.LEAD not in roles and not leads.exists():
        raise TeamRefusedError("A review needs a lead. Make somebody else a lead first, then change this.")
    for role in set(have) - roles:
        have[role].delete()
    for role in sorted(roles - set(have)):
        Membership.objects.create(review=review, user=user, role=role)
    events.record(
        "team.changed",
        subject=review,
        by=by,
        review_id=review.pk,
        person=user.get_username(),
        old=sorted(have),
        new=sorted(roles),
    )
    if not roles:
        tokens.revoke_left(review=review, user=user, by=by)
    else:
        (telling.roles_changed if have else telling.added)(review=review, user=user, roles=roles, by=by)
    if (Role.REVIEWER in have) != (Role.REVIEWER in roles):
        back = Role.REVIEWER in roles
        _screeners_changed(review, gone=[] if back else [user.pk], back=[user.pk] if back else [])


@begun_again
@transaction.atomic
def suspend(*, review: Review, user: User, by: User, reason: str = "") -> None:
    """Let somebody screen no more for a while. They stay in the team, and stay blinded. Raises TeamRefusedError."""
    if _change(review, user, by, "reviewer.suspended", reason, suspended=True):
        telling.suspended(review=review, user=user, by=by)
        _screeners_changed(review, gone=[user.pk])


@begun_again
@transaction.atomic
def resume(*, review: Review, user: User, by: User) -> None:
    """Let a suspended reviewer go on, also in an open pilot round that they were in. Raises TeamRefusedError."""
    if _change(review, user, by, "reviewer.resumed", "", suspended=False):
        telling.resumed(review=review, user=user, by=by)
        _screeners_changed(review, back=[user.pk])


@begun_again
@transaction.atomic
def set_senior(*, review: Review, user: User, senior: bool, by: User) -> None:
    """Say whether somebody is a senior reviewer; records that wait for one, or have one, are looked at anew.

    Raises TeamRefusedError for somebody who never was a reviewer here.
    """
    if _change(review, user, by, "reviewer.seniority", "", senior=senior):
        telling.senior_set(review=review, user=user, senior=senior, by=by)
        _seniority_changed(review, user)


@begun_again
@transaction.atomic
def set_share(*, review: Review, user: User, share: int, by: User, shown: int | None = None) -> None:
    """Set how much somebody screens where records are given out by shares, in percent of a full share (0..1000).

    Raises TeamRefusedError, also where it is not the share that was `shown` to the author.
    """
    if not 0 <= share <= MOST:
        raise TeamRefusedError("A share is between 0 and 1000 percent of a full one. Nothing was changed.")
    _lock(review)
    now = _settings(review, user).share
    if shown is not None and now not in (shown, share):
        raise TeamRefusedError(
            f"Somebody else set the share of {user.get_username()} to {now} % in the meantime. Nothing of yours was "
            "stored; look at it and save again."
        )
    if _change(review, user, by, "reviewer.share", "", share=share):
        telling.share_given(review=review, user=user, share=share, by=by)
        _screeners_changed(review)


@begun_again
@transaction.atomic
def replace(*, review: Review, leaving: User, coming: User, by: User, reason: str = "") -> None:
    """Put somebody in another's place as a reviewer: their standing, share and pilot round; their votes stay theirs.

    Raises TeamRefusedError where the one is no reviewer, or the other is one already.
    """
    _lock(review)
    roles = dict.fromkeys((leaving.pk, coming.pk), frozenset[str]())
    for user_id in roles:
        held = Membership.objects.filter(review=review, user=user_id).values_list("role", flat=True)
        roles[user_id] = frozenset(held)
    if leaving == coming or Role.REVIEWER not in roles[leaving.pk]:
        raise TeamRefusedError(f"{leaving.get_username()} is no reviewer of this review. Nothing was changed.")
    if Role.REVIEWER in roles[coming.pk]:
        raise TeamRefusedError(f"{coming.get_username()} is a reviewer here already. Nothing was changed.")
    before = _settings(review, leaving)
    events.record(
        "reviewer.replaced",
        subject=review,
        by=by,
        review_id=review.pk,
        reason=reason,
        person=leaving.get_username(),
        new=coming.get_username(),
    )
    for pilot in PilotRound.objects.select_for_update().filter(review=review, closed_at=None):
        if leaving.pk in pilot.reviewers:
            pilot.reviewers = [*pilot.reviewers, coming.pk]
            pilot.save()
    set_roles(review=review, user=coming, roles={*roles[coming.pk], Role.REVIEWER}, by=by)
    was = _settings(review, coming)
    took = _change(review, coming, by, "reviewer.took_over", reason, senior=before.senior, share=before.share)
    if took and was.senior != before.senior:
        _seniority_changed(review, coming)
    if was.suspended:  # from an earlier time in this review: who is put in a place is to screen
        _change(review, coming, by, "reviewer.resumed", reason, suspended=False)
    telling.replaced(review=review, leaving=leaving, coming=coming, by=by)
    set_roles(review=review, user=leaving, roles={*roles[leaving.pk]} - {Role.REVIEWER}, by=by)
    _screeners_changed(review, gone=[leaving.pk])


def _lock(review: Review) -> None:
    """One change of a team at a time. `no_key`: a decision's reference to its review, checked at its commit, would wait
    for this, and this then waits for the decision's place."""
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)


def _settings(review: Review, user: User) -> Reviewer:
    return Reviewer.objects.filter(review=review, user=user).first() or Reviewer(review=review, user=user)


def _change(review: Review, user: User, by: User, event: str, reason: str, **new: Any) -> bool:
    """Whether anything was different; nothing is written where it was not."""
    _lock(review)
    row = _settings(review, user)
    screens = Membership.objects.filter(review=review, user=user, role=Role.REVIEWER).exists()
    if row._state.adding and not screens:
        raise TeamRefusedError(f"{user.get_username()} is no reviewer of this review. Nothing was changed.")
    old = {name: getattr(row, name) for name in new}
    if old == new:
        return False
    for name, value in new.items():
        setattr(row, name, value)
    row.save()
    events.record(
        event, subject=review, by=by, review_id=review.pk, reason=reason, person=user.get_username(), old=old, new=new
    )
    return True


def _seniority_changed(review: Review, user: User) -> None:
    """What follows where a senior reviewer must be among them; of what this person has, or is just giving, an opinion.

    All places are locked first: a decision on its way is waited for, and one that comes later reads the new standing.
    A large stage is left to a worker, who does so page by page.
    """
    for rule in StageRule.objects.filter(review=review, senior_among=True).select_related("review"):
        if applying.for_a_worker(rule):
            applying.leave_to_worker(rule)
            continue
        places = StageState.objects.filter(review=review, stage=rule.stage)
        list(places.select_for_update(no_key=True).order_by("id").values_list("pk"))
        stages.allot(rule=rule)
        voted = places.filter(voters__contains=[user.pk])
        stages.refresh(review=review, record_ids=list(voted.values_list("record_id", flat=True)), stage=rule.stage)


def _open_rounds(review: Review) -> QuerySet[PilotRound]:
    return PilotRound.objects.filter(review=review, closed_at=None)


def _taking_part(pilot: PilotRound, gone: list[int], back: list[int]) -> list[int]:
    """Who is in an open round now; those who come back only where they were in it before and may screen."""
    left = [person for person in pilot.reviewers if person not in gone]
    active = {one.user_id for one in active_reviewers(pilot.review_id)} if back else set()
    were = [one for one in back if one in active and one not in left]
    return [*left, *(one for one in were if pilot.history.filter(reviewers__contains=[one]).exists())]


def _screeners_changed(review: Review, *, gone: list[int] | None = None, back: list[int] | None = None) -> None:
    """Give back what those who are gone held, and share out anew; what was decided is not touched.

    Who was taken out of an open pilot round when they went is in it again: the round counts on everybody's opinion.

    Places are locked before their reservations, in the order of ids, as a decision and a claim do. The shares of a
    large stage are left to a worker.
    """
    rules = [stages.rule_for(review, stage) for stage in Stage]
    shared = [rule for rule in rules if rule.assignment == Assignment.SHARES]
    later = [rule for rule in shared if applying.for_a_worker(rule)]
    for rule in later:
        applying.leave_to_worker(rule)
    now = [rule.stage for rule in shared if rule not in later]
    theirs = Reservation.objects.filter(state__review=review, reviewer__in=gone or [])
    touched = Q(pk__in=theirs.values("state")) | Q(stage__in=now) | Q(pilot__in=_open_rounds(review).values("pk"))
    states = StageState.objects.filter(touched, review=review).select_for_update(no_key=True, of=("self",))
    list(states.order_by("id").values_list("pk"))
    theirs.delete()
    for pilot in _open_rounds(review).select_for_update():
        left = _taking_part(pilot, gone or [], back or [])
        if left != pilot.reviewers:
            pilot.reviewers = left
            pilot.save()
    for rule in rules:
        piloted = PilotRound.objects.filter(review=review, stage=rule.stage, closed_at=None).first()
        if rule.stage in now:
            stages.allot(rule=rule)
        elif piloted is not None:
            stages.allot(rule=rule, record_ids=list(piloted.places.values_list("record_id", flat=True)))
