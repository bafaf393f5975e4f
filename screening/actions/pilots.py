"""Pilot rounds: a random sample that everybody screens before the screening goes on (SCR-07)."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from audit import events
from reviewapp.deadlocks import begun_again
from screening.actions import order, stages, telling
from screening.actions.rulebook import random_rank
from screening.enums import StageStatus
from screening.models.pilot import PilotRound
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from screening.models.stage import Reservation, StageState
from screening.queries.team.team import active_reviewers

SUGGESTED_SIZE = 50  # records; enough to see a criterion that is read differently, few enough for a morning
LEAST_REVIEWERS = 2


class PilotRefusedError(ValueError):
    """The round can't be started or closed so; the message says why and what to do."""


@begun_again
@transaction.atomic
def start(*, review: Review, stage: str, size: int, reviewers: Collection[int], by: User) -> PilotRound:
    """Draw `size` records that nobody has an opinion on, for each of `reviewers` (user ids) to screen.

    Raises PilotRefusedError: a round is open already, fewer than two reviewers, nobody of the team, too few records.
    """
    Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if PilotRound.objects.filter(review=review, stage=stage, closed_at=None).exists():
        raise PilotRefusedError("A pilot round is open at this stage. Close it before you start the next one.")
    people = sorted(set(reviewers))
    active = {one.user_id for one in active_reviewers(review.pk)}
    if len(people) < LEAST_REVIEWERS or not active.issuperset(people):
        raise PilotRefusedError("A pilot round takes two or more reviewers of the team who are not suspended.")
    _lock_places(review, stage)
    number = PilotRound.objects.filter(review=review, stage=stage).count() + 1
    sample = _sample(review, stage, number, size)
    if not sample:
        raise PilotRefusedError("There is no record at this stage that nobody has screened yet. Import records first.")
    pilot = PilotRound.objects.create(
        review=review,
        stage=stage,
        number=number,
        size=len(sample),
        reviewers=people,
        protocol=ProtocolVersion.objects.filter(review=review).first(),
        started_by=by,
    )
    _put(pilot, sample, by)
    events.record(
        "pilot.started",
        subject=pilot,
        by=by,
        review_id=review.pk,
        stage=stage,
        number=pilot.number,
        records=len(sample),
        people=_names(people),
    )
    telling.pilot_started(pilot=pilot, by=by)
    return pilot


@begun_again
@transaction.atomic
def close(*, pilot: PilotRound, by: User) -> PilotRound:
    """End the round: its records follow the stage's rule from now on, with the opinions that they have.

    Missing opinions stay missing. Raises PilotRefusedError where it is closed already.
    """
    Review.objects.select_for_update(no_key=True).get(pk=pilot.review_id)
    locked = PilotRound.objects.select_for_update().get(pk=pilot.pk)
    if not locked.open:
        raise PilotRefusedError("This round is closed already.")
    _lock_places(locked.review, locked.stage)
    locked.closed_by, locked.closed_at = by, timezone.now()
    locked.save()
    records = list(locked.places.values_list("record_id", flat=True))
    events.record(
        "pilot.closed", subject=locked, by=by, review_id=locked.review_id, stage=locked.stage, number=locked.number
    )
    rule = stages.rule_for(locked.review, locked.stage)
    Reservation.objects.filter(state__pilot=locked).delete()  # everybody holds them: more than the rule has places for
    stages.allot(rule=rule, record_ids=records)
    stages.refresh(review=locked.review, record_ids=records, stage=locked.stage)
    order.order_by_suggestions(review=locked.review, stage=locked.stage, by=by)
    telling.pilot_closed(pilot=locked, by=by)
    return locked


def _lock_places(review: Review, stage: str) -> None:
    """All places of the stage, in the order of ids and before any reservation, as a decision and a claim lock them.

    A decision on its way is waited for; one that comes later finds the round as it is then.
    """
    places = StageState.objects.filter(review=review, stage=stage).select_for_update(no_key=True)
    list(places.order_by("id").values_list("pk"))


def _sample(review: Review, stage: str, number: int, size: int) -> list[int]:
    """Ids of records that nobody has screened, drawn reproducibly: another round, another draw."""
    fresh = StageState.objects.filter(review=review, stage=stage, status=StageStatus.UNSCREENED, voters=[])
    ids = list(fresh.values_list("record_id", flat=True))
    drawn = sorted(ids, key=lambda pk: random_rank(review.pk, pk, salt=f"pilot/{stage}/{number}/"))
    return drawn[: max(0, size)]


def _put(pilot: PilotRound, record_ids: list[int], by: User) -> None:
    """Make the records the round's, first in the queue, and nobody else's: what was in hand is given back."""
    for state in StageState.objects.filter(stage=pilot.stage, record__in=record_ids).order_by("id"):
        state.pilot = pilot
        state.save(update_fields=["pilot", "changed_at"])
    Reservation.objects.filter(state__review=pilot.review_id, state__stage=pilot.stage).delete()
    stages.allot(rule=stages.rule_for(pilot.review, pilot.stage), record_ids=record_ids)
    order.order_by_suggestions(review=pilot.review, stage=pilot.stage, by=by)


def _names(people: Collection[int]) -> list[str]:
    return sorted(User.objects.filter(pk__in=people).values_list("username", flat=True))
