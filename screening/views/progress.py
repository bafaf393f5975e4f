"""The lead's one screen: what is done, what waits for whom, what disagrees, and what it will take (SCR-11)."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from screening.access import Seat, seat_for
from screening.charts.spans import waiting, work
from screening.enums import Stage
from screening.models.stage import StageState
from screening.page import render_review
from screening.queries.progress.dashboard import StagePace, liveliest, pace_of, work_of
from screening.queries.progress.open_work import OpenWork, who_waits
from screening.queries.progress.progress import done_of_total
from screening.queries.stages.conflict_ages import LAST_SETTLED, bands, oldest, settling
from screening.queries.stages.conflicts import ELSEWHERE
from screening.queries.team.numbers import Numbers, names_of, numbers
from screening.queries.team.team import active_reviewers
from screening.views.progress_shown import (
    DAY_COLUMNS,
    PEOPLE_COLUMNS,
    ahead,
    charts,
    csv_file,
    day_cells,
    links_to,
    obstacles_for,
    person_cells,
    person_shown,
    tiles,
    waits_for,
)
from screening.visibility import sees_numbers, sees_overturned, sees_who_did_what


@login_required
@require_GET
def progress(request: HttpRequest, review_id: int) -> HttpResponse:
    """One stage in full, the other a tab away; what stops the review stands above both."""
    seat = seat_for(request.user, review_id, "see_progress")
    works = work_of(seat.review)
    stage = request.GET.get("stage", "")
    stage = stage if stage in works else liveliest(works)
    pace, here = pace_of(seat.review, stage, works[stage]), works[stage]
    context = {
        "tabs": [_tab(name, one, active=name == stage) for name, one in works.items()],
        "obstacles": obstacles_for(seat, works),
        "stage": stage,
        "stage_label": Stage(stage).label,
        "progress": done_of_total(here.counts),
        "tiles": tiles(here, links_to(seat, stage)),
        "opinions_left": here.opinions,
        "conflicts_left": here.counts["conflict"],
        **ahead(pace),
        **charts(pace),
        **_waits(seat, stage, here),
        **_people(seat, stage, pace, here),
    }
    return render_review(request, seat, "screening/progress.html", context)


@login_required
@require_GET
def days_file(request: HttpRequest, review_id: int, stage: str) -> StreamingHttpResponse:
    """What the charts draw, as CSV."""
    seat = seat_for(request.user, review_id, "see_progress")
    works = work_of(seat.review)
    _check(stage, works)
    pace = pace_of(seat.review, stage, works[stage])
    return csv_file(seat, f"{stage}-days", DAY_COLUMNS, (day_cells(day) for day in pace.evenings))


@login_required
@require_GET
def people_file(request: HttpRequest, review_id: int, stage: str) -> StreamingHttpResponse:
    """What each reviewer did, as CSV, for the lead."""
    seat = seat_for(request.user, review_id, "change_team")
    works = work_of(seat.review)
    _check(stage, works)
    found, told = _numbers(seat, stage, pace_of(seat.review, stage, works[stage]), works[stage])
    return csv_file(seat, f"{stage}-people", PEOPLE_COLUMNS, (person_cells(one, overturned=told) for one in found))


def _check(stage: str, works: dict[str, OpenWork]) -> None:
    if stage not in works:
        raise Http404("There is no such stage.")


def _tab(stage: str, here: OpenWork, *, active: bool) -> dict[str, Any]:
    done = done_of_total(here.counts)
    return {
        "stage": stage,
        "label": Stage(stage).label,
        "active": active,
        "count": f"{done['done']:,}/{done['total']:,}",
    }


def _people(seat: Seat, stage: str, pace: StagePace, here: OpenWork) -> dict[str, Any]:
    """Each reviewer's numbers, for the lead."""
    if not sees_numbers(roles=seat.roles, own=False):
        return {"people": None}
    found, told = _numbers(seat, stage, pace, here)
    return {"people": [person_shown(one, overturned=told) for one in found], "sees_overturned": told}


def _numbers(seat: Seat, stage: str, pace: StagePace, here: OpenWork) -> tuple[list[Numbers], bool]:
    told = sees_overturned(roles=seat.roles, own=False, left_to_screen=here.opinions > 0)
    return numbers(seat.review, stage, pace.days), told


def _waits(seat: Seat, stage: str, here: OpenWork) -> dict[str, Any]:
    """Who waits for whom, and conflicts by age; to observers nobody is named (SCR-11). Five queries."""
    told = sees_who_did_what(seat.roles)
    waits = who_waits(here.groups) if told else []
    old, took = oldest(seat.review.pk, stage), settling(seat.review.pk, stage)
    awaited = {one for waiting_ in waits for one in waiting_.on if isinstance(one, int)}
    names = names_of(awaited | {one.person for one in waits} | {voter for state in old for voter in state.voters})
    active = {one.user_id for one in active_reviewers(seat.review.pk)}
    link, shared = links_to(seat, stage), any(one.first or one.second for one in waits)
    return {
        "names_people": told,
        "waits": [waits_for(one, names, link, active=one.person in active, shared=shared) for one in waits],
        "meant": shared,
        "bands": [
            {"label": band.label, "n": band.n, "url": link(status="conflict", since=band.name)}
            for band in bands(seat.review.pk, stage)
        ],
        "oldest": [
            {
                "state": state,
                "url": _conflict(seat, state),
                "who": [names.get(one, "somebody" if one > 0 else ELSEWHERE) for one in state.voters] if told else [],
            }
            for state in old
        ],
        "settled": took.n,
        "last_settled": LAST_SETTLED,
        "took": waiting(took.median.total_seconds()) if took.median is not None else "",
        "took_ninety": waiting(took.ninety.total_seconds()) if took.ninety is not None else "",
        "took_work": work(took.seconds) if took.seconds is not None else "",
    }


def _conflict(seat: Seat, state: StageState) -> str:
    if seat.can("adjudicate"):
        return reverse("screening:conflict", args=[seat.review.pk, state.pk])
    return reverse("screening:record", args=[seat.review.pk, state.record_id])
