"""The current opinions on records: each author's last word in each capacity, over all that was merged into a record."""

from collections import defaultdict
from collections.abc import Collection

from reviewapp import prepared
from screening.policies import Vote

# Withdrawn words are filtered after DISTINCT ON: the last word decides, and it may be "I take that back". Words under
# a protocol before the version that the place counts from are passed over: the record is screened anew.
CURRENT = """
SELECT root, author_id, verdict, origin, criteria_failed FROM (
    SELECT DISTINCT ON (root, d.author_id, d.origin = 'adjudication')
           COALESCE(r.merged_into_id, r.id) AS root, d.author_id, d.verdict, d.origin, d.criteria_failed, d.id
      FROM screening_record r
      JOIN screening_decision d ON d.record_id = r.id
      LEFT JOIN screening_stagestate s ON s.record_id = COALESCE(r.merged_into_id, r.id) AND s.stage = d.stage
     WHERE (r.id = ANY(%(records)s::bigint[]) OR r.merged_into_id = ANY(%(records)s::bigint[])) AND d.stage = %(stage)s
       AND (COALESCE(s.counts_from, 0) = 0 OR s.counts_from <= (
            SELECT p.number FROM screening_protocolversion p WHERE p.id = d.protocol_id))
     ORDER BY root, d.author_id, d.origin = 'adjudication', d.id DESC
) last WHERE verdict <> 'withdrawn' ORDER BY root, id
"""


def current_votes(record_ids: Collection[int], stage: str) -> dict[int, list[Vote]]:
    """Root record id -> its current votes, oldest first. One query, whatever the number of records."""
    votes: dict[int, list[Vote]] = defaultdict(list)
    for root, *vote in prepared.rows(CURRENT, {"records": list(record_ids), "stage": stage}):
        votes[root].append(Vote(*vote))
    return votes
