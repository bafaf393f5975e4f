"""A person's notifications: those of reviews that they are in, of kinds that they want in the app."""

from django.contrib.auth.models import User
from django.db.models import BooleanField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from screening.models.notification import Notification, NotificationSetting
from screening.models.review import Membership
from screening.queries.telling.wishes import DEFAULT

MOST_COUNTED = 100  # what is more is shown as "99+"


def of_person(user: User) -> QuerySet[Notification]:
    """What this person may see in the app, the latest first. Who left a review sees nothing of it any more."""
    return (
        Notification.objects.filter(_still_in_team(), user=user)
        .annotate(wanted=Coalesce(_wish(OuterRef("kind")), _wish(Value("")), Value(DEFAULT.in_app)))
        .filter(wanted=True)
        .select_related("review")
        .defer("told")
        .order_by("-updated_at", "-id")
    )


def unread(user: User) -> int:
    """How many are unread, counted to MOST_COUNTED. One query, from an index."""
    return of_person(user).filter(read_at=None)[:MOST_COUNTED].count()


def _still_in_team() -> Exists:
    return Exists(Membership.objects.filter(review=OuterRef("review"), user=OuterRef("user")))


def _wish(kind: OuterRef | Value) -> Subquery:
    rows = NotificationSetting.objects.filter(user=OuterRef("user"), kind=kind)
    return Subquery(rows.values("in_app")[:1], output_field=BooleanField(null=True))
