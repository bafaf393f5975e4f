"""MEDLINE (nbib): PubMed, PMC, ERIC. Tags as in the NLM's "MEDLINE/PubMed Data Element (Field) Descriptions".

PubMed parts its entries by a blank line, others don't: a new PMID always begins an entry, and after a blank line so
does the tag that began the file's first entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import clean
from .accessions import Accession, accession, by_shape
from .citation import Entry
from .draft import Draft
from .notes import Notes
from .tagged import Block, Pair, Values, citations, one

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3})( {0,2})-( ?)(.*)", re.DOTALL)
_OPENERS = frozenset(("PMID", "PMC", "PMCR", "OWN", "NLM"))


class MedlineGrammar:
    """MEDLINE for the line machine."""

    def __init__(self) -> None:
        self._opener = ""

    def split(self, line: str) -> Pair | None:
        found = _TAG.match(line) if "-" in line[:8] else None
        if not found:
            return None
        padded = len(found[1]) + len(found[2]) == 4
        # "SO- text", "TI-": not padded to four, but a tag if a space or nothing follows; "IL-2 rose" is prose.
        if not padded and not (found[3] or not found[4].strip()):
            return None
        return found[1], found[4].strip()

    def starts(self, tag: str, block: Block) -> bool:
        self._opener = self._opener or block.pairs[0][0]
        if tag == "PMID" and block.has("PMID"):
            return True
        return block.blank_before and (tag == self._opener or tag in _OPENERS)

    def ends(self, tag: str) -> bool:
        return False

    def stray(self, block: Block) -> bool:
        return False


def read(lines: Iterable[str], notes: Notes) -> Iterator[Entry]:
    """Every entry of a MEDLINE file, as a citation or a reject; never raises."""
    return citations(lines, MedlineGrammar(), "a MEDLINE", _draft, notes)


def _draft(values: Values) -> Draft:
    return Draft(
        title=one(values, "TI", "CTI", "BTI", "TT"),
        authors=(values.get("FAU") or values.get("AU") or []) + values.get("CN", []),
        year=one(values, "DP", "DEP", "DA"),
        journal=one(values, "JT", "TA", "BTI", "CTI"),
        volume=one(values, "VI"),
        issue=one(values, "IP"),
        pages=clean.in_full(one(values, "PG")),
        doi=_doi(values),
        abstract="\n".join(clean.text(part) for part in values.get("AB") or values.get("OAB") or ()),
        url=next((url for value in values.get("LID", []) + values.get("AID", []) if (url := clean.url(value))), ""),
        language=one(values, "LA"),
        type="; ".join(clean.distinct(values.get("PT", []))),
        keywords=[word for tag in ("OT", "MH", "KW") for word in values.get(tag, ())],
        accessions=_accessions(values),
    )


def _doi(values: Values) -> str:
    # AID and LID hold DOIs, PIIs and page ids; SO ends with "doi: …" in older exports
    candidates = [value for tag in ("LID", "AID") for value in values.get(tag, ()) if "[pii]" not in value]
    candidates += [value for value in values.get("SO", ()) if "doi" in value.lower()]
    return next((doi for value in candidates if (doi := clean.doi(value.replace("[doi]", "")))), "")


def _accessions(values: Values) -> list[Accession]:
    found = [("pmid", clean.text(value)) for value in values.get("PMID", ())]
    found += [pair for value in values.get("PMC", []) + values.get("PMCR", []) if (pair := by_shape(clean.text(value)))]
    owner = one(values, "OWN")
    found += [pair for value in values.get("OID", ()) if (pair := accession(value, database=owner))]
    # secondary source numbers: "ClinicalTrials.gov/NCT01234567"
    found += [
        pair for value in values.get("SI", ()) if (pair := by_shape(value.rpartition("/")[2])) and pair[0] == "nct"
    ]
    return found
