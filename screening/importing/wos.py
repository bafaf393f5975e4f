"""Web of Science, tagged (.ciw, plain text): the Core Collection, and Inspec, MEDLINE, BIOSIS and CABI beside it.

Tags as in Clarivate's "Web of Science Core Collection Field Tags". FN and VR stand before the first entry and EF after
the last; they may be missing. An entry begins with PT, or with any tag after ER; so a lost ER or PT costs no entry.
Lines that go on are indented by three spaces, in some exports not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import clean
from .accessions import Accession, accession
from .citation import Entry
from .draft import Draft
from .notes import Notes
from .tagged import Block, Pair, Values, citations, every, one, pieces

_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])(?:[ \t](.*))?\s*$", re.DOTALL)
_FILE = frozenset(("FN", "VR", "EF"))
_ONCE = frozenset(("TI", "UT", "SO", "PY"))
_PT = {"J": "Journal", "B": "Book", "S": "Series", "P": "Patent", "C": "Conference proceedings", "D": "Dataset"}
_PARENTHESES = re.compile(r"\([^()]*\)")


class WosGrammar:
    """Web of Science for the line machine."""

    def split(self, line: str) -> Pair | None:
        found = _TAG.match(line)
        return (found[1], (found[2] or "").strip()) if found else None

    def starts(self, tag: str, block: Block) -> bool:
        if tag == "PT":
            return block.has("PT") or block.blank_before or self.stray(block)
        return block.blank_before and tag in _ONCE and block.has(tag)

    def ends(self, tag: str) -> bool:
        return tag == "ER"

    def stray(self, block: Block) -> bool:
        return bool(block.pairs) and all(tag in _FILE for tag, _ in block.pairs)


def read(lines: Iterable[str], notes: Notes) -> Iterator[Entry]:
    """Every entry of a Web of Science file, as a citation or a reject; never raises."""
    return citations(lines, WosGrammar(), "a Web of Science", _draft, notes)


def _draft(values: Values) -> Draft:
    return Draft(
        title=one(values, "TI"),
        authors=_authors(values),
        year=next((date for date in every(values, "PY", "PD", "EA") if clean.year(date)), one(values, "PY")),
        journal=one(values, "SO", "J9", "JI"),
        volume=one(values, "VL"),
        issue=one(values, "IS"),
        pages=_pages(values),
        doi=next((doi for value in every(values, "DI", "D2") if (doi := clean.doi(value))), ""),
        abstract="\n".join(clean.text(part) for part in values.get("AB", ())),
        url=next((url for value in every(values, "UR", "AW") if (url := clean.url(value))), ""),
        language=one(values, "LA"),
        type=_type(values),
        keywords=[word for value in every(values, "DE", "ID") for word in clean.text(value).split(";")],
        accessions=_accessions(values),
    )


def _authors(values: Values) -> list[str]:
    """Full names where there are any; each on its line, or several parted by ";". An address in brackets goes.

    Groups stand behind the people; editors stand in where there is neither.
    """
    people = next((values[tag] for tag in ("AF", "AU", "BF", "BA") if tag in values), [])
    names = pieces((people + values.get("CA", [])) or every(values, "BE", "ED"), "\n;")
    return [_PARENTHESES.sub("", name).strip(" ,") for name in names]


def _pages(values: Values) -> str:
    """The range, or first and last page, or the article's number: the order in which Zotero asks for them."""
    return one(values, "PS") or clean.pages(one(values, "BP"), one(values, "EP")) or one(values, "AR")


def _type(values: Values) -> str:
    named = one(values, "DT").strip(" -")
    letter = one(values, "PT")
    return named or _PT.get(letter, letter)


def _accessions(values: Values) -> list[Accession]:
    found = [accession(value) for value in values.get("UT", ())]
    found += [accession(value, database="pubmed") for value in values.get("PM", ())]
    return [pair for pair in found if pair]
