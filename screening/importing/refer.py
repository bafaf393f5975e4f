"""EndNote's refer format (.enw), as EndNote, Google Scholar, JabRef and library catalogues write it.

Tags as in EndNote's "Refer/BibIX" filter, which extends refer(1). An entry begins with %0. Where entries have none, or
have it in the middle (bepress), a blank line parts them: after one, the tag that began the file's first entry, a title
or an author beside a title, or a tag that an entry has once only begin another; so a blank line in an abstract does
not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import clean
from .accessions import Accession, accession, in_url
from .citation import Entry
from .draft import Draft
from .notes import Notes
from .tagged import Block, Pair, Values, citations, every, one, pieces

_TAG = re.compile(r"\s*%([A-Z0-9@*$?#&!+^>~(){}\[\]=|<-])(?:[ \t]+(.*))?\s*$", re.DOTALL)
_HEADS = frozenset("0TAQ")
_ONCE = frozenset("0TDJVNPX")
_WHOLE = frozenset(("Book", "Edited Book", "Electronic Book", "Thesis"))  # of these %P counts the pages


class ReferGrammar:
    """Refer for the line machine."""

    def __init__(self) -> None:
        self._opener = ""

    def split(self, line: str) -> Pair | None:
        found = _TAG.match(line) if "%" in line[:16] else None
        return (found[1], (found[2] or "").strip()) if found else None

    def starts(self, tag: str, block: Block) -> bool:
        self._opener = self._opener or block.pairs[0][0]
        if not block.blank_before:  # some catalogues name two types, one under the other
            return tag == "0" and block.has("0") and block.pairs[-1][0] != "0"
        if tag == "0":
            return True
        return tag == self._opener or (tag in _HEADS and block.has("T")) or (tag in _ONCE and block.has(tag))

    def ends(self, tag: str) -> bool:
        return False

    def stray(self, block: Block) -> bool:
        return False


def read(lines: Iterable[str], notes: Notes) -> Iterator[Entry]:
    """Every entry of a refer file, as a citation or a reject; never raises."""
    return citations(lines, ReferGrammar(), "an EndNote (%0, %A, %T …)", _draft, notes)


def _draft(values: Values) -> Draft:
    kind = values.get("0", [""])[-1]
    return Draft(
        title=one(values, "T"),
        authors=[name.rstrip(", ") for name in pieces(every(values, "A", "Q") or values.get("E", []), "\n;")],
        year=next((date for date in every(values, "D", "8") if clean.year(date)), one(values, "D")),
        journal=one(values, "J", "B"),
        volume=one(values, "V"),
        issue=one(values, "N"),
        pages="" if kind in _WHOLE else one(values, "P"),
        doi=_doi(values),
        abstract="\n".join(clean.paragraphs(part) for part in values.get("X", ())),
        url=next((url for value in every(values, "U", ">") if (url := clean.url(value))), ""),
        language="; ".join(clean.distinct(values.get("G", []))),
        type=kind,
        keywords=pieces(values.get("K", []), "\n;"),
        accessions=_accessions(values),
    )


def _doi(values: Values) -> str:
    marked = [value for value in every(values, "M", "U", "1", "3", "Z", "O") if "doi" in value.lower()]
    return next((doi for value in values.get("R", []) + marked if (doi := clean.doi(value))), "")


def _accessions(values: Values) -> list[Accession]:
    database = one(values, "~", "W")
    numbers = [value for value in values.get("M", ()) if not clean.doi(value)]
    found = [pair for value in numbers if (pair := accession(value, database=database))]
    return found + [pair for value in values.get("U", ()) for pair in in_url(value)]
