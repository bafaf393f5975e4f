"""Who may be told of something in a review."""

from collections import defaultdict
from collections.abc import Collection

from screening.enums import NotificationKind, Role
from screening.models.review import Membership
from screening.models.reviewer import Reviewer

# What asks people to screen: whoever is suspended from that is left in peace, and may settle conflicts all the same.
WORK = frozenset({NotificationKind.PILOT, NotificationKind.RESCREENING})
Team = dict[int, dict[int, frozenset[str]]]


def teams(review_ids: Collection[int]) -> Team:
    """Review id -> user id -> roles, of everybody whose account is active. One query."""
    found: dict[int, dict[int, set[str]]] = {review_id: defaultdict(set) for review_id in review_ids}
    members = Membership.objects.filter(review__in=review_ids, user__is_active=True)
    for review_id, user_id, role in members.values_list("review_id", "user_id", "role"):
        found[review_id][user_id].add(role)
    return {
        review_id: {user_id: frozenset(roles) for user_id, roles in people.items()}
        for review_id, people in found.items()
    }


def suspended(review_ids: Collection[int]) -> set[tuple[int, int]]:
    """(review id, user id) of those whose screening is suspended. One query."""
    rows = Reviewer.objects.filter(review__in=review_ids, suspended=True)
    return set(rows.values_list("review_id", "user_id"))


def who(review_id: int, *, kind: str, roles: Collection[Role] = tuple(Role)) -> set[int]:
    """The members with one of these roles who may be told of this kind just now. Two queries at most."""
    people = {user_id for user_id, has in teams([review_id])[review_id].items() if not has.isdisjoint(roles)}
    return people - {user_id for _, user_id in suspended([review_id])} if kind in WORK else people
