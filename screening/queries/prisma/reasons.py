"""For which one reason a report was excluded at full text."""

from collections.abc import Sequence

from django.db import connection

from screening.models.review import Review

NO_REASON = 0

# Of the words that count (queries/stages/votes.py): not of those before an amendment under which it is screened anew,
# or was before it was merged, nor of imported ones where people here have spoken. Filtered after DISTINCT ON, so that
# no earlier word of the same person takes their place.
# The adjudicator's reason, where there was one; else the highest in the review's ordered list among those that were
# given (MECIR C41 asks for the primary reason; an ordered list is how a team agrees which one that is).
DECIDING = """
SELECT DISTINCT ON (root) root, COALESCE(reason_id, 0) FROM (
    SELECT DISTINCT ON (root, whose, entry, d.origin = 'adjudication')
           s.record_id AS root, COALESCE(-d.brought_in_id, d.author_id) AS whose,
           CASE WHEN d.brought_in_id IS NOT NULL THEN d.record_id END AS entry, d.origin, d.verdict, d.reason_id,
           s.voters, COALESCE(p.number, 0) AS number,
           GREATEST(s.counts_from, COALESCE(o.counts_from, 0)) AS since
      FROM screening_stagestate s
      JOIN screening_record r ON r.id = s.record_id OR r.merged_into_id = s.record_id
      JOIN screening_decision d ON d.record_id = r.id AND d.stage = s.stage
      LEFT JOIN screening_protocolversion p ON p.id = d.protocol_id
      LEFT JOIN screening_stagestate o ON o.record_id = r.id AND o.stage = s.stage
     WHERE s.review_id = %(review)s AND s.stage = 'full_text' AND s.status = 'excluded'
       AND (%(records)s::bigint[] IS NULL OR s.record_id = ANY(%(records)s::bigint[]))
     ORDER BY root, whose, entry, d.origin = 'adjudication', d.id DESC
) last LEFT JOIN screening_exclusionreason reason ON reason.id = last.reason_id
WHERE verdict = 'exclude' AND since <= number AND (whose > 0 OR whose = ANY(voters))
ORDER BY root, (origin = 'adjudication') DESC, reason.retired NULLS LAST, reason.position NULLS LAST, reason_id
"""


def deciding_reasons(review: Review) -> dict[int, int]:
    """Record id -> id of the reason it was excluded for at full text; NO_REASON where nobody gave one."""
    with connection.cursor() as cursor:
        cursor.execute(DECIDING, {"review": review.pk, "records": None})
        return dict(cursor.fetchall())


IN_WORDS = (
    "SELECT d.root, r.text FROM (",
    DECIDING,
    ") AS d (root, id) JOIN screening_exclusionreason r ON r.id = d.id",
)


def reasons_in_words(review_id: int, record_ids: Sequence[int]) -> dict[int, str]:
    """Of these records, each that was excluded at full text -> for which reason, where one was given. One query."""
    if not record_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("".join(IN_WORDS), {"review": review_id, "records": list(record_ids)})
        return dict(cursor.fetchall())
