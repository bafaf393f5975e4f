"""How somebody wants to be told: kinds by channels, and when the daily digest comes."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.models import User
from django.forms import BoundField

from screening.enums import MailWish, NotificationKind
from screening.models.notification import NotificationSetting
from screening.queries.telling.wishes import DEFAULT

AS_DEFAULT = ("", "As my default")
ABOUT = {
    NotificationKind.ASSIGNED: "You are added to a review, get another role or share, or take somebody's place.",
    NotificationKind.CONFLICT: "Reviewers disagree, and you may settle it.",
    NotificationKind.PILOT: "A round that everybody screens begins, or is closed.",
    NotificationKind.RESCREENING: "The protocol was amended, and records came back.",
    NotificationKind.FINISHED: "Nothing at a stage waits for anybody. For leads.",
    NotificationKind.ALERT: "A run failed, or something stands still. For leads.",
}
SHOWN = {"yes": True, "no": False, "": None}


class NotificationForm(forms.Form):
    """`wishes()` is what `actions.notices.set_wishes` takes."""

    in_app = forms.BooleanField(label="Show in the app", required=False)
    email = forms.ChoiceField(label="E-mail", choices=MailWish.choices)
    digest_hour = forms.TypedChoiceField(
        label="Daily digest at", coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )
    time_zone = forms.ChoiceField(label="Time zone", required=False)

    def __init__(self, *args: Any, user: User, server_zone: str, **kwargs: Any) -> None:
        rows = {row.kind: row for row in NotificationSetting.objects.filter(user=user)}
        default = rows.get("") or NotificationSetting()
        kwargs["initial"] = {
            "in_app": DEFAULT.in_app if default.in_app is None else default.in_app,
            "email": default.email or DEFAULT.email,
            "digest_hour": default.digest_hour,
            "time_zone": default.time_zone,
            **{f"{kind}-in_app": _shown(rows.get(kind)) for kind in NotificationKind},
            **{f"{kind}-email": rows[kind].email if kind in rows else "" for kind in NotificationKind},
        }
        super().__init__(*args, **kwargs)
        for kind in NotificationKind:
            shown = [AS_DEFAULT, ("yes", "Show"), ("no", "Don't show")]
            self.fields[f"{kind}-in_app"] = forms.ChoiceField(
                label=f"{kind.label}: in the app", choices=shown, required=False
            )
            self.fields[f"{kind}-email"] = forms.ChoiceField(
                label=f"{kind.label}: by e-mail", choices=[AS_DEFAULT, *MailWish.choices], required=False
            )
        zones: Any = self.fields["time_zone"]
        zones.choices = [("", f"As the server: {server_zone}"), *((zone, zone) for zone in _zones())]

    def kinds(self) -> Iterator[tuple[NotificationKind, str, BoundField, BoundField]]:
        """(kind, what it is, field of the app, field of e-mail)."""
        for kind in NotificationKind:
            yield kind, ABOUT[kind], self[f"{kind}-in_app"], self[f"{kind}-email"]

    def wishes(self) -> dict[str, tuple[bool | None, str]]:
        """Kind -> (in the app, by e-mail), of a valid form."""
        data = self.cleaned_data
        wishes: dict[str, tuple[bool | None, str]] = {"": (data["in_app"], data["email"])}
        for kind in NotificationKind:
            wishes[kind] = (SHOWN[data[f"{kind}-in_app"]], data[f"{kind}-email"])
        return wishes


def _shown(row: NotificationSetting | None) -> str:
    return next(name for name, value in SHOWN.items() if value is (row.in_app if row else None))


def _zones() -> list[str]:
    """Zones by place, as people know them; not the abbreviations and the old names."""
    places = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return ["UTC", *sorted(zone for zone in available_timezones() if zone.startswith(places))]
