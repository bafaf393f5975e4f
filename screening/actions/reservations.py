"""Giving a reviewer the next records, reserved for a while. The hot path: each statement is written out and indexed.

Places are given in two statements. The first locks as many free places as are asked for, and passes over those that
somebody else has locked just now (SKIP LOCKED): givers don't wait for each other. The second looks at the reservations
of the locked places anew, and reserves those that are free still: a reservation that another transaction committed
while the first statement ran is not in that one's snapshot, and nobody can add one to a place that is locked by us.

Whoever has to wait waits for one place, named beforehand, and holds none. One statement that waited for the first
place of the queue would not do: where that place is free no more when its turn comes, PostgreSQL keeps its lock and
waits for the next one, in the order of the queue, while leads lock in the order of ids.
"""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from reviewapp import prepared
from reviewapp.deadlocks import begun_again
from screening.enums import Stage
from screening.models.stage import StageRule

RESERVED_FOR = timedelta(minutes=30)
ROUNDS = 20  # each begins after somebody else was given a place: more in a row than people screen at once

CONTEXT = """
WITH me AS (
    SELECT EXISTS (SELECT 1 FROM screening_reviewer p WHERE p.review_id = %(review)s::bigint
                      AND p.user_id = %(reviewer)s::int AND p.senior) AS senior
), round AS (
    SELECT max(p.id) AS id FROM screening_pilotround p
     WHERE p.review_id = %(review)s::bigint AND p.stage = %(stage)s::text AND p.closed_at IS NULL
)
"""
# A place is free for somebody while it needs more opinions than it has or is being given; one of them is kept for a
# senior reviewer while a senior is asked for and none has voted or holds it, and a senior may take it above the number.
# While a pilot round is open only its records are given out, to everybody who takes part.
FREE = """
       s.review_id = %(review)s::bigint AND s.stage = %(stage)s::text AND s.status IN ('unscreened', 'partial')
   AND NOT (%(reviewer)s::int = ANY(s.voters)) AND NOT (s.record_id = ANY(%(have)s::bigint[]))
   AND (s.assigned = '{}' OR %(reviewer)s::int = ANY(s.assigned))
   AND CASE WHEN (SELECT id FROM round) IS NOT NULL THEN s.pilot_id = (SELECT id FROM round)
            ELSE (SELECT CASE WHEN %(senior_among)s::boolean AND (s.senior_missing OR s.voters = '{}')
                               AND count(*) FILTER (WHERE p.senior) = 0
                         THEN (SELECT senior FROM me) OR cardinality(s.voters) + count(r.id) + 1 < s.needed
                         ELSE cardinality(s.voters) + count(r.id) < s.needed END
                    FROM screening_reservation r
                    LEFT JOIN screening_reviewer p ON p.user_id = r.reviewer_id AND p.review_id = s.review_id
                   WHERE r.state_id = s.id AND r.reviewer_id <> %(reviewer)s::int AND r.expires_at > now()) END
"""
SEEN = f"{CONTEXT} SELECT s.id FROM screening_stagestate s WHERE {FREE}"  # noqa: S608  our own texts
WAIT_FOR = f"{SEEN} AND s.id = %(place)s::bigint FOR NO KEY UPDATE OF s"
RESERVE = f"""{CONTEXT}, given AS (
    INSERT INTO screening_reservation (state_id, reviewer_id, expires_at)
    SELECT s.id, %(reviewer)s::int, now() + make_interval(secs => %(term)s::float) FROM screening_stagestate s
     WHERE s.id = ANY(%(places)s::bigint[]) AND {FREE}
        ON CONFLICT (state_id, reviewer_id) DO UPDATE SET expires_at = EXCLUDED.expires_at
    RETURNING state_id
)
SELECT s.id, s.record_id FROM screening_stagestate s WHERE s.id IN (SELECT state_id FROM given)
"""  # noqa: S608  our own texts
# Who reads full texts is given those that are there first. The set is made once; title and abstract keeps its index.
DOCUMENT_FIRST = """s.record_id NOT IN (
    SELECT COALESCE(r.merged_into_id, r.id) FROM screening_document d JOIN screening_record r ON r.id = d.record_id
     WHERE d.review_id = %(review)s::bigint AND NOT d.removed), s.rank"""
ORDER = {Stage.TITLE_ABSTRACT.value: "s.rank", Stage.FULL_TEXT.value: DOCUMENT_FIRST}


def claim_next(
    *, rule: StageRule, reviewer_id: int, limit: int, have: list[int], within: "QuerySet[Any, Any] | None" = None
) -> list[int]:
    """Ids of the stage's next records for a reviewer, reserved for RESERVED_FOR; `have` are in hand already.

    A place is never given to more people than the record still needs opinions (SCR-04). `within` is a query of record
    ids: only these are given (SCR-10). Nobody is told that nothing is left because somebody else has a place locked:
    who would be given nothing waits for it.
    """
    given: list[int] = []
    for _ in range(ROUNDS):
        if len(given) >= limit:
            break
        asked = {
            "review": rule.review_id,
            "stage": rule.stage,
            "reviewer": reviewer_id,
            "senior_among": rule.senior_among,
            "have": [*have, *given],
            "term": RESERVED_FOR.total_seconds(),
        }
        free, got = _give(asked, limit - len(given), within)
        if not free and not given and not have:
            free, got = _wait(asked, within)
        given += got
        if len(got) == free:
            break  # all there were, or there are no more
    return given


@begun_again
@transaction.atomic
def _give(asked: dict[str, Any], limit: int, within: "QuerySet[Any, Any] | None") -> tuple[int, list[int]]:
    """How many places seemed free (`limit` at most), and the records of those that were, in order. Waits for none."""
    lock = f"{SEEN}{_only(within)} ORDER BY {ORDER[asked['stage']]} LIMIT {limit:d} FOR NO KEY UPDATE OF s SKIP LOCKED"
    places = [place for (place,) in prepared.rows(lock, asked)]
    return len(places), _reserved(asked, places)


def _wait(asked: dict[str, Any], within: "QuerySet[Any, Any] | None") -> tuple[int, list[int]]:
    """The same of the first place that is locked by somebody else: 1 if there is one, and its record if it was free.

    It may be free no more once its turn has come. Then it is let go before another one is waited for.
    """
    first = prepared.rows(f"{SEEN}{_only(within)} ORDER BY {ORDER[asked['stage']]} LIMIT 1", asked)
    return len(first), [record_id for (place,) in first for record_id in _waited_for(asked, place)]


@begun_again
@transaction.atomic
def _waited_for(asked: dict[str, Any], place: int) -> list[int]:
    """Rolled back where there is nothing to be given: that lets the place go within a caller's transaction too.

    (PostgreSQL's manual, "Explicit Locking": row locks are released at the transaction's end, or when the savepoint
    that they were taken after is rolled back to.)
    """
    records = _reserved(asked, [free for (free,) in prepared.rows(WAIT_FOR, {**asked, "place": place})])
    if not records:
        transaction.set_rollback(True)
    return records


def _reserved(asked: dict[str, Any], places: list[int]) -> list[int]:
    """Reserve those of these places, locked by the caller, that are free by a second look; their records, in order."""
    if not places:
        return []
    records = dict(prepared.rows(RESERVE, {**asked, "places": places}))
    return [records[place] for place in places if place in records]


def _only(within: "QuerySet[Any, Any] | None") -> str:
    """The condition that a place's record is one of these. The values stand in the text, quoted by psycopg."""
    if within is None:
        return ""
    operations: Any = connection.ops  # PostgreSQL's know how to quote
    text = operations.compose_sql(*within.query.sql_with_params())
    return f" AND s.record_id IN ({text})".replace("%", "%%")
