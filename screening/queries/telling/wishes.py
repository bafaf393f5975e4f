"""How people want to be told: their settings, with what holds where they set nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from screening.enums import MailWish
from screening.models.notification import NotificationSetting


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether something shows in the app, and when it is mailed (a MailWish)."""

    in_app: bool
    email: str

    @property
    def any(self) -> bool:
        """Whether the person wants to hear of it at all."""
        return self.in_app or self.email != MailWish.OFF


DEFAULT = Wish(in_app=True, email=MailWish.DAILY)


class Wishes:
    """The settings of some people, read once. One query."""

    def __init__(self, user_ids: Collection[int]) -> None:
        rows = NotificationSetting.objects.filter(user__in=user_ids)
        self._rows = {(row.user_id, row.kind): row for row in rows}

    def of(self, user_id: int, kind: str) -> Wish:
        """What holds for a kind: its own setting, else the person's default, else the product's."""
        rows = [row for key in (kind, "") if (row := self._rows.get((user_id, key)))]
        in_app = next((row.in_app for row in rows if row.in_app is not None), DEFAULT.in_app)
        return Wish(in_app, next((row.email for row in rows if row.email), DEFAULT.email))

    def last_digest(self, user_id: int, now: datetime) -> datetime:
        """The latest moment that this person's daily digest was due, in the person's zone or else the server's."""
        row = self._rows.get((user_id, "")) or NotificationSetting()
        here = now.astimezone(_zone(row.time_zone))
        due = here.replace(hour=row.digest_hour, minute=0, second=0, microsecond=0)
        return due if due <= here else due - timedelta(days=1)


def _zone(name: str) -> ZoneInfo:
    """A zone by name; the server's where there is none, or where the system no longer knows it."""
    try:
        return ZoneInfo(name or timezone.get_default_timezone_name())
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
