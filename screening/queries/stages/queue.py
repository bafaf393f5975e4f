"""Records as a reviewer's workbench shows them: what they are, where from, and only what that reviewer may see."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from reviewapp import prepared
from screening.enums import Origin, Stage
from screening.models.decision import Decision
from screening.queries.assistants import suggestions
from screening.queries.documents.documents import current_documents, document_shown
from screening.queries.marks.annotations import Marks, marks_of
from screening.visibility import sees_suggestion

# The workbench's hot path, so written out: building the same by the ORM costs more than running it. The family of a
# record, itself and what was merged into it, comes first: "this record or one merged into it" over a join can't be
# answered from an index, and PostgreSQL would read every row there is.
DESCRIBED = """
SELECT r.id, r.title, r.authors, r.year, r.journal, r.abstract, r.keywords, r.doi, r.url, v.invented
  FROM screening_record r JOIN screening_review v ON v.id = r.review_id WHERE r.id = ANY(%(records)s::bigint[])
"""
SOURCES = """
WITH family AS MATERIALIZED (
    SELECT id, COALESCE(merged_into_id, id) AS root FROM screening_record
     WHERE id = ANY(%(records)s::bigint[]) OR merged_into_id = ANY(%(records)s::bigint[])
)
SELECT DISTINCT f.root, s.name
  FROM family f JOIN screening_citation c ON c.record_id = f.id JOIN screening_source s ON s.id = c.source_id
 ORDER BY s.name
"""
OWN = """
WITH family AS MATERIALIZED (
    SELECT id, COALESCE(merged_into_id, id) AS root FROM screening_record
     WHERE id = ANY(%(records)s::bigint[]) OR merged_into_id = ANY(%(records)s::bigint[])
)
SELECT last.root, last.id, last.record_id, last.verdict, last.reason_id, last.override, last.created_at, (
           SELECT json_object_agg(j.criterion_id, j.judged) FROM screening_criterionjudgement j
            WHERE j.decision_id = last.id)
  FROM (SELECT DISTINCT ON (f.root) f.root, d.id, d.record_id, d.verdict, d.reason_id, d.override,
               d.created_at, d.protocol_id,
               GREATEST(COALESCE(s.counts_from, 0), COALESCE(o.counts_from, 0)) AS since
          FROM family f
          JOIN screening_decision d ON d.record_id = f.id
          LEFT JOIN screening_stagestate s ON s.record_id = f.root AND s.stage = d.stage
          LEFT JOIN screening_stagestate o ON o.record_id = f.id AND o.stage = d.stage
         WHERE d.stage = %(stage)s AND d.author_id = %(author)s AND d.origin NOT IN ('adjudication', 'imported')
         ORDER BY f.root, d.id DESC) last
  LEFT JOIN screening_protocolversion p ON p.id = last.protocol_id
 WHERE COALESCE(p.number, 0) >= last.since
 ORDER BY last.root
"""


def cards(
    record_ids: Sequence[int],
    *,
    stage: str,
    reviewer_id: int,
    oversight: str,
    roles: Collection[str],
    fresh: bool = False,
) -> list[dict[str, Any]]:
    """QueueRecords in the order asked for. `fresh`: nothing that the reviewer said of them is shown."""
    if not record_ids:
        return []
    described, sources = _described(record_ids), source_names(record_ids)
    mine = {} if fresh else own_decisions(record_ids, stage=stage, author_id=reviewer_id)
    visible = [
        record_id
        for record_id in record_ids
        if sees_suggestion(oversight=oversight, roles=roles, voted=_stands(mine.get(record_id)))
    ]
    shown = suggestions.latest(visible, stage) if visible else {}
    marks = marks_of(record_ids, user_id=reviewer_id, roles=roles)
    documents = current_documents(record_ids) if stage == Stage.FULL_TEXT else {}
    return [
        {
            **described[record_id],
            "sources": sources.get(record_id, []),
            "my_decision": mine.get(record_id),
            "suggestion": suggestions.shown(shown[record_id]) if record_id in shown else None,
            "document": document_shown(documents[record_id]) if record_id in documents else None,
            **asdict(marks.get(record_id, Marks())),
        }
        for record_id in record_ids
        if record_id in described
    ]


def _described(record_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    with prepared.cursor() as cursor:
        cursor.execute(DESCRIBED, {"records": list(record_ids)})
        return {row[0]: _card(*row) for row in cursor.fetchall()}


def _card(
    record_id: int,
    title: str,
    authors: list[str],
    year: int | None,
    journal: str,
    abstract: str,
    keywords: list[str],
    doi: str,
    url: str,
    invented: bool,  # noqa: FBT001  a column
) -> dict[str, Any]:
    return {
        "id": record_id,
        "title": title or "[No title]",
        "authors": _names(authors),
        "year": year,
        "journal": journal,
        "abstract": abstract,
        "keywords": ", ".join(keywords),
        "doi": doi,
        "url": _web_address(url),
        "invented": invented,
    }


def _names(authors: list[str]) -> str:
    """At most six names: an abstract is what is read here."""
    return ", ".join(authors[:6]) + (f" and {len(authors) - 6} more" if len(authors) > 6 else "")


def _web_address(url: str) -> str:
    """Untrusted: only what is plainly a web address becomes a link."""
    return url if url.startswith(("https://", "http://")) else ""


def source_names(record_ids: Collection[int]) -> dict[int, list[str]]:
    """Record id -> names of all sources that brought it, merged citations included."""
    names: dict[int, list[str]] = defaultdict(list)
    with prepared.cursor() as cursor:
        cursor.execute(SOURCES, {"records": list(record_ids)})
        for root, name in cursor.fetchall():
            names[root].append(name)
    return names


def own_decisions(record_ids: Collection[int], *, stage: str, author_id: int) -> dict[int, dict[str, Any]]:
    """Record id -> this person's last word as a reviewer on it, withdrawn ones included, with its judgements.

    A word on a record that was merged into it counts, as it does for the status. One that doesn't count any more,
    since the record is screened anew, is passed over.
    """
    with prepared.cursor() as cursor:
        cursor.execute(OWN, {"records": list(record_ids), "stage": stage, "author": author_id})
        return {root: {**_word(*word), "judgements": judged or {}} for root, *word, judged in cursor.fetchall()}


def decision_shown(decision: Decision) -> dict[str, Any]:
    """A decision as its author sees it."""
    created = decision.created_at or datetime.now(UTC)
    said = (decision.verdict, decision.reason_id, decision.override)
    return _word(decision.pk, decision.record_id, *said, created)


def _word(
    pk: int, record_id: int, verdict: str, reason_id: int | None, override: str, created_at: datetime
) -> dict[str, Any]:
    return {
        "id": pk,
        "record": record_id,
        "verdict": verdict,
        "reason": reason_id,
        "override": override,
        "created_at": created_at.isoformat(),
    }


def _stands(decision: dict[str, Any] | None) -> bool:
    return decision is not None and decision["verdict"] != "withdrawn"


def recent(*, review_id: int, stage: str, author_id: int, limit: int = 20) -> list[int]:
    """Ids of the records that this person decided last, oldest first: what J, K and undo walk through."""
    words = Decision.objects.filter(review_id=review_id, stage=stage, author_id=author_id)
    words = words.exclude(origin__in=(Origin.ADJUDICATION, Origin.IMPORTED))
    ids = list(words.order_by("-id").values_list("record_id", flat=True)[: limit * 3])
    return list(dict.fromkeys(ids))[:limit][::-1]
