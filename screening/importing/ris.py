"""RIS as databases and reference managers write it, which is rarely as its specification says.

Tags vary by exporter (T1 or TI, A1 or AU, Y1, PY or DA, N2 or AB, JF, JO, T2 or JA …), spaces around the dash too. An
entry begins with TY, or with any tag after ER; so a lost ER or TY costs no entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import clean
from .accessions import Accession, accession, in_note, in_url
from .citation import LOCAL, Entry, Reject, overlong
from .draft import Draft, finish
from .notes import Notes
from .ris_types import RIS, readable
from .tagged import Block, Pair, Values, blocks, every, one, pieces

_TAG = re.compile(r"\s*([A-Z][A-Z0-9])( {0,4})-(?:[ \t]+(.*))?\s*$", re.DOTALL)
# With other than two spaces before the dash a line is only a tag if the tag is one of these: "T4 - a note" is prose.
_KNOWN = """
TY TI T1 T2 T3 AU A1 A2 A3 AB N1 N2 PY Y1 Y2 DA JF JO JA J1 J2 VL IS SP EP DO UR L1 L2 KW ID AN SN PB CY AD DB DP LA
M1 M2 M3 C1 C2 C3 ER ED ET ST BT CT
"""
_COMMON = frozenset(_KNOWN.split())
# With one of these a block is an entry, whatever else it lost.
_BEARING = frozenset(("TY", "TI", "T1", "AU", "A1", "AB", "N2", "DO"))
_JOURNAL = ("JF", "JO", "T2", "JA", "J2", "J1", "CT")
_TITLE = ("TI", "T1", "BT", "CT", "TT", "ST", "T2", "T3")


class RisGrammar:
    """RIS for the line machine."""

    def split(self, line: str) -> Pair | None:
        if "-" not in line[:16]:
            return None
        found = _TAG.match(line)
        if not found or (found[2] != "  " and found[1] not in _COMMON):
            return None
        return found[1], found[3] or ""

    def starts(self, tag: str, block: Block) -> bool:
        return tag == "TY"

    def ends(self, tag: str) -> bool:
        return tag == "ER"

    def stray(self, block: Block) -> bool:
        # Ovid writes NL and a link after ER
        return bool(block.pairs) and not any(tag in _BEARING for tag, _ in block.pairs)


def read(lines: Iterable[str], notes: Notes) -> Iterator[Entry]:
    """Every entry of a RIS file, as a citation or a reject; never raises."""
    for block in blocks(lines, RisGrammar()):
        yield _entry(block, notes)


def _entry(block: Block, notes: Notes) -> Entry:
    if block.overlong:
        return overlong(block.line, block.raw)
    values = block.values()
    entry = finish(_draft(values), block.line, block.raw, notes)
    if isinstance(entry, Reject):
        return _explained(entry, block, values)
    if not block.closed:
        notes.add("entry without its end (ER), perhaps cut off, kept as far as it goes", block.line)
    if "TY" not in values:
        notes.add("entry without a type (TY)", block.line)
    return entry


def _explained(reject: Reject, block: Block, values: Values) -> Reject:
    if not block.pairs:
        return Reject(reject.line, "", "These lines belong to no entry: none of them has a RIS tag.", reject.raw)
    if values and not block.closed:
        reason = "The entry stops before its title and has no end (ER): the file may have been cut off here."
        return Reject(reject.line, "title", reason, reject.raw)
    return reject


def _draft(values: Values) -> Draft:
    title_tag = _first_tag(values, _TITLE)
    return Draft(
        title=values[title_tag][0] if title_tag else "",
        authors=[name.rstrip(", ") for name in pieces(every(values, "AU", "A1"), ";")],
        year=_year(values),
        journal=one(values, *(tag for tag in _JOURNAL if tag != title_tag)),
        volume=one(values, "VL", "VO"),
        issue=one(values, "IS", "CP"),
        pages=clean.pages(one(values, "SP", "PG", "C7"), one(values, "EP")),
        doi=_doi(values),
        abstract="\n".join(clean.text(part) for part in values.get("AB") or values.get("N2") or ()),
        url=next((url for value in every(values, "UR", "L2", "L1", "LK") if (url := clean.url(value))), ""),
        language=one(values, "LA"),
        type=readable(one(values, "TY"), RIS),
        keywords=pieces(values.get("KW", []), "\n"),
        accessions=_accessions(values),
    )


def _first_tag(values: Values, tags: tuple[str, ...]) -> str:
    return next((tag for tag in tags if tag in values), "")


def _year(values: Values) -> str:
    dates = every(values, "PY", "Y1", "DA", "YR")
    return next((date for date in dates if clean.year(date)), dates[0] if dates else "")


def _doi(values: Values) -> str:
    marked = [value for value in every(values, "M3", "N1", "L3", "UR", "L2") if "doi" in value.lower()]
    return next((doi for value in every(values, "DO", "DI") + marked if (doi := clean.doi(value))), "")


def _accessions(values: Values) -> list[Accession]:
    database = one(values, "DB", "DP")
    found = [accession(value, database=database) for value in values.get("AN", ())]
    found += [accession(value, database=database, otherwise=LOCAL) for value in values.get("ID", ())]
    found += [accession(value) for value in every(values, "C2", "C3", "U2") if _is_identifier(value)]
    for value in values.get("C2", ()):  # Scopus writes the bare PubMed number there
        if re.fullmatch(r"\d{7,8}", value):
            found.append(("pmid", value))
    for value in every(values, "UR", "L1", "L2"):
        found += in_url(value)
    for value in values.get("N1", ()):
        found += in_note(value)
    return [pair for pair in found if pair]


def _is_identifier(value: str) -> bool:
    pair = accession(value)
    return pair is not None and pair[0] != "accession"
