"""Who screens in a review, and how."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from screening.enums import Role
from screening.models.review import Membership
from screening.models.reviewer import FULL_SHARE, Reviewer


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team and what they are in it."""

    user: User
    roles: list[str]

    @property
    def role_labels(self) -> list[str]:
        return [Role(role).label for role in self.roles]


@dataclass(frozen=True, slots=True)
class ActiveReviewer:
    """Somebody who has the role and is not suspended. `share` is in percent of a full share."""

    user_id: int
    senior: bool = False
    share: int = FULL_SHARE


def active_reviewers(review_id: int) -> list[ActiveReviewer]:
    """Those who may screen now, by id. Two queries."""
    settings = {row.user_id: row for row in Reviewer.objects.filter(review_id=review_id)}
    members = Membership.objects.filter(review_id=review_id, role=Role.REVIEWER, user__is_active=True)
    active = []
    for user_id in sorted(members.values_list("user_id", flat=True)):
        row = settings.get(user_id)
        if row is None:
            active.append(ActiveReviewer(user_id))
        elif not row.suspended:
            active.append(ActiveReviewer(user_id, row.senior, row.share))
    return active


def members(review_id: int) -> list[Member]:
    """The team, by user name."""
    roles: dict[User, list[str]] = {}
    for membership in Membership.objects.filter(review_id=review_id).select_related("user"):
        roles.setdefault(membership.user, []).append(membership.role)
    return [Member(user, listed) for user, listed in roles.items()]
