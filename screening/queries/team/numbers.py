"""A reviewer's own numbers at a stage. They are that reviewer's and the lead's: see `visibility.sees_numbers`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from screening.models.review import Review
from screening.queries.team.pace import PersonDay, median_seconds

# Each person's last opinion on a record that an adjudicator settled, against the last adjudication. `maybe` is on the
# side of `include` at title and abstract; at full text it is an open question, which nobody can overturn.
OVERTURNED = """
WITH settled AS (
    SELECT DISTINCT ON (root) coalesce(r.merged_into_id, r.id) AS root, a.verdict, a.id
      FROM screening_decision a JOIN screening_record r ON r.id = a.record_id
     WHERE a.review_id = %(review)s AND a.stage = %(stage)s AND a.origin = 'adjudication'
     ORDER BY root, a.id DESC
), said AS (
    SELECT DISTINCT ON (f.root, d.author_id) f.root, d.author_id, d.verdict, f.settled_as FROM (
        SELECT root, root AS record_id, verdict AS settled_as, id FROM settled WHERE verdict <> 'withdrawn'
        UNION ALL
        SELECT s.root, m.id, s.verdict, s.id FROM settled s JOIN screening_record m ON m.merged_into_id = s.root
         WHERE s.verdict <> 'withdrawn') f
      JOIN screening_decision d ON d.record_id = f.record_id AND d.stage = %(stage)s
       AND d.origin NOT IN ('adjudication', 'imported') AND d.id < f.id
     WHERE %(person)s::int IS NULL OR d.author_id = %(person)s
     ORDER BY f.root, d.author_id, d.id DESC
)
SELECT author_id, count(*), count(*) FILTER (
           WHERE (verdict = 'exclude') <> (settled_as = 'exclude')
             AND NOT (verdict = 'maybe' AND %(stage)s = 'full_text'))
  FROM said WHERE verdict <> 'withdrawn' GROUP BY author_id
"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """One person at one stage. `per_day` is over the days on which they screened; `hours` is active time.

    Of the records that they had screened and an adjudicator settled (`adjudicated`), `overturned` went the other way.
    """

    person: int
    name: str
    opinions: int
    adjudications: int
    days: int
    per_day: float
    median_seconds: int | None
    hours: float
    adjudicated: int
    overturned: int


def numbers(review: Review, stage: str, days: Iterable[PersonDay], *, person: int | None = None) -> list[Numbers]:
    """Of everybody who said something at the stage (or of one person), those with most opinions first. Three queries.

    `days` are the stage's person days (`pace.person_days`).
    """
    by_person: dict[int, list[PersonDay]] = defaultdict(list)
    for day in days:
        if person is None or day.person == person:
            by_person[day.person].append(day)
    asked: dict[str, int | str | None] = {"review": review.pk, "stage": stage, "person": person}
    medians = median_seconds(review, stage)
    overturned = {author: (n, other) for author, n, other in _rows(OVERTURNED, asked)}
    names = names_of(by_person)
    found = [
        _numbers(pk, names[pk], listed, medians.get(pk), overturned.get(pk, (0, 0))) for pk, listed in by_person.items()
    ]
    return sorted(found, key=lambda one: (-one.opinions, one.name))


def _numbers(person: int, name: str, days: list[PersonDay], median: int | None, overturned: tuple[int, int]) -> Numbers:
    opinions = sum(day.opinions for day in days)
    at_work = sum(day.opinions > 0 for day in days)
    return Numbers(
        person,
        name,
        opinions,
        adjudications=sum(day.adjudications for day in days),
        days=at_work,
        per_day=opinions / at_work if at_work else 0.0,
        median_seconds=median,
        hours=sum(day.seconds for day in days) / 3_600,
        adjudicated=overturned[0],
        overturned=overturned[1],
    )


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """User id -> full name, or user name where there is none. One query."""
    return {user.pk: user.get_full_name() or user.get_username() for user in User.objects.filter(pk__in=set(ids))}


def _rows(statement: str, values: dict[str, int | str | None]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
