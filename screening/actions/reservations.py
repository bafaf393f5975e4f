"""Giving a reviewer the next records, reserved for a while. The hot path: each statement is written out and indexed."""

from datetime import timedelta

from django.db import connection, transaction

from screening.enums import Stage

RESERVED_FOR = timedelta(minutes=30)

# Serialises the givers of one review and stage for a few milliseconds: without it two transactions could each see the
# same free place, since a reservation by another that commits in between is not in the statement's snapshot.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"

CLAIM = """
WITH free AS (
    SELECT s.id, s.record_id, s.rank FROM screening_stagestate s
     WHERE s.review_id = %(review)s AND s.stage = %(stage)s AND s.status IN ('unscreened', 'partial')
       AND NOT (%(reviewer)s = ANY(s.voters)) AND NOT (s.record_id = ANY(%(have)s))
       AND cardinality(s.voters) + (
           SELECT count(*) FROM screening_reservation r
            WHERE r.state_id = s.id AND r.reviewer_id <> %(reviewer)s AND r.expires_at > now()) < s.needed
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


def claim_next(*, review_id: int, stage: str, reviewer_id: int, limit: int, have: list[int]) -> list[int]:
    """Ids of the next records for a reviewer, reserved for RESERVED_FOR; `have` are in hand already.

    A place is never given to more people than the record still needs opinions (SCR-04).
    """
    if limit <= 0:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [review_id % 2**31, stage])
        cursor.execute(
            CLAIM.format(order=ORDER[stage]),
            {
                "review": review_id,
                "stage": stage,
                "reviewer": reviewer_id,
                "limit": limit,
                "have": have,
                "term": RESERVED_FOR.total_seconds(),
            },
        )
        return [record_id for (record_id,) in cursor.fetchall()]
