"""Records as RIS, which every reference manager reads; where they stand, and who said what, as notes (N1)."""

import io
from collections.abc import Iterator, Sequence

from screening.enums import Stage
from screening.export.data import Exported, Telling, in_words

TYPES = {"journal article": "JOUR", "article": "JOUR", "book": "BOOK", "conference paper": "CPAPER", "thesis": "THES"}


def ris(telling: Telling, ids: Sequence[int]) -> Iterator[str]:
    """The records in the order of `ids`, one by one."""
    return map(_entry, telling.records(ids))


def _entry(one: Exported) -> str:
    record = one.record
    lines = [("TY", TYPES.get(record.type.lower(), "JOUR")), ("ID", str(record.pk)), ("TI", record.title)]
    lines += [("AU", author) for author in record.authors]
    lines += [("PY", str(record.year or "")), ("JO", record.journal), ("VL", record.volume), ("IS", record.issue)]
    lines += _pages(record.pages)
    lines += [("DO", record.doi), ("AB", record.abstract)]
    lines += [("KW", word) for word in record.keywords]
    lines += [("UR", record.url), ("LA", record.language), ("DB", "; ".join(one.sources))]
    for stage in Stage:
        status = one.statuses.get(stage)
        lines += [("N1", f"{stage.label}: {status}")] if status else []
    lines += [("N1", f"Excluded for: {one.reason}")] if one.reason else []
    lines += [
        ("N1", f"Decision: {in_words(said, one.authors[said.pk])}") for said in one.decisions if said.pk in one.standing
    ]
    lines += [("N1", f"Related: {words}") for words in one.related]
    lines += [("N1", f"Tag: {tag}") for tag in one.tags]
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
