"""What every page of a review has: its frame, its navigation, and the seat of who looks."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from screening.access import Seat
from screening.queries.waiting import waiting


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: the URL's name, who may go there, and which count stands beside it."""

    label: str
    url_name: str
    icon: str
    action: str
    count: str = ""


PLACES = (
    Place("Overview", "screening:review", "layout-dashboard", "see_review"),
    Place("Screen", "screening:screen", "eye-check", "screen"),
    Place("Conflicts", "screening:conflicts", "arrows-split", "adjudicate", "conflicts"),
    Place("Records", "screening:records", "list-search", "see_review"),
    Place("Import", "screening:imports", "file-import", "import"),
    Place("Duplicates", "screening:duplicates", "copy", "judge_duplicates", "duplicates"),
    Place("AI", "screening:assistants", "sparkles", "see_ai"),
    Place("Full texts", "screening:documents", "files", "read_documents", "documents"),
    Place("Studies", "screening:studies", "books", "see_extraction", "hints"),
    Place("Extraction", "extraction:home", "table-column", "see_extraction"),
    Place("Forms", "extraction:forms", "forms", "design_forms"),
    Place("Risk of bias", "extraction:bias", "traffic-lights", "see_extraction"),
    Place("Evidence table", "extraction:table", "table", "see_extraction"),
    Place("PRISMA", "screening:prisma", "sitemap", "see_reports"),
    Place("Audit", "screening:timeline", "history", "see_audit"),
    Place("Protocol", "screening:protocol", "file-text", "see_review"),
    Place("Team", "screening:team", "users", "see_review"),
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


def navigation(request: HttpRequest, seat: Seat) -> list[dict[str, Any]]:
    """The places of a review that this person may go to, with what waits there."""
    counts = waiting(seat.review.pk)
    entries = []
    for place in PLACES:
        url = _url(place.url_name, seat.review.pk)
        if url and seat.can(place.action):
            here = request.path == url or (place.url_name != "screening:review" and request.path.startswith(url))
            entries.append(
                {
                    "label": place.label,
                    "url": url,
                    "icon": place.icon,
                    "active": here,
                    "count": counts.get(place.count) or None,
                }
            )
    return entries


def _url(name: str, review_id: int) -> str | None:
    try:
        return reverse(name, args=[review_id])
    except NoReverseMatch:
        return None
