"""How notifications read, and where they lead. Plain text, made of facts; escaped where it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from screening.enums import NotificationKind, Role, Stage
from screening.models.notification import Notification

STAGE = {value: label.lower() for value, label in Stage.choices}
ROLE = {value: label.lower() for value, label in Role.choices}
ICON = {
    NotificationKind.ASSIGNED: "user-plus",
    NotificationKind.CONFLICT: "arrows-diff",
    NotificationKind.PILOT: "users",
    NotificationKind.RESCREENING: "refresh",
    NotificationKind.FINISHED: "checks",
    NotificationKind.ALERT: "alert-triangle",
}
MOST_SENTENCES = 5
NO_LONGER = "This was so when you were told, and no longer is."


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification as it is shown: `title` in a line, more sentences below it, and where it leads."""

    row: Notification
    title: str
    more: list[str]
    icon: str
    url: str


def notice(row: Notification) -> Notice:
    """How a notification reads now. Expects `row.review`."""
    title, more = _WORDS[NotificationKind(row.kind)](row)
    if row.data.get("over"):
        more = [NO_LONGER]
    return Notice(row, title, more[:MOST_SENTENCES], ICON[NotificationKind(row.kind)], _url(row))


def _assigned(row: Notification) -> tuple[str, list[str]]:
    sentences = [_did(fact) for fact in reversed(_facts(row))] or ["Your place in this team was changed."]
    return sentences[0], sentences[1:]


def _did(fact: dict[str, Any]) -> str:
    """A sentence of one change. Each is made only of what such a fact has."""
    return _DID[fact["did"]](fact, fact["by"])


_DID: dict[str, Callable[[dict[str, Any], str], str]] = {
    "added": lambda fact, by: f"{by} added you to this review as {_roles(fact)}.",
    "roles": lambda fact, by: f"{by} changed what you are in this review: {_roles(fact)}.",
    "share": lambda fact, by: f"{by} set your share of the records to {fact['share']} % of a full share.",
    "allotted": lambda fact, by: (
        f"{by} shared out the records at {STAGE[fact['stage']]}: {fact['records']} wait for you."
    ),
    "senior": lambda fact, by: f"{by} made you a senior reviewer.",
    "not_senior": lambda fact, by: f"{by} made you a reviewer who is not a senior one.",
    "suspended": lambda fact, by: f"{by} suspended your screening: you are given no records until it is resumed.",
    "resumed": lambda fact, by: f"{by} resumed your screening: you are given records again.",
    "replaced": lambda fact, by: f"You take the place of {fact['whom']} as a reviewer, says {by}.",
}


def _roles(fact: dict[str, Any]) -> str:
    *first, last = [ROLE.get(role, role) for role in fact["roles"]]
    return f"{', '.join(first)} and {last}" if first else last


def _conflict(row: Notification) -> tuple[str, list[str]]:
    wait = "1 conflict waits" if row.count == 1 else f"{row.count} conflicts wait"
    return f"{wait} for you at {STAGE[row.stage]}.", []


def _pilot(row: Notification) -> tuple[str, list[str]]:
    fact = _facts(row)[-1]
    if fact["did"] == "closed":
        return f"Pilot round {fact['number']} at {STAGE[row.stage]} is closed.", []
    records = "1 record" if fact["records"] == 1 else f"{fact['records']} records"
    title = f"Pilot round {fact['number']} at {STAGE[row.stage]} waits for you: {records}."
    return title, ["Everybody in the round screens each of them. Nothing else is given out there until it is closed."]


def _rescreening(row: Notification) -> tuple[str, list[str]]:
    fact, records = _facts(row)[-1], sum(fact["records"] for fact in _facts(row))
    again = "1 record is" if records == 1 else f"{records} records are"
    return f"{again} to be screened again at {STAGE[row.stage]}, under protocol version {fact['version']}.", []


def _finished(row: Notification) -> tuple[str, list[str]]:
    return f"The stage {STAGE[row.stage]} is finished: nothing there waits for anybody.", []


def _alert(row: Notification) -> tuple[str, list[str]]:
    sentences = [str(fact["sentence"]) for fact in _facts(row)]
    if len(sentences) == 1:
        return sentences[0], []
    return f"{row.count} things need you as the lead.", sentences


_WORDS: dict[NotificationKind, Callable[[Notification], tuple[str, list[str]]]] = {
    NotificationKind.ASSIGNED: _assigned,
    NotificationKind.CONFLICT: _conflict,
    NotificationKind.PILOT: _pilot,
    NotificationKind.RESCREENING: _rescreening,
    NotificationKind.FINISHED: _finished,
    NotificationKind.ALERT: _alert,
}


def _url(row: Notification) -> str:
    """The page on which one acts upon it. Who may not (any more) is told so there."""
    review = [row.review_id]
    if row.kind == NotificationKind.CONFLICT:
        return reverse("screening:conflicts", args=review)
    if row.kind == NotificationKind.RESCREENING or (row.kind == NotificationKind.PILOT and _is_open(row)):
        return reverse("screening:screen", args=[*review, row.stage])
    if row.kind == NotificationKind.PILOT and (pilot := _facts(row)[-1].get("pilot")):
        return reverse("screening:pilot", args=[*review, pilot])
    if row.kind == NotificationKind.ALERT and (facts := _facts(row)):
        return str(facts[0]["url"]) if len(facts) == 1 else reverse("screening:progress", args=review)
    return reverse("screening:review", args=review)


def _is_open(row: Notification) -> bool:
    return bool(_facts(row)[-1]["did"] == "started")


def _facts(row: Notification) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = row.data.get("facts", [])
    return facts
