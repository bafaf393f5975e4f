"""Filters of the list that people came back to: one's own, and those that leads share."""

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from screening.models.review import Membership, Review
from screening.models.saved_filter import SavedFilter

SHOWN = 30
COUNTED = 12
MOST_COUNTED = 1_000
"""A count beside a saved filter stops here: "1,000+" is told as quickly as 3."""


def visible(review: Review, user: User) -> QuerySet[SavedFilter]:
    """One's own and those that are shared with the review, by name; `left`: the owner is not in the team any more."""
    owners = Membership.objects.filter(review=review, user=OuterRef("owner"))
    found = SavedFilter.objects.filter(Q(owner=user) | Q(shared=True), review=review).select_related("owner")
    return found.annotate(left=~Exists(owners))


def saved(review: Review, user: User, query: str) -> list[dict[str, object]]:
    """[{filter, mine, here}]; `here`: it is what the page shows now."""
    return [
        {"filter": one, "mine": one.owner_id == user.pk, "here": bool(query) and one.query == query}
        for one in visible(review, user)[:SHOWN]
    ]
