"""What goes out: records and decisions as CSV and RIS. Untrusted text is safe in a spreadsheet (SEC-05)."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from audit.export import csv_lines
from screening.enums import Stage
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.annotations import tags_of
from screening.queries.queue import source_names

BATCH = 1_000
RECORD_COLUMNS = (
    "record_id", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "abstract", "keywords",
    "url", "language", "type", "sources", "title_abstract", "full_text", "tags",
)  # fmt: skip
DECISION_COLUMNS = (
    "decision_id", "record_id", "title", "stage", "verdict", "reason", "author", "origin", "oversight",
    "suggestion_seen", "supersedes", "protocol_version", "seconds", "note", "decided_at_utc",
)  # fmt: skip


def records_csv(records: QuerySet[Record], *, review_id: int, user_id: int, roles: Collection[str]) -> Iterator[str]:
    """Records with their sources, status at each stage and the tags that this person may see, line by line.

    With a BOM for spreadsheets.
    """
    tags = partial(tags_of, review_id=review_id, user_id=user_id, roles=roles)
    return csv_lines(RECORD_COLUMNS, _record_rows(records, tags))


def _record_rows(
    records: QuerySet[Record], tags_of_batch: Callable[[list[int]], dict[int, list[dict[str, Any]]]]
) -> Iterator[tuple[object, ...]]:
    for batch in _batches(records):
        tags = tags_of_batch([record.pk for record in batch])
        sources, statuses = source_names([r.pk for r in batch]), _statuses(batch)
        for record in batch:
            yield (
                record.pk, record.title, "; ".join(record.authors), record.year, record.journal, record.volume,
                record.issue, record.pages, record.doi, record.abstract, "; ".join(record.keywords), record.url,
                record.language, record.type, "; ".join(sources.get(record.pk, [])),
                statuses.get((record.pk, Stage.TITLE_ABSTRACT), ""), statuses.get((record.pk, Stage.FULL_TEXT), ""),
                "; ".join(tag["name"] for tag in tags.get(record.pk, [])),
            )  # fmt: skip


def decisions_csv(decisions: QuerySet[Decision]) -> Iterator[str]:
    """Every decision ever made, superseded ones included, oldest first."""
    return csv_lines(DECISION_COLUMNS, _decision_rows(decisions))


def _decision_rows(decisions: QuerySet[Decision]) -> Iterator[tuple[object, ...]]:
    related = decisions.select_related("record", "reason", "author", "protocol").order_by("id")
    for decision in related.iterator(BATCH):
        yield (
            decision.pk, decision.record_id, decision.record.title, decision.stage, decision.verdict,
            decision.reason.text if decision.reason else "", decision.author.get_username(), decision.origin,
            decision.oversight, decision.citing_id or "", decision.supersedes_id or "",
            decision.protocol.number if decision.protocol else "", decision.seconds, decision.note,
            _utc(decision.created_at),
        )  # fmt: skip


def records_ris(records: QuerySet[Record]) -> Iterator[str]:
    """Records as RIS, which every reference manager reads; status at each stage as notes (N1)."""
    for batch in _batches(records):
        sources, statuses = source_names([r.pk for r in batch]), _statuses(batch)
        for record in batch:
            yield _ris(record, sources.get(record.pk, []), statuses)


def _ris(record: Record, sources: list[str], statuses: dict[tuple[int, str], str]) -> str:
    lines = [("TY", "JOUR"), ("ID", str(record.pk)), ("TI", record.title)]
    lines += [("AU", author) for author in record.authors]
    lines += [("PY", str(record.year or "")), ("JO", record.journal), ("VL", record.volume), ("IS", record.issue)]
    lines += _pages(record.pages)
    lines += [("DO", record.doi), ("AB", record.abstract)]
    lines += [("KW", word) for word in record.keywords]
    lines += [("UR", record.url), ("LA", record.language), ("DB", "; ".join(sources))]
    for stage in Stage:
        status = statuses.get((record.pk, stage))
        lines += [("N1", f"{stage.label}: {status}")] if status else []
    out = io.StringIO()
    for tag, value in lines:
        text = " ".join(value.split())  # a line break in a value would start a tag
        if text:
            out.write(f"{tag}  - {text}\r\n")
    out.write("ER  - \r\n\r\n")
    return out.getvalue()


def _pages(pages: str) -> list[tuple[str, str]]:
    first, _, last = pages.partition("-")
    return [("SP", first.strip()), ("EP", last.strip())]


def _statuses(batch: Iterable[Record]) -> dict[tuple[int, str], str]:
    states = StageState.objects.filter(record__in=[record.pk for record in batch]).exclude(status="inactive")
    return {(record, stage): status for record, stage, status in states.values_list("record_id", "stage", "status")}


def _batches(records: QuerySet[Record]) -> Iterator[list[Record]]:
    """Records by id, in batches that fit in memory whatever the size of the review."""
    last = 0
    ordered = records.order_by("id")
    while batch := list(ordered.filter(id__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
