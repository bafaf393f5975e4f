"""Records, decisions, exclusions and amendments as tables, for CSV and XLSX."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from screening.enums import Stage
from screening.export.data import Telling, imported_from, in_words, set_aside_since, utc
from screening.models.protocol import ProtocolVersion
from screening.queries.amendments.amendments import amendments_of
from screening.queries.assistants.origins import in_words as in_words_of_ai
from screening.queries.stages.judged import judged_in_words

Row = tuple[object, ...]
RECORDS = (
    "record_id", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "abstract", "keywords",
    "url", "language", "type", "sources", "title_abstract", "full_text", "tags", "exclusion_reason", "decisions",
    "related_records",
)  # fmt: skip
DECISIONS = (
    "decision_id", "record_id", "title", "stage", "verdict", "reason", "criteria", "author", "origin",
    "decision_import", "imported_from", "oversight", "suggestion_seen", "suggestion_seen_by", "override", "supersedes",
    "protocol_version", "screened_anew_since", "seconds", "note", "decided_at_utc",
)  # fmt: skip
EXCLUDED = (
    "record_id", "title", "authors", "year", "journal", "doi", "reason", "reviewers", "excluded_at_utc", "decisions",
)  # fmt: skip
AMENDMENTS = ("version", "reason", "question", "criteria", "written_by", "written_at_utc", "sha256")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table by its name; the rows are made as they are read."""

    name: str
    header: Sequence[str]
    rows: Iterable[Row]


def records(telling: Telling, ids: Sequence[int]) -> Sheet:
    return Sheet("Records", RECORDS, _records(telling, ids))


def _records(telling: Telling, ids: Sequence[int]) -> Iterator[Row]:
    for one in telling.records(ids):
        record = one.record
        yield (
            record.pk, record.title, "; ".join(record.authors), record.year, record.journal, record.volume,
            record.issue, record.pages, record.doi, record.abstract, "; ".join(record.keywords), record.url,
            record.language, record.type, "; ".join(one.sources), one.statuses.get(Stage.TITLE_ABSTRACT, ""),
            one.statuses.get(Stage.FULL_TEXT, ""), "; ".join(one.tags), one.reason,
            "\n".join(in_words(word, one.authors[word.pk]) for word in one.decisions if word.pk in one.standing),
            "; ".join(one.related),
        )  # fmt: skip


def decisions(telling: Telling) -> Sheet:
    """Every decision ever made, superseded ones included, oldest first."""
    return Sheet("Decisions", DECISIONS, _decisions(telling))


def _decisions(telling: Telling) -> Iterator[Row]:
    for decision, author in telling.each_decision():
        yield (
            decision.pk, decision.record_id, decision.record.title, decision.stage, decision.verdict,
            decision.reason.text if decision.reason else "", judged_in_words(decision),
            author, decision.origin, decision.brought_in_id or "", imported_from(decision), decision.oversight,
            decision.citing_id or "", in_words_of_ai(telling.seen(decision)), telling.override(decision),
            decision.supersedes_id or "",
            decision.protocol.number if decision.protocol else "", set_aside_since(decision) or "",
            telling.seconds(decision), telling.note(decision), utc(decision.created_at),
        )  # fmt: skip


def excluded(telling: Telling) -> Sheet:
    """Reports excluded at full text with the reason that the PRISMA flow counts (REP-07)."""
    return Sheet("Excluded at full text", EXCLUDED, _excluded(telling, sorted(telling.reasons())))


def _excluded(telling: Telling, ids: Sequence[int]) -> Iterator[Row]:
    for one in telling.records(ids):
        record, words = one.record, [d for d in one.decisions if d.stage == Stage.FULL_TEXT and d.pk in one.standing]
        yield (
            record.pk, record.title, "; ".join(record.authors), record.year, record.journal, record.doi, one.reason,
            "; ".join(dict.fromkeys(one.authors[word.pk] for word in words)),
            utc(max(word.created_at for word in words)) if words else "",
            "\n".join(in_words(word, one.authors[word.pk]) for word in words),
        )  # fmt: skip


def amendments(telling: Telling) -> Sheet:
    """The versions of the protocol with the reason of each, its criteria as JSON, who wrote it and when, and its hash.

    Question and criteria are all that the hash is of (queries.fingerprints), so anybody can compute it again (SCR-09).
    """
    rows = (
        (
            one.number, one.reason, one.question, json.dumps(criteria_of(one), ensure_ascii=False),
            one.created_by.get_username(), utc(one.created_at), one.sha256,
        )
        for one in amendments_of(telling.review).prefetch_related("criteria")
    )  # fmt: skip
    return Sheet("Amendments", AMENDMENTS, rows)


def criteria_of(version: ProtocolVersion) -> list[dict[str, str]]:
    """The criteria of a version in their order, with the values that its hash is of."""
    names = ("key", "label", "text", "facet", "polarity", "if_not_reported")
    return [{name: str(getattr(one, name)) for name in names} for one in version.criteria.all()]
