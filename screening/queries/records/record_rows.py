"""One page of a list of records, as it is shown: sources, statuses, tags, and the words of the search marked."""

from collections.abc import Sequence
from typing import Any

from screening.enums import Stage, StageStatus
from screening.models.record import Record
from screening.models.stage import StageState
from screening.queries.marks.annotations import tags_of
from screening.queries.prisma.reasons import reasons_in_words
from screening.queries.records.records import Eyes
from screening.queries.records.search import hits
from screening.queries.stages.queue import source_names
from screening.searching.marks import pieces, snippet
from screening.searching.terms import Words

NAMES_SHOWN = 3
LONGEST_SHOWN = 10_000  # characters of an abstract that are looked through for a snippet


def rows(ids: Sequence[int], words: list[Words], *, review_id: int, eyes: Eyes) -> list[dict[str, Any]]:
    """Records in the order of `ids`. Four queries, one more where words are looked for, and one where any was excluded
    at full text, for the reasons that the PRISMA flow counts."""
    there = Record.objects.in_bulk(ids)
    records = [there[pk] for pk in ids if pk in there]
    tags = tags_of(ids, review_id=review_id, user_id=eyes.user_id, roles=eyes.roles)
    sources = source_names(ids)
    statuses: dict[int, list[StageState]] = {}
    for state in StageState.objects.filter(record__in=ids).exclude(status="inactive").order_by("-stage"):
        statuses.setdefault(state.record_id, []).append(state)
    out = [pk for pk, states in statuses.items() if any(map(_excluded_at_full_text, states))]
    reasons = reasons_in_words(review_id, out)
    marked = hits(words, (text for record in records for text in _texts(record))) if words else set[str]()
    return [
        {
            "record": record,
            **_said(record, marked),
            "sources": sources.get(record.pk, []),
            "states": statuses.get(record.pk, []),
            "reason": reasons.get(record.pk, ""),
            "tags": tags.get(record.pk, []),
        }
        for record in records
    ]


def _excluded_at_full_text(state: StageState) -> bool:
    return (state.stage, state.status) == (Stage.FULL_TEXT, StageStatus.EXCLUDED)


def _texts(record: Record) -> list[str]:
    return [record.title, record.abstract[:LONGEST_SHOWN], record.journal, *record.authors, *record.keywords]


def _said(record: Record, marked: set[str]) -> dict[str, Any]:
    """Title, names, journal and keywords in pieces, and the stretch of the abstract that has most of the words."""
    authors = "; ".join(record.authors[:NAMES_SHOWN])
    late = [name for name in record.authors[NAMES_SHOWN:] if any(piece.hit for piece in pieces(name, marked))]
    more = len(record.authors) > NAMES_SHOWN
    named = [word for word in record.keywords if any(piece.hit for piece in pieces(word, marked))] if marked else []
    return {
        "title": pieces(record.title or "[No title]", marked),
        "authors": pieces("; ".join([authors, *late]) + (" and others" if more else ""), marked),
        "journal": pieces(record.journal, marked),
        "keywords": pieces("; ".join(named[:6]), marked),
        "snippet": snippet(record.abstract[:LONGEST_SHOWN], marked),
    }
