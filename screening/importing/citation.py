"""What a parser hands on: a citation or a reject, each with the exact text it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any

IMPORTER_VERSION = "1.2"
"""Stored with every citation; raised whenever the same bytes would give another result."""

MAX_ENTRY = 2_000_000
"""Characters. A longer entry is a reject: it bounds memory, and no real citation comes near it."""

RAW_KEPT = 10_000
"""Characters kept of the raw text of an over-long entry; of every other entry all of it is kept."""

LOCAL = "local"
"""Accession scheme of identifiers that mean something inside their file only: never compare them across files."""


class NotACitationFile(Exception):
    """The file cannot be read as citations. The message is for the person who chose it, and says what to do instead.

    `columns` are those of a table in which a person would have to say which is which.
    """

    def __init__(self, message: str, *, columns: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.columns = list(columns)


@dataclass(frozen=True, slots=True)
class ParsedCitation:
    """One entry of a file. Texts are as written, with white space collapsed; what is absent is "" or None or ().

    `line` is the 1-based line of the entry's own first line. `raw` is the entry's text, exactly, with its line ends;
    it begins with the lines that stand between the entry before and this one, so nothing in the file is lost.
    `accessions` are (scheme, id): pmid, pmcid, embase, central, scopus, wos, nct, … or `local`.
    """

    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    abstract: str
    url: str
    language: str
    type: str
    keywords: tuple[str, ...]
    accessions: tuple[tuple[str, str], ...]
    line: int
    raw: str
    raw_sha256: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, keys in the order of the fields; tuples become lists."""
        plain: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        plain |= {"authors": list(self.authors), "keywords": list(self.keywords)}
        plain["accessions"] = [list(pair) for pair in self.accessions]
        return plain


@dataclass(frozen=True, slots=True)
class Reject:
    """An entry that could not become a citation: where (1-based line), which field ("" = the whole entry) and why."""

    line: int
    field: str
    reason: str
    raw: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, with stable keys."""
        return {"line": self.line, "field": self.field, "reason": self.reason, "raw": self.raw}


Entry = ParsedCitation | Reject


def raw_hash(raw: str) -> str:
    """Hex SHA-256 of the raw text in UTF-8."""
    return sha256(raw.encode()).hexdigest()


def overlong(line: int, raw: str) -> Reject:
    """The reject for an entry of more than `MAX_ENTRY` characters."""
    reason = (
        f"This entry is longer than {MAX_ENTRY:,} characters, so its end is probably missing. "
        f"Its first {RAW_KEPT:,} characters are kept."
    )
    return Reject(line, "", reason, raw[:RAW_KEPT])
