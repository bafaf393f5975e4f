"""What every page of a review has: its frame, its navigation, and the seat of who looks."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from screening.access import Seat
from screening.enums import Stage
from screening.queries.assistants import exceptions
from screening.queries.progress.waiting import waiting
from screening.queries.telling.notifications import unread


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: where it leads, who may go there, which count stands beside it, and its group.

    `stage` is the second argument of an address that has one.
    """

    label: str
    url_name: str
    icon: str
    action: str
    count: str = ""
    stage: str = ""
    group: str = ""


IDENTIFY, SCREEN, EXTRACT, REPORT = "Identification", "Screening", "Extraction", "Reporting"
PLACES = (
    Place("Overview", "screening:review", "layout-dashboard", "see_review"),
    Place("Progress", "screening:progress", "chart-bar", "see_progress"),
    Place("Searches", "screening:searches", "database", "see_review", group=IDENTIFY),
    Place("Import", "screening:imports", "file-import", "import", group=IDENTIFY),
    Place("Duplicates", "screening:duplicates", "copy", "judge_duplicates", "duplicates", group=IDENTIFY),
    Place("Records", "screening:records", "list-search", "see_review", group=IDENTIFY),
    Place("Pilot", "screening:pilots", "clipboard-list", "change_review", group=SCREEN),
    Place("Abstracts", "screening:screen", "eye-check", "screen", group=SCREEN),
    Place("Documents", "screening:documents", "files", "read_documents", "documents", group=SCREEN),
    Place("Full texts", "screening:screen", "book", "screen", stage=Stage.FULL_TEXT, group=SCREEN),
    Place("Conflicts", "screening:conflicts", "arrows-split", "adjudicate", "conflicts", group=SCREEN),
    Place("Agreement", "screening:agreement", "scale", "see_agreement", group=SCREEN),
    Place("AI", "screening:assistants", "sparkles", "see_ai", group=SCREEN),
    Place("Exceptions", "screening:exceptions", "flag", "see_ai", "exceptions", group=SCREEN),
    Place("Studies", "screening:studies", "books", "see_extraction", "hints", group=EXTRACT),
    Place("Forms", "extraction:forms", "forms", "design_forms", group=EXTRACT),
    Place("Extract", "extraction:home", "table-column", "see_extraction", group=EXTRACT),
    Place("Risk of bias", "extraction:bias", "traffic-lights", "see_extraction", group=EXTRACT),
    Place("Evidence table", "extraction:table", "table", "see_extraction", group=EXTRACT),
    Place("PRISMA", "screening:prisma", "sitemap", "see_reports", group=REPORT),
    Place("Audit", "screening:timeline", "history", "see_audit", group=REPORT),
    Place("Protocol", "screening:protocol", "file-text", "see_review", group="Review"),
    Place("Team", "screening:team", "users", "see_review", group="Review"),
    Place("Settings", "screening:settings", "settings", "change_review", group="Review"),
)


def render_review(
    request: HttpRequest, seat: Seat, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of a review: adds `review`, `seat`, `review_url` and `review_nav` to its context."""
    frame = {
        "review": seat.review,
        "seat": seat,
        "review_url": seat.review.get_absolute_url(),
        "review_nav": navigation(request, seat),
    }
    return render(request, template, frame | (context or {}), status=status)


def bell(request: HttpRequest) -> dict[str, Any]:
    """For every template: `bell()`, how many notifications are unread (one query, where it is asked), and `mail_works`.

    Named in the settings as a context processor.
    """
    return {"bell": partial(_unread, request), "mail_works": settings.MAIL_WORKS}


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return unread(user) if isinstance(user, User) else 0


def navigation(request: HttpRequest, seat: Seat) -> list[dict[str, Any]]:
    """The places of a review that this person may go to, with what waits there. The one nearest to here is active."""
    counts: dict[str, int | str] = dict(waiting(seat.review.pk, seat.user.pk))
    if seat.can("see_ai"):
        counts["exceptions"] = _exceptions(seat)
    urls = {place: _url(place, seat.review.pk) for place in PLACES if seat.can(place.action)}
    here = _nearest(request.path, [url for url in urls.values() if url], home=seat.review.get_absolute_url())
    return [
        {
            "label": place.label,
            "group": place.group,
            "url": url,
            "icon": place.icon,
            "active": url == here,
            "count": counts.get(place.count) or None,
        }
        for place, url in urls.items()
        if url
    ]


def _exceptions(seat: Seat) -> int | str:
    """How many wait in the inbox of exceptions, as this person may know; many are "99+"."""
    n = exceptions.how_many(seat.review, exceptions.Eyes(seat.user.pk, frozenset(seat.roles)))
    return n if n < exceptions.COUNTED else f"{exceptions.COUNTED - 1}+"


def _nearest(path: str, urls: list[str], *, home: str) -> str:
    """The longest address that this one lies under; the review's own only where one is there itself."""
    under = [url for url in urls if path == url or (url != home and path.startswith(url))]
    return max(under, key=len, default="")


def _url(place: Place, review_id: int) -> str | None:
    try:
        return reverse(place.url_name, args=[review_id, place.stage] if place.stage else [review_id])
    except NoReverseMatch:
        return None
