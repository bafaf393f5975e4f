"""Giving a reviewer the next records, reserved for a while. The hot path: each statement is written out and indexed."""

from datetime import timedelta

from django.db import connection, transaction

from screening.enums import Stage
from screening.models.stage import StageRule

RESERVED_FOR = timedelta(minutes=30)

# Serialises the givers of one review and stage for a few milliseconds: without it two transactions could each see the
# same free place, since a reservation by another that commits in between is not in the statement's snapshot.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"

# A place is free for somebody while it needs more opinions than it has or is being given; one of them is kept for a
# senior reviewer while a senior is asked for and none has voted or holds it, and a senior may take it above the number.
# While a pilot round is open only its records are given out, to everybody who takes part.
CLAIM = """
WITH me AS (
    SELECT EXISTS (SELECT 1 FROM screening_reviewer p
                    WHERE p.review_id = %(review)s AND p.user_id = %(reviewer)s AND p.senior) AS senior
), round AS (
    SELECT max(p.id) AS id FROM screening_pilotround p
     WHERE p.review_id = %(review)s AND p.stage = %(stage)s AND p.closed_at IS NULL
), free AS (
    SELECT s.id, s.record_id, s.rank FROM screening_stagestate s, me, round
     CROSS JOIN LATERAL (
           SELECT count(r.id) AS n, count(r.id) FILTER (WHERE p.senior) AS seniors
             FROM screening_reservation r
             LEFT JOIN screening_reviewer p ON p.user_id = r.reviewer_id AND p.review_id = s.review_id
            WHERE r.state_id = s.id AND r.reviewer_id <> %(reviewer)s AND r.expires_at > now()) held
     WHERE s.review_id = %(review)s AND s.stage = %(stage)s AND s.status IN ('unscreened', 'partial')
       AND NOT (%(reviewer)s = ANY(s.voters)) AND NOT (s.record_id = ANY(%(have)s))
       AND (s.assigned = '{}' OR %(reviewer)s = ANY(s.assigned))
       AND CASE WHEN round.id IS NOT NULL THEN s.pilot_id = round.id
                WHEN %(senior_among)s AND (s.senior_missing OR s.voters = '{}') AND held.seniors = 0 THEN
                     me.senior OR cardinality(s.voters) + held.n + 1 < s.needed
                ELSE cardinality(s.voters) + held.n < s.needed END
     ORDER BY {order} LIMIT %(limit)s
), held AS (
    INSERT INTO screening_reservation (state_id, reviewer_id, expires_at)
    SELECT id, %(reviewer)s, now() + make_interval(secs => %(term)s) FROM free
        ON CONFLICT (state_id, reviewer_id) DO UPDATE SET expires_at = EXCLUDED.expires_at
)
SELECT s.record_id FROM free s ORDER BY {order}
"""
# Who reads full texts is given those that are there first. The set is made once; title and abstract keeps its index.
DOCUMENT_FIRST = """s.record_id NOT IN (
    SELECT COALESCE(r.merged_into_id, r.id) FROM screening_document d JOIN screening_record r ON r.id = d.record_id
     WHERE d.review_id = %(review)s AND NOT d.removed), s.rank"""
ORDER = {Stage.TITLE_ABSTRACT.value: "s.rank", Stage.FULL_TEXT.value: DOCUMENT_FIRST}


def claim_next(*, rule: StageRule, reviewer_id: int, limit: int, have: list[int]) -> list[int]:
    """Ids of the stage's next records for a reviewer, reserved for RESERVED_FOR; `have` are in hand already.

    A place is never given to more people than the record still needs opinions (SCR-04).
    """
    if limit <= 0:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [rule.review_id % 2**31, rule.stage])
        cursor.execute(
            CLAIM.replace("{order}", ORDER[rule.stage]),
            {
                "review": rule.review_id,
                "stage": rule.stage,
                "reviewer": reviewer_id,
                "senior_among": rule.senior_among,
                "limit": limit,
                "have": have,
                "term": RESERVED_FOR.total_seconds(),
            },
        )
        return [record_id for (record_id,) in cursor.fetchall()]
