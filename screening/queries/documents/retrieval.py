"""Which reports could not be had, and which have a file: the facts on which retrieval stands (PRISMA 2020)."""

from collections.abc import Collection

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from screening.enums import Stage
from screening.models.document import Document
from screening.models.review import Review

# The last word on a record and on all that was merged into it. A file at hand answers the question, read or not; and
# so does an opinion that somebody here gave since, of a file that the record had: a report that was read is not lost
# again when its file is removed.
LOST = """
SELECT root FROM (
    SELECT DISTINCT ON (root) COALESCE(r.merged_into_id, r.id) AS root, o.outcome, o.created_at
      FROM screening_record r JOIN screening_retrieval o ON o.record_id = r.id
     WHERE r.id = ANY(%(records)s) OR r.merged_into_id = ANY(%(records)s)
     ORDER BY root, o.id DESC
) last
 WHERE outcome = 'not_retrieved' AND NOT EXISTS (
    SELECT 1 FROM screening_record f JOIN screening_document d ON d.record_id = f.id
     WHERE (f.id = last.root OR f.merged_into_id = last.root)
       AND (NOT d.removed OR EXISTS (
            SELECT 1 FROM screening_record g JOIN screening_decision v ON v.record_id = g.id
             WHERE (g.id = last.root OR g.merged_into_id = last.root)
               AND v.stage = 'full_text' AND v.verdict <> 'withdrawn' AND v.origin <> 'imported'
               AND NOT EXISTS (SELECT 1 FROM screening_decision w WHERE w.supersedes_id = v.id)
               AND v.created_at > last.created_at AND v.created_at >= d.created_at)))
"""


def not_retrieved(record_ids: Collection[int], stage: str) -> set[int]:
    """Roots among these records whose report was sought in vain and did not come since. One query; at full text."""
    if stage != Stage.FULL_TEXT or not record_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(LOST, {"records": list(record_ids)})
        return {root for (root,) in cursor.fetchall()}


def with_document(review: Review) -> QuerySet[Document]:
    """Ids of the records (roots) that have a file, as a subquery: `pk__in=with_document(review)`."""
    files = Document.objects.filter(review=review, removed=False, record__isnull=False).order_by()
    return files.values_list(Coalesce("record__merged_into_id", "record_id"))
