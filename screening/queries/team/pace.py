"""What a team did on each day at a stage, and how much was left in the evening.

Days are calendar days in the server's time zone (TIME_ZONE): a team may sit in many, and a chart has one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from screening.forecast import Day
from screening.models.review import Review

# An opinion is a first word on a record, or one after it was taken back, or under another protocol than the word that
# it supersedes (the record was screened anew). A change of mind is none. One that is taken back takes one away.
# What was decided elsewhere is no work done here.
BY_DAY = """
SELECT (d.created_at AT TIME ZONE %(zone)s)::date AS on_day, d.author_id,
       sum(CASE WHEN d.origin = 'adjudication' THEN 0 WHEN d.verdict = 'withdrawn' THEN -1
                WHEN d.supersedes_id IS NULL THEN 1
                ELSE (SELECT (before.verdict = 'withdrawn' OR before.protocol_id IS DISTINCT FROM d.protocol_id)::int
                        FROM screening_decision before WHERE before.id = d.supersedes_id) END),
       count(*) FILTER (WHERE d.origin = 'adjudication' AND d.verdict <> 'withdrawn'),
       coalesce(sum(d.seconds) FILTER (WHERE d.origin = 'screening' AND d.verdict <> 'withdrawn'), 0),
       count(d.seconds) FILTER (WHERE d.origin = 'screening' AND d.verdict <> 'withdrawn')
  FROM screening_decision d
 WHERE d.review_id = %(review)s AND d.stage = %(stage)s AND d.origin <> 'imported'
   AND d.created_at >= %(since)s::timestamptz AND d.created_at < %(until)s::timestamptz
 GROUP BY 1, 2 ORDER BY 1, 2
"""
CAME = """
SELECT (h.history_date AT TIME ZONE %(zone)s)::date AS on_day, count(*) FROM screening_historicalstagestate h
 WHERE h.review_id = %(review)s AND h.stage = %(stage)s AND h.history_type = '+'
   AND h.history_date >= %(since)s::timestamptz AND h.history_date < %(until)s::timestamptz
 GROUP BY 1 ORDER BY 1
"""
SECONDS = """
SELECT d.author_id, round(d.seconds)::int AS seconds, count(*) FROM screening_decision d
 WHERE d.review_id = %(review)s AND d.stage = %(stage)s AND d.origin = 'screening' AND d.verdict <> 'withdrawn'
   AND d.seconds IS NOT NULL AND d.created_at >= %(since)s::timestamptz AND d.created_at < %(until)s::timestamptz
 GROUP BY 1, 2
"""
# Decisions and history are append-only, so days that are over stay what they were: a process counts them once. Today
# and yesterday, to which a transaction might still add, are counted each time; and all of it again after KEPT_FOR, for
# the sake of a clock that was set back.
KEPT_FOR = 600.0  # seconds
MOST_KEPT = 200  # stages and statements
_past: dict[tuple[object, ...], tuple[float, list[Any]]] = {}


@dataclass(frozen=True, slots=True)
class PersonDay:
    """What one person did at a stage on one day. `seconds` is active time on `timed` of the opinions."""

    on: date
    person: int
    opinions: int
    adjudications: int
    seconds: float
    timed: int


@dataclass(frozen=True, slots=True)
class Evening:
    """A stage at the end of a day: what was done on it, and how many opinions were left, by today's rules."""

    on: date
    opinions: int
    adjudications: int
    seconds: float
    timed: int
    remaining: int

    @property
    def minutes(self) -> float:
        """Active minutes."""
        return round(self.seconds / 60, 1)


def person_days(review: Review, stage: str) -> list[PersonDay]:
    """Every day of every person, oldest first. One query; two when the days before yesterday aren't at hand."""
    return [PersonDay(*row) for row in _rows(BY_DAY, review, stage)]


def median_seconds(review: Review, stage: str) -> dict[int, int]:
    """User id -> median of active time on an opinion, in whole seconds. One query, or two, as above."""
    times: dict[int, Counter[int]] = defaultdict(Counter)
    for person, seconds, n in _rows(SECONDS, review, stage):
        times[person][seconds] += n
    return {person: _median(counted) for person, counted in times.items()}


def _median(counted: Counter[int]) -> int:
    """The lower median of values with their counts."""
    half = (counted.total() + 1) // 2
    for value in sorted(counted):
        half -= counted[value]
        if half <= 0:
            return value
    raise ValueError("There is no median of nothing.")


def arrived(review: Review, stage: str, asked: int) -> dict[date, int]:
    """Day -> opinions asked for by the records that came to the stage on it. One query, or two, as above.

    `asked` is the sum over the stage, by the rules of today: each day has the part of it that it has of the records.
    """
    came = dict(_rows(CAME, review, stage))
    total = sum(came.values())
    return {on: round(asked * n / total) for on, n in came.items()}


def _rows(statement: str, review: Review, stage: str) -> list[Any]:
    """The rows of a statement over days: those before yesterday as they were, the last two as they are."""
    edge = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    asked = {"zone": settings.TIME_ZONE, "review": review.pk, "stage": stage}
    # the moment too: in a database that was restored ids start anew
    key = (review.pk, review.created_at, statement, stage, edge)
    kept = _past.get(key)
    if kept is None or monotonic() - kept[0] > KEPT_FOR:
        kept = (monotonic(), _fetched(statement, asked | {"since": "-infinity", "until": edge}))
        if len(_past) >= MOST_KEPT:
            _past.clear()
        _past[key] = kept
    return kept[1] + _fetched(statement, asked | {"since": edge, "until": "infinity"})


def _fetched(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def evenings(days: Iterable[PersonDay], came: dict[date, int], *, remaining: int, today: date) -> list[Evening]:
    """Each calendar day from the first on which anything happened to today; empty where nothing did.

    Counted back from what is left now: an evening had what was done after it more, and what came after it less. So a
    rule that changed, or a re-screening, moves the days before it too, and the line always ends at what is true.
    """
    done: dict[date, list[PersonDay]] = defaultdict(list)
    for day in days:
        done[day.on].append(day)
    known = [*done, *came]
    if not known:
        return []
    found, left = [], remaining
    on = max(today, *known)
    while on >= min(known):
        there = done.get(on, [])
        opinions = sum(day.opinions for day in there)
        found.append(_evening(on, there, opinions, max(0, left)))
        left += opinions - came.get(on, 0)
        on -= timedelta(days=1)
    return found[::-1]


def _evening(on: date, there: Sequence[PersonDay], opinions: int, left: int) -> Evening:
    return Evening(
        on,
        opinions,
        adjudications=sum(day.adjudications for day in there),
        seconds=sum(day.seconds for day in there),
        timed=sum(day.timed for day in there),
        remaining=left,
    )


def complete_days(shown: Sequence[Evening], *, today: date) -> list[Day]:
    """The days that are over, as the forecast wants them."""
    return [Day(day.on, day.opinions, day.seconds, day.timed) for day in shown if day.on < today]
