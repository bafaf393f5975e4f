"""The Cochrane Library's plain text ("Record #1 of 20", "ID: CN-…", "AU: …"): Cochrane reviews and CENTRAL.

Tags as the library writes them: an entry begins with its "Record #" line or, where that is lost, with a second ID.
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

_RECORD = re.compile(r"\s*Record #(\d+) of \d+\s*$")
_TAG = re.compile(r"\s*([A-Z][A-Z0-9]{1,2}):(?:[ \t]+(.*))?\s*$", re.DOTALL)
# Only these: "AIM: to learn" opens a paragraph of an abstract.
_KNOWN = frozenset(
    ("ID", "AU", "TI", "TT", "SO", "YR", "VL", "NO", "PG", "PM", "PT", "KY", "DE", "AB", "DOI", "US", "UR", "URL",
     "XR", "CC", "CN", "SN", "PB", "LA", "LG", "ED", "DP", "HT", "ST", "OS", "C1", "ER", "CRD", "PUI")
)  # fmt: skip
_SOURCE = re.compile(r"(?P<journal>[^,]+),\s*(?P<year>\d{4})(?:,\s*(?P<volume>[^,(]+?)\s*(?:\((?P<issue>[^)]*)\))?)?"
                     r"(?:,\s*(?P<pages>[^,]+))?\s*$")  # fmt: skip


class CochraneGrammar:
    """The Cochrane Library for the line machine; the tag of a "Record #" line is "#"."""

    def split(self, line: str) -> Pair | None:
        if record := _RECORD.match(line):
            return "#", record[1]
        found = _TAG.match(line)
        return (found[1], (found[2] or "").strip()) if found and found[1] in _KNOWN else None

    def starts(self, tag: str, block: Block) -> bool:
        return tag == "#" or (tag == "ID" and block.has("ID"))

    def ends(self, tag: str) -> bool:
        return False

    def stray(self, block: Block) -> bool:
        return False


def read(lines: Iterable[str], notes: Notes) -> Iterator[Entry]:
    """Every entry of a Cochrane Library text, as a citation or a reject; never raises."""
    return citations(lines, CochraneGrammar(), "a Cochrane Library", _draft, notes)


def _draft(values: Values) -> Draft:
    source = _SOURCE.match(clean.text(one(values, "SO"))[:1000])
    told = source.groupdict("") if source else {}
    return Draft(
        title=one(values, "TI", "TT"),
        authors=[name.strip(" ,") for name in pieces(values.get("AU", []), "\n;")],
        year=one(values, "YR", "DP") or told.get("year", ""),
        journal=told.get("journal", "") or one(values, "SO"),
        volume=one(values, "VL") or told.get("volume", ""),
        issue=one(values, "NO") or told.get("issue", ""),
        pages=one(values, "PG") or told.get("pages", ""),
        doi=next((doi for value in every(values, "DOI", "US") if (doi := clean.doi(value)) and _own(doi)), ""),
        abstract="\n".join(clean.text(part) for part in values.get("AB", ())),
        url=next((url for value in every(values, "US", "URL", "UR") if (url := clean.url(value))), ""),
        language=one(values, "LA", "LG"),
        type="; ".join(clean.distinct(values.get("PT", []))),
        keywords=[word for value in every(values, "KY", "DE") for word in clean.text(value).split(";")],
        accessions=_accessions(values),
    )


def _own(doi: str) -> bool:
    """Is it the publication's, not "10.1002/central/CN-…", which names CENTRAL's entry?"""
    return not doi.startswith("10.1002/central/")


def _accessions(values: Values) -> list[Accession]:
    found = [accession(value) for value in values.get("ID", ())]
    found += [accession(value) for value in pieces(every(values, "PM", "XR"), ",;\n")]
    return [pair for pair in found if pair]
