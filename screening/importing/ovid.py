"""Ovid's texts: numbered entries ("<1>", "<1. >") with names of fields or with tags ("TI  - ").

Names stand at the start of a line with their value, indented, below ("Citation", "Reprint/Medlars", .txt); tags as in
Ovid's database guides. Both are brought to the tags. An entry begins with its number; where the numbers are lost, with
VN (tags) or with a repetition of the field that began the first entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import clean
from .accessions import Accession, accession
from .citation import Entry
from .draft import Draft
from .notes import Notes
from .ovid_source import Source, read_source
from .tagged import Block, Pair, Values, citations, every, one, pieces

NUMBER = re.compile(r"\s*<\s*(\d+)\s*\.?\s*>\s*$")
TAG = re.compile(r" ?([A-Z][A-Z0-9]{1,4}) {0,3}-(?:[ \t]+(.*))?\s*$", re.DOTALL)
# What a field is called -> its tag; a name that is not here is a field too, but one that is not read.
NAMES = {
    "abstract": "AB",
    "accession number": "AN",
    "author": "AU",
    "author(s)": "AU",
    "author keywords": "KW",
    "author e-mail": "EM",
    "authors": "AU",
    "authors full name": "FA",
    "book title": "BT",
    "chapter title": "CH",
    "database": "DB",
    "date of publication": "DP",
    "digital object identifier": "DO",
    "document type": "DT",
    "doi": "DO",
    "doi number": "DO",
    "institution": "IN",
    "issue": "IP",
    "journal": "JN",
    "journal name": "JN",
    "keyword heading": "KW",
    "keywords": "KW",
    "language": "LG",
    "link to the ovid full text or citation": "XL",
    "mesh subject headings": "MH",
    "nlm journal name": "JN",
    "original title": "OT",
    "page": "PG",
    "pages": "PG",
    "pmid": "PM",
    "publication date": "DP",
    "publication type": "PT",
    "publication year": "YR",
    "pubmed id": "PM",
    "score": "SC",
    "source": "SO",
    "status": "ST",
    "subject headings": "MH",
    "title": "TI",
    "unique identifier": "UI",
    "volume": "VO",
    "year of publication": "YR",
}
_NAME = re.compile(r"[A-Z][\w/&(), -]{1,59}\s*$")
_LABEL = re.compile(
    r"\s*\[(?:(?:Original |Review |Miscellaneous )?Article|Reports?|Miscellaneous|References|Review)\][.\s]*$"
)
_TAIL = re.compile(
    r"(?:[\s,]*(?:\[[^\]]*\]?|[\d+*]|\bPh\.? ?D\b\.?|\b(?:MD|[BM]Sc|[BM]A|MPH|MB|RN|FAAN)\b\.?))+[\s,;.]*$"
)
_LONGEST_NAME = 200  # a longer one is no name, and is left as it is


class OvidGrammar:
    """Ovid's texts for the line machine; the tag of an entry's number is "#"."""

    def __init__(self) -> None:
        self._opener = ""
        self._indents = False

    def split(self, line: str) -> Pair | None:
        if number := NUMBER.match(line):
            return "#", number[1]
        if found := TAG.match(line):
            return found[1], (found[2] or "").strip()
        if line[:1].isspace():
            self._indents = self._indents or bool(line.strip())
            return None
        name = line.strip()
        tag = NAMES.get(name.lower(), "")
        # a name that is not known may be a value's line unless values are seen to be indented
        return (tag or name, "") if tag or (self._indents and _NAME.match(name)) else None

    def starts(self, tag: str, block: Block) -> bool:
        self._opener = self._opener or block.pairs[0][0]
        if tag in ("#", "VN"):
            return block.has(tag) or tag == "#"
        return tag == self._opener and block.blank_before

    def ends(self, tag: str) -> bool:
        return False

    def stray(self, block: Block) -> bool:
        return False


def read(lines: Iterable[str], notes: Notes) -> Iterator[Entry]:
    """Every entry of an Ovid text, as a citation or a reject; never raises."""
    return citations(lines, OvidGrammar(), "an Ovid", _draft, notes)


def _draft(values: Values) -> Draft:
    source = read_source(one(values, "SO"))
    if "SO" not in values and "BT" in values:
        source = read_source(one(values, "BT"))
        source = Source(year=source.year, pages=source.pages)
    return Draft(
        title=_title(one(values, "TI", "CH", "OT", "BT")),
        authors=_authors(values),
        year=_year(values, source),
        journal=one(values, "JN", "JT", "NJ", "JA", "TA") or source.journal or one(values, "BT"),
        volume=one(values, "VO", "VI") or source.volume,
        issue=one(values, "IP") or source.issue,
        pages=clean.in_full(one(values, "PG")) if re.search(r"\d", one(values, "PG")) else source.pages,
        doi=next((doi for value in every(values, "DO", "DI") if (doi := clean.doi(value))), ""),
        abstract="\n".join(clean.text(part) for part in values.get("AB", ())),
        url=next((url for value in every(values, "UR", "XL") if (url := clean.url(value))), ""),
        language=one(values, "LG", "LA").rstrip("."),
        type="; ".join(clean.distinct([value.strip(" .-") for value in every(values, "PT", "DT")])),
        keywords=_keywords(values),
        accessions=_accessions(values),
    )


def _year(values: Values, source: Source) -> str:
    """Its own field's, the source's, or that of "Publish Ahead of Print, …, 16 March 2015"."""
    ahead = [status for status in values.get("ST", ()) if status.startswith("Publish Ahead")]
    return next((date for date in [*every(values, "YR", "DP"), source.year, *ahead] if clean.year(date)), "")


def _title(value: str) -> str:
    """Without Ovid's label for the sort of document, the full stop and quotation marks around it all."""
    title = _LABEL.sub("", clean.text(value)).rstrip(". ")
    quoted = len(title) > 2 and title[0] == title[-1] == '"' and '"' not in title[1:-1]
    return title[1:-1] if quoted else title


def _authors(values: Values) -> list[str]:
    """Without the degrees, numbers of addresses and roles that Ovid writes behind a name; else the editors."""
    names = pieces(values.get("FA") or values.get("AU") or values.get("ED") or [], ";")
    people = [name for name in names if "[Ed" not in name]
    return [_name(clean.text(name)) for name in people or names]


def _name(name: str) -> str:
    bare = _TAIL.sub("", name).strip(" ,;") if len(name) <= _LONGEST_NAME else name
    return bare.removesuffix(".") if re.search(r"\w{3}\.$", bare) else bare


def _keywords(values: Values) -> list[str]:
    words = [word for value in values.get("KW", ()) for word in clean.text(value).split(";")]
    return [word.strip(" .") for word in words] + values.get("MH", [])


def _accessions(values: Values) -> list[Accession]:
    database = one(values, "DB")
    found = [accession(value.rstrip("."), database=database) for value in values.get("AN", ())]
    found += [accession(value, database=database) for value in values.get("UI", ())]
    found += [accession(value, database="pubmed") for value in values.get("PM", ()) if value.isdecimal()]
    return [pair for pair in found if pair]
