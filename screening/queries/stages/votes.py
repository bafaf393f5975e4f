"""The current opinions on records: each author's last word in each capacity, over all that was merged into a record."""

from collections import defaultdict
from collections.abc import Collection

from reviewapp import prepared
from screening.policies import Vote

# What doesn't count is filtered after DISTINCT ON: the last word decides. It may be "I take that back", or one under a
# protocol before the version that its place counts from, since the record, or the one that it was merged into, is
# screened anew; an earlier word of the same person doesn't come back for that. What was imported is nobody's here: each
# import has its own word, and of several records that were merged one on each, for they may differ (IMP-06).
CURRENT = """
SELECT root, whose, verdict, origin, criteria_failed, final FROM (
    SELECT DISTINCT ON (root, whose, entry, d.origin = 'adjudication')
           COALESCE(r.merged_into_id, r.id) AS root, COALESCE(-d.brought_in_id, d.author_id) AS whose,
           CASE WHEN d.brought_in_id IS NOT NULL THEN d.record_id END AS entry, d.verdict, d.origin,
           d.criteria_failed, d.id, COALESCE(e.counts_as = 'final', FALSE) AS final,
           d.protocol_id, GREATEST(COALESCE(s.counts_from, 0), COALESCE(o.counts_from, 0)) AS since
      FROM screening_record r
      JOIN screening_decision d ON d.record_id = r.id
      LEFT JOIN screening_stagestate s ON s.record_id = COALESCE(r.merged_into_id, r.id) AND s.stage = d.stage
      LEFT JOIN screening_stagestate o ON o.record_id = r.id AND o.stage = d.stage
      LEFT JOIN screening_decisionimport e ON e.id = d.brought_in_id
     WHERE (r.id = ANY(%(records)s::bigint[]) OR r.merged_into_id = ANY(%(records)s::bigint[])) AND d.stage = %(stage)s
     ORDER BY root, whose, entry, d.origin = 'adjudication', d.id DESC
) last
 WHERE verdict <> 'withdrawn' AND (since = 0 OR since <= (
       SELECT p.number FROM screening_protocolversion p WHERE p.id = last.protocol_id))
 ORDER BY root, id
"""


def current_votes(record_ids: Collection[int], stage: str) -> dict[int, list[Vote]]:
    """Root record id -> its current votes, oldest first. One query, whatever the number of records."""
    votes: dict[int, list[Vote]] = defaultdict(list)
    for root, *vote in prepared.rows(CURRENT, {"records": list(record_ids), "stage": stage}):
        votes[root].append(Vote(*vote))
    return votes
