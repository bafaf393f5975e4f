"""BibTeX and BibLaTeX: blocks cut here, their fields split by bibtexparser, their values read here.

Keys are not identities (Scopus writes the same key twice), so a repeated key is two citations; of a repeated field the
longer value is kept.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator

from bibtexparser.model import DuplicateFieldKeyBlock, ParsingFailedBlock, String
from bibtexparser.model import Entry as BibEntry
from bibtexparser.splitter import Splitter

from . import clean
from .accessions import Accession, accession, in_note, in_url
from .bibtex_blocks import BibBlock, Cutter
from .cells import keywords
from .citation import Entry, Reject, overlong
from .draft import Draft, finish
from .latex import decode
from .notes import Notes
from .ris_types import BIBTEX, readable

# It logs a warning for every block it can't read; we report those as rejects.
logging.getLogger("bibtexparser.splitter").setLevel(logging.CRITICAL)

_MONTHS = dict.fromkeys(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], "")
_PIECE = re.compile(r"\s*#?\s*([^\s#{}\"]+)?")


def read(lines: Iterable[str], notes: Notes) -> Iterator[Entry]:
    """Every entry of a BibTeX file, as a citation or a reject; never raises."""
    strings: dict[str, str] = dict(_MONTHS)
    cutter = Cutter(lines)
    for block in cutter:
        if block.kind in ("comment", "preamble"):
            continue
        if block.overlong:
            yield overlong(block.line, block.raw)
        elif block.kind == "string":
            if not _define(block, strings):
                notes.add("@string that cannot be read", block.line)
        else:
            yield _entry(block, strings, notes)
    if cutter.outside:
        notes.add("line of text outside any entry, a comment to BibTeX", 1, cutter.outside)


def _define(block: BibBlock, strings: dict[str, str]) -> bool:
    for parsed in Splitter(block.raw.strip()).split().blocks:
        if isinstance(parsed, String):
            strings[parsed.key.lower()] = value(parsed.value, strings)
            return True
    return False


def _entry(block: BibBlock, strings: dict[str, str], notes: Notes) -> Entry:
    parsed, problem = _parsed(block)
    if parsed is None:
        return Reject(block.line, "", problem, block.raw)
    found: dict[str, str] = {}
    for item in parsed.fields:
        text = value(str(item.value), strings)
        name = item.key.lower()
        if len(text) > len(found.get(name, "")):
            found[name] = text
    if not block.closed:
        notes.add("entry without its closing brace, kept as far as it goes", block.line)
    return finish(_draft(found, parsed.entry_type), block.line, block.raw, notes)


def _parsed(block: BibBlock) -> tuple[BibEntry | None, str]:
    """bibtexparser's reading; for an entry that is not closed, of as much of it as has whole fields."""
    problem = ""
    for text in _attempts(block):
        for parsed in Splitter(text).split().blocks:
            whole = parsed.ignore_error_block if isinstance(parsed, DuplicateFieldKeyBlock) else parsed
            if isinstance(whole, BibEntry):
                return whole, ""
            if isinstance(parsed, ParsingFailedBlock):
                problem = problem or str(getattr(parsed.error, "abort_reason", None) or parsed.error)
    return None, "This entry is not well-formed BibTeX" + (f": {problem.rstrip('.')}." if problem else ".")


def _attempts(block: BibBlock) -> Iterator[str]:
    raw = block.raw.strip()
    yield raw
    if not block.closed:
        lines = raw.splitlines()
        for drop in range(min(len(lines), 8)):
            text = "\n".join(lines[: len(lines) - drop]).rstrip().rstrip(",")
            yield text + "\n}"


def value(source: str, strings: dict[str, str]) -> str:
    """A field's value as plain source: braces and quotes around it removed, @strings put in, parts joined by "#"."""
    source = source.strip()
    if _whole(source):
        return source[1:-1]
    parts: list[str] = []
    place = 0
    while place < len(source):
        if source[place] in '{"':
            end = _end(source, place)
            parts.append(source[place + 1 : end])
            place = end + 1
        else:
            found = _PIECE.match(source, place)
            name = found[1] if found else None
            parts.append(strings.get(name.lower(), name) if name else "")
            place = max(found.end() if found else 0, place + 1)
    return "".join(parts)


def _whole(source: str) -> bool:
    return source[:1] in ("{", '"') and _end(source, 0) == len(source) - 1


def _end(source: str, start: int) -> int:
    """Position of the delimiter that closes the one at `start`, or the end of the text."""
    depth, quoted = 0, source[start] == '"'
    for mark in re.finditer(r"(?<!\\)[{}\"]", source[start:]):
        char = mark[0]
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0 and not quoted:
                return start + mark.start()
        elif quoted and depth == 0 and mark.start() > 0:
            return start + mark.start()
    return len(source)


def _draft(found: dict[str, str], kind: str) -> Draft:
    def one(*names: str) -> str:
        return next((decode(found[name]) for name in names if found.get(name, "").strip()), "")

    title = ": ".join(part for part in (one("title"), one("subtitle")) if part)
    return Draft(
        title=title or one("booktitle", "maintitle", "shorttitle"),
        authors=_people(found.get("author") or found.get("editor") or ""),
        year=one("year") or one("date", "issued"),
        journal=one(
            "journal", "journaltitle", "booktitle" if title else "series", "shortjournal", "school", "institution"
        ),
        volume=one("volume"),
        issue=one("number", "issue"),
        pages=clean.pages(one("pages", "eid", "article-number", "art_number")),
        doi=_doi(found),
        abstract=clean.paragraphs(_unwrapped(one("abstract", "annote"))),
        url=next(
            (url for name in ("url", "link", "howpublished") if (url := clean.url(_link(found.get(name, ""))))), ""
        ),
        language=one("language", "langid"),
        type=readable(kind, BIBTEX),
        keywords=[word for name in _KEYWORDS if found.get(name) for word in keywords(decode(found[name]))],
        accessions=_accessions(found),
    )


_KEYWORDS = ("keywords", "keyword", "author_keywords", "author-keywords", "keywords-plus", "mesh", "mesh-terms")


def _unwrapped(text: str) -> str:
    """Lines joined, as BibTeX tools wrap them; an empty line is a paragraph."""
    return "\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))


def _people(source: str) -> list[str]:
    depth, names, start = 0, [], 0
    for mark in re.finditer(r"(?<!\\)[{}]|(?<!\s)\s+and\s+", source, re.IGNORECASE):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            depth -= 1
        elif depth <= 0:
            names.append(source[start : mark.start()])
            start = mark.end()
    names.append(source[start:])
    return [name for raw in names if (name := decode(raw)).strip().lower() != "others"]


def _link(source: str) -> str:
    return source.replace("\\url{", "").replace("\\", "").replace("{", "").replace("}", "")


def _doi(found: dict[str, str]) -> str:
    for name in ("doi", "url", "note", "ee"):
        source = _link(found.get(name, ""))
        if (name == "doi" or "doi" in source.lower()) and (doi := clean.doi(source)):
            return doi
    return ""


def _accessions(found: dict[str, str]) -> list[Accession]:
    pairs: list[Accession] = []
    for scheme, names in (
        ("pmid", ("pmid", "pubmed_id", "pubmedid", "pubmed-id")),
        ("pmcid", ("pmcid", "pmc")),
        ("wos", ("unique-id",)),
    ):
        for name in names:
            pair = accession(decode(found.get(name, "")), otherwise=scheme)
            pairs += [pair] if pair else []
    pair = accession(
        decode(found.get("accession_number", "") or found.get("accession", "")), database=found.get("database", "")
    )
    pairs += [pair] if pair else []
    return pairs + in_url(_link(found.get("url", ""))) + in_note(found.get("note", ""))
