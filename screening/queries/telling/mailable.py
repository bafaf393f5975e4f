"""Notifications that may go out by e-mail at all."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from screening.models.notification import Notification
from screening.models.review import Membership
from screening.models.reviewer import Reviewer
from screening.queries.telling.recipients import WORK


def mailable() -> QuerySet[Notification]:
    """Unread ones of people who are still in the team, whose account is active and has an address.

    Whoever is suspended gets no mail that asks for work. The wishes of each person are asked apart.
    """
    in_team = Membership.objects.filter(review=OuterRef("review"), user=OuterRef("user"))
    away = Reviewer.objects.filter(review=OuterRef("review"), user=OuterRef("user"), suspended=True)
    return (
        Notification.objects.filter(Exists(in_team), read_at=None, user__is_active=True)
        .exclude(user__email="")
        .exclude(Q(kind__in=WORK) & Exists(away))
        .order_by("user_id", "review_id", "id")
    )
