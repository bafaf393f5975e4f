"""What a review's overview shows: progress per stage and person, and what to do first."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Max, QuerySet

from screening.enums import Origin, Role, Stage, StageStatus
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.review import Membership, Review
from screening.models.stage import StageState
from screening.queries.progress import by_status, done_of_total
from screening.queries.protocol import current_criteria


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A stage in numbers. `counts` is records per status; `done` those with a verdict that stands."""

    stage: str
    label: str
    counts: dict[str, int]
    done: int
    total: int


def stage_progress(review_id: int, stage: Stage) -> StageProgress:
    """One query."""
    counts = by_status(review_id, stage)
    return StageProgress(stage.value, stage.label, counts, **done_of_total(counts))


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team and what they are in it."""

    user: User
    roles: list[str]

    @property
    def role_labels(self) -> list[str]:
        return [Role(role).label for role in self.roles]


def members(review_id: int) -> list[Member]:
    """The team, by user name."""
    roles: dict[User, list[str]] = {}
    for membership in Membership.objects.filter(review_id=review_id).select_related("user"):
        roles.setdefault(membership.user, []).append(membership.role)
    return [Member(user, listed) for user, listed in roles.items()]


def people_progress(review_id: int) -> list[dict[str, object]]:
    """Records decided per person and stage, for the lead (a reviewer's own numbers are not for other reviewers)."""
    rows = (
        Decision.objects.filter(review_id=review_id)
        .exclude(origin=Origin.ADJUDICATION)
        .values("author__username", "author__first_name", "author__last_name", "stage")
        .annotate(records=Count("record", distinct=True), last=Max("created_at"))
        .order_by("author__username", "-stage")
    )
    return [row | {"stage_label": Stage(row["stage"]).label, "name": _name(row)} for row in rows]


def _name(row: Mapping[str, object]) -> str:
    return f"{row['author__first_name']} {row['author__last_name']}".strip() or str(row["author__username"])


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
    """Reviews with this person's roles and the progress on title and abstract. Three queries."""
    listed = list(reviews)
    roles: dict[int, list[str]] = {}
    for membership in Membership.objects.filter(user=user, review__in=listed):
        roles.setdefault(membership.review_id, []).append(membership.get_role_display())
    counts: dict[int, dict[str, int]] = {}
    states = StageState.objects.filter(review__in=listed, stage=Stage.TITLE_ABSTRACT).order_by()
    for review_id, status, n in (
        states.values("review_id", "status").annotate(n=Count("id")).values_list("review_id", "status", "n")
    ):
        counts.setdefault(review_id, {})[status] = n
    return [
        {
            "review": review,
            "roles": roles.get(review.pk, ["Administrator"]),
            **done_of_total(dict.fromkeys(StageStatus.values, 0) | counts.get(review.pk, {})),
        }
        for review in listed
    ]
