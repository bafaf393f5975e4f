"""Records as a reviewer's workbench shows them: what they are, where from, and only what that reviewer may see."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from screening.enums import Origin, Stage
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries import suggestions
from screening.queries.annotations import Marks, marks_of
from screening.queries.documents import current_documents, document_shown
from screening.visibility import sees_suggestion


def cards(
    record_ids: Sequence[int],
    *,
    stage: str,
    reviewer_id: int,
    oversight: str,
    roles: Collection[str],
    fresh: bool = False,
) -> list[dict[str, Any]]:
    """QueueRecords in the order asked for. `fresh`: the reviewer has said nothing of them yet (saves a query)."""
    if not record_ids:
        return []
    records = Record.objects.select_related("review").in_bulk(record_ids)
    sources = source_names(record_ids)
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
            **_described(records[record_id]),
            "sources": sources.get(record_id, []),
            "my_decision": mine.get(record_id),
            "suggestion": suggestions.shown(shown[record_id]) if record_id in shown else None,
            "document": document_shown(documents[record_id]) if record_id in documents else None,
            **asdict(marks.get(record_id, Marks())),
        }
        for record_id in record_ids
        if record_id in records
    ]


def _described(record: Record) -> dict[str, Any]:
    return {
        "id": record.pk,
        "title": record.title or "[No title]",
        "authors": _names(record.authors),
        "year": record.year,
        "journal": record.journal,
        "abstract": record.abstract,
        "keywords": ", ".join(record.keywords),
        "doi": record.doi,
        "url": _web_address(record.url),
        "invented": record.review.invented,
    }


def _names(authors: list[str]) -> str:
    """At most six names: an abstract is what is read here."""
    return ", ".join(authors[:6]) + (f" and {len(authors) - 6} more" if len(authors) > 6 else "")


def _web_address(url: str) -> str:
    """Untrusted: only what is plainly a web address becomes a link."""
    return url if url.startswith(("https://", "http://")) else ""


def source_names(record_ids: Collection[int]) -> dict[int, list[str]]:
    """Record id -> names of all sources that brought it, merged citations included."""
    named = (
        Citation.objects.filter(record__in=_family(record_ids))
        .annotate(root=Coalesce("record__merged_into_id", "record_id"))
        .values_list("root", "source__name")
        .order_by("source__name")
        .distinct()
    )
    names: dict[int, list[str]] = defaultdict(list)
    for root, name in named:
        names[root].append(name)
    return names


def _family(record_ids: Collection[int]) -> QuerySet[Record, Any]:
    """Ids of the records and of all that was merged into them, as a subquery.

    On its own, since "this record or one merged into it" over a join can't be answered from an index: PostgreSQL would
    read every citation and record there is.
    """
    return Record.objects.filter(Q(pk__in=record_ids) | Q(merged_into__in=record_ids)).order_by().values("pk")


def own_decisions(record_ids: Collection[int], *, stage: str, author_id: int) -> dict[int, dict[str, Any]]:
    """Record id -> this person's last word as a reviewer on it, withdrawn ones included. Three queries.

    A word on a record that was merged into it counts, as it does for the status. One that doesn't count any more,
    since the record is screened anew, is left out.
    """
    words = (
        Decision.objects.filter(record__in=_family(record_ids), stage=stage, author_id=author_id)
        .exclude(origin=Origin.ADJUDICATION)
        .annotate(root=Coalesce("record__merged_into_id", "record_id"))
        .select_related("reason", "protocol")
        .prefetch_related("judgements")
        .order_by("root", "-id")
        .distinct("root")
    )
    anew = StageState.objects.filter(record__in=record_ids, stage=stage, counts_from__gt=0)
    since = dict(anew.values_list("record_id", "counts_from"))
    counted = [word for word in words if (word.protocol.number if word.protocol else 0) >= since.get(word.root, 0)]
    return {
        word.root: decision_shown(word)
        | {"judgements": {str(one.criterion_id): one.judged for one in word.judgements.all()}}
        for word in counted
    }


def decision_shown(decision: Decision) -> dict[str, Any]:
    """A decision as its author sees it."""
    return {
        "id": decision.pk,
        "record": decision.record_id,
        "verdict": decision.verdict,
        "reason": decision.reason_id,
        "created_at": (decision.created_at or datetime.now(UTC)).isoformat(),
    }


def _stands(decision: dict[str, Any] | None) -> bool:
    return decision is not None and decision["verdict"] != "withdrawn"


def recent(*, review_id: int, stage: str, author_id: int, limit: int = 20) -> list[int]:
    """Ids of the records that this person decided last, oldest first: what J, K and undo walk through."""
    words = Decision.objects.filter(review_id=review_id, stage=stage, author_id=author_id)
    words = words.exclude(origin=Origin.ADJUDICATION)
    ids = list(words.order_by("-id").values_list("record_id", flat=True)[: limit * 3])
    return list(dict.fromkeys(ids))[:limit][::-1]
