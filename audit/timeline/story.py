"""Reading a story, page by page. A place in it is the key of a line, so that pages stay put while the story grows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet, Value

from audit.timeline.entry import Entry, Page, Subject, Wanted
from audit.timeline.reading import read
from audit.timeline.sources import Source, sources

PAGE = 50
EXPORTED_AT_ONCE = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Key(NamedTuple):
    """Where a line stands: newest first, then by source and row."""

    moment: datetime
    source: str
    row: int

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // timedelta(microseconds=1)}~{self.source}~{self.row}"


def parse_key(text: str) -> Key | None:
    """The place that a key names; None for what is no key."""
    try:
        moment, source, row = text.split("~")
        return Key(EPOCH + timedelta(microseconds=int(moment)), source, int(row))
    except (ValueError, OverflowError):
        return None


def page(subject: Subject, wanted: Wanted | None = None, *, start: str = "", size: int = PAGE) -> Page:
    """The lines from `start` (a key, inclusive) on, newest first.

    The number of queries follows from what kinds of line there are, never from how many.
    """
    tables = {source.name: source for source in sources(subject, wanted or Wanted())}
    keys = _keys(list(tables.values()), parse_key(start), size + 1)
    rows: dict[str, list[int]] = {}
    for key in keys[:size]:
        rows.setdefault(key.source, []).append(key.row)
    read_rows = read({tables[name]: ids for name, ids in rows.items()})
    entries = [read_rows[key.source, key.row](str(key)) for key in keys[:size]]
    return Page(entries, str(keys[size]) if len(keys) > size else "")


def walk(subject: Subject, wanted: Wanted | None = None) -> Iterator[list[Entry]]:
    """The whole story in pages, for exports; bounded memory."""
    start = ""
    while True:
        found = page(subject, wanted, start=start, size=EXPORTED_AT_ONCE)
        if found.entries:
            yield found.entries
        if not found.next:
            return
        start = found.next


def _keys(tables: list[Source], start: Key | None, size: int) -> list[Key]:
    """The first keys of all tables together, in one query. Tables come sorted by name."""
    parts = [_part(place, source, start, size) for place, source in enumerate(tables)]
    if not parts:
        return []
    if len(parts) > 1:
        parts[0] = parts[0].union(*parts[1:], all=True).order_by("-line_at", "-line_place", "-line_row")[:size]
    return [Key(moment, tables[place].name, row) for moment, place, row in parts[0]]


def _part(place: int, source: Source, start: Key | None, size: int) -> "QuerySet[Any]":
    rows = source.rows if start is None else source.rows.filter(_from(source, start))
    named = rows.annotate(line_at=F(source.moment), line_place=Value(place), line_row=F("pk"))
    keys: QuerySet[Any] = named.order_by("-line_at", "-line_row").values_list("line_at", "line_place", "line_row")
    return keys[:size]


def _from(source: Source, start: Key) -> Q:
    earlier, same = Q(**{f"{source.moment}__lt": start.moment}), Q(**{source.moment: start.moment})
    if source.name > start.source:
        return earlier
    return earlier | same if source.name < start.source else earlier | (same & Q(pk__lte=start.row))
