"""From the fields of an entry to a citation or a reject: the one place where that is decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import clean, notices
from .citation import LOCAL, Entry, ParsedCitation, Reject, raw_hash
from .notes import Notes


@dataclass(slots=True)
class Draft:
    """What a reader found in an entry, not cleaned, but for `abstract`: the reader knows what its line ends mean."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    year: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    abstract: str = ""
    url: str = ""
    language: str = ""
    type: str = ""
    keywords: list[str] = field(default_factory=list)
    accessions: list[tuple[str, str]] = field(default_factory=list)


def finish(draft: Draft, line: int, raw: str, notes: Notes) -> Entry:
    """A citation, or a reject if nothing in it could tell one publication from another."""
    citation = _citation(draft, line, raw)
    if not _useful(citation):
        reason = "The entry has no title, and no author, abstract, journal, DOI or database number by which to know it."
        return Reject(line, "title", reason, raw)
    if not citation.title:
        notes.add("entry without a title, kept for its other fields", line)
    if draft.year.strip(" /-") and citation.year is None:
        notes.add("year that cannot be read, left empty", line)
    return citation


def _citation(draft: Draft, line: int, raw: str) -> ParsedCitation:
    text = clean.text
    return ParsedCitation(
        title=text(draft.title),
        authors=clean.distinct(draft.authors),
        year=clean.year(draft.year),
        journal=text(draft.journal),
        volume=text(draft.volume),
        issue=text(draft.issue),
        pages=text(draft.pages),
        doi=clean.doi(draft.doi),
        abstract=_real(draft.abstract),
        url=clean.url(draft.url),
        language=text(draft.language),
        type=notices.types(text(draft.type), raw),
        keywords=clean.distinct(draft.keywords),
        accessions=tuple(dict.fromkeys(draft.accessions)),
        line=line,
        raw=raw,
        raw_sha256=raw_hash(raw),
    )


def _useful(citation: ParsedCitation) -> bool:
    known = any(scheme != LOCAL for scheme, _ in citation.accessions)
    return bool(citation.title or citation.authors or citation.abstract or citation.journal or citation.doi or known)


# What databases write where there is no abstract: kept, it would pass for one (AI-04 treats a missing one apart).
_PLACEHOLDERS = frozenset({"no abstract available", "abstract not available", "no abstract", "n/a", "not available"})


def _real(abstract: str) -> str:
    return "" if abstract.strip(" []().").lower() in _PLACEHOLDERS else abstract
