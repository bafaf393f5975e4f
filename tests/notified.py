"""People, reviews and what they were told, for tests of notifications."""

from datetime import timedelta

from django.contrib.auth.models import User

from screening.enums import MailWish, Role
from screening.models.notification import Notification, NotificationSetting
from screening.models.record import Record
from screening.models.review import Review
from screening.queries.telling.notices import notice
from tests import builders


def person(name: str, **fields: object) -> User:
    """Somebody with an address."""
    return builders.user(name, **{"email": f"{name}@example.org", **fields})


def team() -> tuple[Review, User, User, User, User]:
    """A review with a lead, two reviewers and an adjudicator, who all have addresses."""
    lead, one, two, judge = (person(name) for name in ("lead", "one", "two", "judge"))
    review = builders.review(lead=lead, reviewers=[one, two], adjudicators=[judge], title="Gliflozins")
    return review, lead, one, two, judge


def conflict(review: Review, one: User, two: User) -> Record:
    """A record on which two people disagree."""
    record = builders.record(review)
    builders.decide(record, one, "include")
    builders.decide(record, two, "exclude")
    return record


def settle(record: Record, by: User) -> None:
    builders.decide(record, by, "include", origin="adjudication")


def told(user: User, *, unread: bool = True) -> list[str]:
    """What somebody was told, the latest first."""
    rows = Notification.objects.filter(user=user).select_related("review")
    return [notice(row).title for row in (rows.filter(read_at=None) if unread else rows)]


def wish(user: User, email: str = MailWish.AT_ONCE, kind: str = "", **fields: object) -> None:
    NotificationSetting.objects.update_or_create(user=user, kind=kind, defaults={"email": email, **fields})


def age(**by: int) -> None:
    """Let everything that was told have come earlier."""
    earlier = timedelta(**by)
    for row in Notification.objects.all():
        Notification.objects.filter(pk=row.pk).update(
            created_at=row.created_at - earlier,
            updated_at=row.updated_at - earlier,
            mailed_at=row.mailed_at and row.mailed_at - earlier,
        )


def member(review: Review, name: str, *roles: Role) -> User:
    user = person(name)
    for role in roles:
        builders.join(review, user, role)
    return user
