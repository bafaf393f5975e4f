"""What the list of reviews and a review's overview show: progress, the team, and what to do first."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet

from screening.enums import Stage, StageStatus
from screening.models.decision import Decision
from screening.models.pilot import PilotRound
from screening.models.record import Record
from screening.models.review import Membership, Review
from screening.models.reviewer import Reviewer
from screening.models.stage import StageState
from screening.queries.amendments.protocol import current_criteria
from screening.queries.progress.progress import done_of_total


@dataclass(frozen=True, slots=True)
class Step:
    """Something a new review needs first."""

    text: str
    url_name: str
    done: bool


def first_steps(review: Review) -> list[Step]:
    """What a new review still needs, in order; empty once records are being screened."""
    steps = [
        Step("Write the criteria", "screening:protocol-edit", current_criteria(review).exists()),
        Step("Import records", "screening:imports", Record.objects.filter(review=review).exists()),
        Step("Invite the team", "screening:team", review.memberships.values("user").distinct().count() > 1),
        Step("Screen the first record", "screening:screen", Decision.objects.filter(review=review).exists()),
    ]
    return [] if steps[-1].done and steps[0].done else steps


def review_rows(reviews: QuerySet[Review], user: User) -> list[dict[str, object]]:
    """Reviews with this person's roles and the progress on title and abstract. Five queries.

    A record of an open pilot round is not done before the round is closed, and one whose second reviewer was waived is.
    """
    listed = list(reviews)
    roles: dict[int, list[str]] = {}
    for membership in Membership.objects.filter(user=user, review__in=listed):
        roles.setdefault(membership.review_id, []).append(membership.get_role_display())
    paused = set(Reviewer.objects.filter(user=user, review__in=listed, suspended=True).values_list("review", flat=True))
    rounds = PilotRound.objects.filter(review__in=listed, stage=Stage.TITLE_ABSTRACT, closed_at=None)
    pilots = dict(rounds.values_list("review", "number"))
    counts: dict[int, dict[str, int]] = {}
    states = StageState.objects.filter(review__in=listed, stage=Stage.TITLE_ABSTRACT).order_by()
    for review_id, status, n in (
        states.values("review_id", "status").annotate(n=Count("id")).values_list("review_id", "status", "n")
    ):
        counts.setdefault(review_id, {})[status] = n
    return [
        {
            "review": review,
            "roles": roles.get(review.pk, ["Administrator"]) + (["suspended"] if review.pk in paused else []),
            "pilot": pilots.get(review.pk),
            **done_of_total(dict.fromkeys(StageStatus.values, 0) | counts.get(review.pk, {})),
        }
        for review in listed
    ]
