"""The places of a stage with what people said of each, in one statement: for looking at a whole stage at once."""

from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from screening.policies import Vote

# The same words as in queries.votes, for a review instead of a list of records: the last word of each author in each
# capacity (of an import: on each record), unless it takes that back, under the version that the place counts from or a
# later one.
PLACES = """
WITH last AS (
    SELECT DISTINCT ON (root, whose, entry, d.origin = 'adjudication')
           COALESCE(r.merged_into_id, r.id) AS root, COALESCE(-d.brought_in_id, d.author_id) AS whose,
           CASE WHEN d.brought_in_id IS NOT NULL THEN d.record_id END AS entry, d.verdict, d.origin,
           d.criteria_failed, d.id, (e.counts_as IS NOT DISTINCT FROM 'final')::int AS final,
           d.protocol_id, GREATEST(COALESCE(s.counts_from, 0), COALESCE(o.counts_from, 0)) AS since
      FROM screening_decision d
      JOIN screening_record r ON r.id = d.record_id
      LEFT JOIN screening_stagestate s ON s.record_id = COALESCE(r.merged_into_id, r.id) AND s.stage = d.stage
      LEFT JOIN screening_stagestate o ON o.record_id = r.id AND o.stage = d.stage
      LEFT JOIN screening_decisionimport e ON e.id = d.brought_in_id
     WHERE d.review_id = %(review)s AND d.stage = %(stage)s
     ORDER BY root, whose, entry, d.origin = 'adjudication', d.id DESC
), words AS (
    SELECT root, string_agg(concat_ws(':', whose, verdict, origin, criteria_failed, final), ' ' ORDER BY id) AS shape
      FROM last WHERE verdict <> 'withdrawn' AND (since = 0 OR since <= (
           SELECT p.number FROM screening_protocolversion p WHERE p.id = last.protocol_id))
     GROUP BY root
)
SELECT s.record_id, s.status, s.needed, s.senior_missing, s.waived, s.voters::text, s.assigned::text,
       CASE WHEN p.closed_at IS NULL THEN p.reviewers::text END, coalesce(w.shape, '')
  FROM screening_stagestate s
  LEFT JOIN screening_pilotround p ON p.id = s.pilot_id
  LEFT JOIN words w ON w.root = s.record_id
 WHERE s.review_id = %(review)s AND s.stage = %(stage)s AND s.status <> 'inactive'
"""


class Shape(NamedTuple):
    """A place as it is stored. `round` are the reviewers of the open pilot round that it is part of, if it is.

    What is the same for many places is left as text, which is equal where the places are alike: `people_of` reads
    `voters`, `assigned` and `round`, `votes_of` reads what was `said`.
    """

    record_id: int
    status: str
    needed: int
    senior_missing: bool
    waived: bool
    voters: str
    assigned: str
    round: str | None
    said: str


def shapes(review_id: int, stage: str) -> list[Shape]:
    """Every place at the stage, those of records that are not at it left out. One query, 50,000 records in 0.5 s."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"review": review_id, "stage": stage})
        return [Shape._make(row) for row in cursor.fetchall()]


@lru_cache(100_000)
def people_of(listed: str) -> tuple[int, ...]:
    """User ids in an array as PostgreSQL writes it: "{3,14}"."""
    return tuple(int(person) for person in listed.strip("{}").split(",") if person)


@lru_cache(100_000)
def _vote(word: str) -> Vote:
    author, verdict, origin, failed, final = word.split(":")
    return Vote(int(author), verdict, origin, int(failed), final == "1")


def votes_of(said: str) -> list[Vote]:
    """The current votes in `Shape.said`, oldest first."""
    return [_vote(word) for word in said.split()]
