"""Pilot rounds: how far each is, and who has still to say what (SCR-07)."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet

from screening.enums import Stage, StageStatus
from screening.models.pilot import PilotRound
from screening.models.review import Review
from screening.models.stage import StageState
from screening.queries.team.team import active_reviewers


@dataclass(frozen=True, slots=True)
class Part:
    """What one person of a round has done of it. `gone`: they said something and are no longer asked."""

    user_id: int
    name: str
    done: int
    of: int
    gone: bool = False

    @property
    def missing(self) -> int:
        return 0 if self.gone else self.of - self.done


def rounds(review: Review) -> QuerySet[PilotRound]:
    """All rounds, the newest first."""
    return PilotRound.objects.filter(review=review).select_related("protocol", "started_by", "closed_by")


def rounds_seen(review: Review, *, taking_part: int | None) -> dict[str, list[PilotRound]]:
    """Stage -> its rounds, the oldest first: all of them, or those that a person took part in. One query."""
    found = PilotRound.objects.filter(review=review).order_by("id")
    if taking_part is not None:
        found = found.filter(reviewers__contains=[taking_part])
    by_stage: dict[str, list[PilotRound]] = {}
    for one in found:
        by_stage.setdefault(one.stage, []).append(one)
    return by_stage


def opinions_in(review: Review) -> dict[int, int]:
    """Open round -> opinions that its records have, of those who take part. One query."""
    cast = StageState.objects.filter(review=review, pilot__isnull=False, pilot__closed_at=None).annotate(
        person=Func(F("voters"), function="unnest", output_field=IntegerField())
    )
    counts: dict[int, int] = {}
    for pilot_id, person, reviewers in cast.values_list("pilot_id", "person", "pilot__reviewers"):
        counts[pilot_id] = counts.get(pilot_id, 0) + (person in reviewers)
    return counts


def parts(pilot: PilotRound) -> list[Part]:
    """Who takes or took part, by name. Two queries."""
    people = pilot.places.annotate(person=Func(F("voters"), function="unnest", output_field=IntegerField()))
    done = dict(people.values_list("person").annotate(n=Count("id")).order_by())
    names = {user.pk: user for user in User.objects.filter(pk__in={*pilot.reviewers, *done})}
    listed = [
        Part(pk, user.get_full_name() or user.get_username(), done.get(pk, 0), pilot.size, pk not in pilot.reviewers)
        for pk, user in names.items()
    ]
    return sorted(listed, key=lambda part: (part.gone, part.name))


def fresh(review: Review) -> dict[str, int]:
    """Stage -> records that nobody has an opinion on, of which a round is drawn. One query."""
    there = StageState.objects.filter(review=review, status=StageStatus.UNSCREENED, voters=[])
    counts = dict(there.values_list("stage").annotate(n=Count("id")).order_by())
    return {stage.value: counts.get(stage.value, 0) for stage in Stage}


def in_hand(review: Review, stage: str) -> int:
    """Records at a stage that somebody holds just now. One query."""
    held = Q(reservations__isnull=False)
    return StageState.objects.filter(held, review=review, stage=stage).distinct().count()


def people_who_may(review: Review) -> list[tuple[int, str]]:
    """Active reviewers, by id with their names. Three queries."""
    ids = [one.user_id for one in active_reviewers(review.pk)]
    found = User.objects.filter(pk__in=ids)
    return sorted(((user.pk, user.get_full_name() or user.get_username()) for user in found), key=lambda one: one[1])
