"""A reviewer's own numbers, for that reviewer and the lead (SCR-11)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from screening.access import Seat, seat_for
from screening.enums import Stage
from screening.models.decision import Decision
from screening.models.review import Membership
from screening.page import render_review
from screening.queries.progress.dashboard import work_of
from screening.queries.progress.open_work import OpenWork
from screening.queries.team.numbers import numbers
from screening.queries.team.pace import Evening, PersonDay, evenings, person_days
from screening.views.progress_shown import chart_per_day, csv_file, links_to, person_shown
from screening.visibility import sees_numbers, sees_overturned

WIDTHS = (880, 340)  # of its chart, which has the page to itself
COLUMNS = ("Day", "Opinions", "Adjudications", "Active minutes")


@login_required
@require_GET
def reviewer_numbers(request: HttpRequest, review_id: int, user_id: int) -> HttpResponse:
    """What one person did at each stage: how much, how fast, how often overturned."""
    seat, person = _whose(request, review_id, user_id)
    stages = [_at(seat, person, stage, here) for stage, here in work_of(seat.review).items()]
    context = {
        "person": person.get_full_name() or person.get_username(),
        "person_id": person.pk,
        "own": person == seat.user,
        "stages": [stage for stage in stages if stage["days"]],
    }
    return render_review(request, seat, "screening/numbers.html", context)


@login_required
@require_GET
def reviewer_days_file(request: HttpRequest, review_id: int, user_id: int, stage: str) -> StreamingHttpResponse:
    """One person's days at a stage, as CSV."""
    seat, person = _whose(request, review_id, user_id)
    if stage not in Stage:
        raise Http404("There is no such stage.")
    shown = _days(person, person_days(seat.review, stage))
    rows = ((day.on.isoformat(), day.opinions, day.adjudications, day.minutes) for day in shown)
    return csv_file(seat, f"{stage}-{person.get_username()}", COLUMNS, rows)


def _whose(request: HttpRequest, review_id: int, user_id: int) -> tuple[Seat, User]:
    """Who looks, and at whom. 404 for somebody who was never in the review, 403 for another reviewer's numbers."""
    seat = seat_for(request.user, review_id)
    if not sees_numbers(roles=seat.roles, own=seat.user.pk == user_id):
        raise PermissionDenied("A reviewer's numbers are seen by that reviewer and the lead.")
    person = User.objects.filter(pk=user_id).first()
    there = Membership.objects.filter(review=seat.review, user=user_id)
    said = Decision.objects.filter(review=seat.review, author=user_id)
    if person is None or not (there.exists() or said.exists()):
        raise Http404("There is no such person in this review.")
    return seat, person


def _days(person: User, days: list[PersonDay]) -> list[Evening]:
    """Every calendar day since the person's first; nothing is left over to one person, so that stays 0."""
    own = [day for day in days if day.person == person.pk]
    return evenings(own, {}, remaining=0, today=timezone.localdate())


def _at(seat: Seat, person: User, stage: str, here: OpenWork) -> dict[str, Any]:
    told = sees_overturned(roles=seat.roles, own=person == seat.user, left_to_screen=here.opinions > 0)
    days = person_days(seat.review, stage)
    found = numbers(seat.review, stage, days, person=person.pk)
    shown = _days(person, days)
    return {
        "stage": stage,
        "label": Stage(stage).label,
        "numbers": person_shown(found[0], overturned=told) if found else None,
        "chart": chart_per_day(shown, widths=WIDTHS),
        "days": [day for day in reversed(shown) if day.opinions or day.adjudications],
        "records_url": links_to(seat, stage)(screened_by=str(person.pk)),
    }
