"""What the pages about progress show: charts, words and links, made from what the queries count."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from audit.export import csv_lines
from screening.access import Seat
from screening.charts import burn_down, opinions_per_day
from screening.charts.burn_down import Finish
from screening.charts.spans import work
from screening.enums import Stage
from screening.forecast import LEVEL
from screening.queries.progress.dashboard import StagePace, liveliest, pace_of
from screening.queries.progress.open_work import ANYBODY, ASSISTANT, SENIOR, OpenWork, Waiting
from screening.queries.progress.progress import done_of_total
from screening.queries.progress.warnings import Obstacle, obstacles
from screening.queries.team.numbers import Numbers
from screening.queries.team.pace import Evening
from screening.visibility import sees_who_did_what

WIDTHS = (600, 340)  # of a chart; static/css/progress.css shows the one that fits
NOT_PEOPLE = {ANYBODY: "anybody else", SENIOR: "a senior reviewer", ASSISTANT: "the assistant"}
DAY_COLUMNS = ("Day", "Opinions", "Adjudications", "Active minutes", "Opinions left in the evening")
PEOPLE_COLUMNS = (
    "Person", "Opinions", "Adjudications", "Days", "Opinions per day", "Median seconds", "Active hours",
    "Settled by an adjudicator", "Overturned",
)  # fmt: skip

Linked = Callable[..., str]  # filters of the list of records, by name -> its address


def links_to(seat: Seat, stage: str) -> Linked:
    """Addresses of the list of records at a stage, by its filters."""
    records = reverse("screening:records", args=[seat.review.pk])
    return lambda **asked: f"{records}?{urlencode({'stage': stage} | asked)}"


def csv_file(seat: Seat, what: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    """Rows as a file to be downloaded, named after the review."""
    name = f"{slugify(seat.review.title)[:60] or seat.review.pk}-{what}.csv"
    return StreamingHttpResponse(
        (line.encode() for line in csv_lines(list(head), rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def day_cells(day: Evening) -> tuple[object, ...]:
    """A day as DAY_COLUMNS name it."""
    return (day.on.isoformat(), day.opinions, day.adjudications, day.minutes, day.remaining)


def charts(pace: StagePace) -> dict[str, Any]:
    """The two charts, each wide and narrow, and the days behind them, newest first."""
    if not pace.evenings:
        return {"burn_down": "", "bars": "", "days": []}
    left = [(day.on, day.remaining) for day in pace.evenings]
    dates = pace.dates
    finish = Finish(dates.early, dates.likely, dates.late) if dates and dates.late else None
    # numbers and dates only: nothing that somebody typed is drawn
    return {
        "burn_down": mark_safe("".join(burn_down(left, finish, width=width) for width in WIDTHS)),
        "bars": chart_per_day(pace.evenings),
        "days": pace.evenings[::-1],
    }


def chart_per_day(days: Sequence[Evening], *, widths: Sequence[int] = WIDTHS) -> str:
    """Opinions per day, wide and narrow; empty without a day."""
    done = [(day.on, max(0, day.opinions)) for day in days]
    return mark_safe("".join(opinions_per_day(done, width=width) for width in widths)) if done else ""


def ahead(pace: StagePace) -> dict[str, Any]:
    """The forecast in words and dates."""
    told = pace.forecast
    return {
        "dates": pace.dates,
        "too_far": told.days is not None and pace.dates is None,
        "per_day": round(told.per_day),
        "window": told.window,
        "level": f"{LEVEL:.0%}",
        "effort": work(told.hours.likely * 3_600) if told.hours else "",
        "effort_low": work(told.hours.low * 3_600) if told.hours else "",
        "effort_high": work(told.hours.high * 3_600) if told.hours else "",
        "missing": told.missing,
    }


def tiles(here: OpenWork, link: Linked) -> list[dict[str, Any]]:
    """Records by what they wait for, then by what became of them; what is seldom only where it is."""
    shown: list[dict[str, Any]] = [
        {"label": "First opinion", "value": here.first, "url": link(status="unscreened"), "note": "nobody yet"},
        {"label": "Second opinion", "value": here.second, "url": link(waits_for="second"), "note": "one so far"},
        {"label": "In conflict", "value": here.counts["conflict"], "url": link(status="conflict"), "tone": "conflict",
         "icon": "arrows-split", "note": "for an adjudicator"},
        {"label": "Included", "value": here.counts["included"], "url": link(status="included"), "tone": "include",
         "icon": "circle-check"},
        {"label": "Excluded", "value": here.counts["excluded"], "url": link(status="excluded"), "tone": "exclude",
         "icon": "square-x"},
    ]  # fmt: skip
    seldom = [
        (2, "Senior reviewer", here.senior, link(status="partial", waits_for="senior"), "still missing"),
        (3, "Pilot round", here.pilot, link(pilot="open"), "open"),
        (9, "Second waived", here.waived, link(waived="1"), "of the excluded"),
        (9, "Not retrieved", here.counts["not_retrieved"], link(status="not_retrieved"), "report"),
    ]
    for at, label, value, url, note in reversed(seldom):
        if value:
            shown.insert(at, {"label": label, "value": value, "url": url, "note": note})
    return shown


def in_short(seat: Seat, stage: str, here: OpenWork) -> dict[str, Any]:
    """A stage as the overview shows it."""
    shown = tiles(here, links_to(seat, stage))
    return {"stage": stage, "label": Stage(stage).label, "tiles": shown, **done_of_total(here.counts)}


def obstacles_for(seat: Seat, works: dict[str, OpenWork]) -> list[Obstacle]:
    """What stops the review; to observers nothing that counts the records of a named person."""
    named = sees_who_did_what(seat.roles)
    return [one for one in obstacles(seat.review.pk, works) if named or not one.named]


def outlook(seat: Seat, works: dict[str, OpenWork]) -> dict[str, Any]:
    """What stops the review, and when the stage that is being worked on may be done. Nine queries."""
    stage = liveliest(works)
    here = works[stage]
    return {
        "obstacles": obstacles_for(seat, works),
        "at_work": stage if here.opinions else "",
        "opinions_left": here.opinions,
        "dates": pace_of(seat.review, stage, here).dates if here.opinions else None,
        "can_see_progress": True,
    }


def waits_for(one: Waiting, names: dict[int, str], link: Linked, *, active: bool, shared: bool) -> dict[str, Any]:
    """One person's line of who waits for whom; `shared` where records are meant for certain people."""
    mine = {"status": "partial", "screened_by": str(one.person)}
    on = [
        {
            "label": names.get(awaited, "somebody") if isinstance(awaited, int) else NOT_PEOPLE[awaited],
            "n": n,
            "url": link(**mine, **_asked(awaited, shared=shared)),
        }
        for awaited, n in one.on.most_common()
    ]
    return {
        "name": names.get(one.person, "somebody"),
        "active": active,
        "screened": one.screened,
        "url": link(**mine),
        "on": on,
        "first": one.first,
        "first_url": link(status="unscreened", waits_for=str(one.person)),
        "second": one.second,
        "second_url": link(status="partial", waits_for=str(one.person)),
    }


def _asked(awaited: int | str, *, shared: bool) -> dict[str, str]:
    """The filter of the list that finds what waits so."""
    if awaited == ASSISTANT:
        return {}
    return {"waits_for": "second" if awaited == ANYBODY and not shared else str(awaited)}


def person_cells(one: Numbers, *, overturned: bool) -> tuple[object, ...]:
    """A person as PEOPLE_COLUMNS name it; how often they were overturned only where that may be told."""
    median = "" if one.median_seconds is None else one.median_seconds
    told = (one.adjudicated, one.overturned) if overturned else ("", "")
    hours = round(one.hours, 2)
    return (one.name, one.opinions, one.adjudications, one.days, round(one.per_day, 1), median, hours, *told)


def person_shown(one: Numbers, *, overturned: bool) -> dict[str, Any]:
    """A person's numbers in words."""
    return {
        "person": one.person,
        "name": one.name,
        "opinions": one.opinions,
        "adjudications": one.adjudications,
        "days": one.days,
        "per_day": round(one.per_day),
        "median": work(one.median_seconds) if one.median_seconds is not None else "",
        "time": work(one.hours * 3_600) if one.hours else "",
        "adjudicated": one.adjudicated if overturned else None,
        "overturned": one.overturned if overturned else None,
    }
