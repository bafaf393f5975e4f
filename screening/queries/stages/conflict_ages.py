"""How long conflicts have waited, which have waited longest, and how long their settling took. Three queries."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from screening.enums import StageStatus
from screening.models.stage import StageState

# Name in an address, words, from age, to age.
BANDS = (
    ("day", "Under a day", timedelta(0), timedelta(days=1)),
    ("3days", "1 to 3 days", timedelta(days=1), timedelta(days=3)),
    ("week", "3 to 7 days", timedelta(days=3), timedelta(days=7)),
    ("older", "Over 7 days", timedelta(days=7), None),
)
OLDEST, LAST_SETTLED = 5, 500

# From the last opinion before an adjudication, which made the conflict, to the adjudication itself.
TOOK = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.9) WITHIN GROUP (ORDER BY took),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
  FROM (SELECT extract(epoch FROM a.created_at - (
                   SELECT max(d.created_at) FROM screening_decision d
                    WHERE d.record_id = a.record_id AND d.stage = a.stage AND d.id < a.id
                      AND d.origin NOT IN ('adjudication', 'imported'))) AS took, a.seconds
          FROM screening_decision a
         WHERE a.review_id = %(review)s AND a.stage = %(stage)s AND a.origin = 'adjudication'
           AND a.verdict <> 'withdrawn' AND a.supersedes_id IS NULL
         ORDER BY a.id DESC LIMIT %(last)s) settled WHERE took IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Band:
    """Conflicts of an age: its name in an address, its words, how many."""

    name: str
    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Settling:
    """How long the last adjudications took since the conflict arose, and active seconds on one; None without any."""

    n: int
    median: timedelta | None
    ninety: timedelta | None
    seconds: float | None


def aged(places: QuerySet[StageState], band: str) -> QuerySet[StageState]:
    """Those of the places that have been in conflict for as long as a band says. Raises KeyError for another name."""
    _, _, over, under = {name: (name, label, over, under) for name, label, over, under in BANDS}[band]
    return places.filter(_within(over, under), status=StageStatus.CONFLICT)


def bands(review_id: int, stage: str) -> list[Band]:
    """Conflicts by age, by when they last changed. One query."""
    places = StageState.objects.filter(review_id=review_id, stage=stage, status=StageStatus.CONFLICT)
    wanted = {f"band_{name}": Count("id", filter=_within(over, under)) for name, _, over, under in BANDS}
    found = places.aggregate(**wanted)
    return [Band(name, label, found[f"band_{name}"]) for name, label, _, _ in BANDS]


def oldest(review_id: int, stage: str) -> list[StageState]:
    """The conflicts that have waited longest, with their records. One query."""
    places = StageState.objects.filter(review_id=review_id, stage=stage, status=StageStatus.CONFLICT)
    return list(places.select_related("record").order_by("changed_at", "id")[:OLDEST])


def settling(review_id: int, stage: str) -> Settling:
    """Over the last LAST_SETTLED adjudications. One query."""
    with connection.cursor() as cursor:
        cursor.execute(TOOK, {"review": review_id, "stage": stage, "last": LAST_SETTLED})
        n, median, ninety, seconds = cursor.fetchone()
    return Settling(n, _span(median), _span(ninety), seconds)


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=float(seconds))


def _within(over: timedelta, under: timedelta | None) -> Q:
    now = timezone.now()
    older = Q(changed_at__lte=now - over) if over else Q()
    return older & Q(changed_at__gt=now - under) if under else older
