"""Ovid's Source field: one citation in a line, differently in each of its databases.

Lancet. 374(9690):639-50, 2009 Aug 22.                                          MEDLINE
Lancet Neurology.  12 (3) (pp 123-130), 2013.  Date of Publication: March 2013. Embase
Behavioural and Cognitive Psychotherapy. Vol.43(5), Sep 2015, pp. 623-634.      PsycINFO
Acta Chirurgica Belgica November/December 2010;6:611-613                        Journals@Ovid
Kamp, Roza Maria [Editor]. Methods in protein analysis.:371-397, 2004.          BIOSIS, a chapter
Palmer, Stephen [Ed]. (2012). Coaching in practice. (pp. 11-31). xvii, 254 pp.  PsycINFO, a chapter
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import clean

_LONGEST = 2_000  # characters that are looked at: a source is a line
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)")
_ISSUE = r"\(\s*(?P<issue>[^():;]{1,40}(?:\([^()]*\))?[^():;]{0,10})\)"
_VOLUMES = (
    re.compile(rf"(?i:\bVol\.?)\s*(?P<volume>\d[\w/-]*)\s*(?:{_ISSUE})?"),
    re.compile(rf"\d{{4}}[^;.]*;\s*(?P<volume>[\w/-]+)\s*(?:{_ISSUE})?\s*:"),
    re.compile(rf"(?<![\w(])(?P<volume>[A-Za-z]?\d+[\w/-]*)\s*(?!\(\s*pp)(?:{_ISSUE})?\s*(?=:|\(\s*pp)"),
    re.compile(rf"(?<![\w(])(?P<volume>[A-Za-z]?\d+[\w/-]*)\s*(?!\(\s*pp){_ISSUE}"),
)
_PAGE = r"[A-Za-z]{0,3}\d+[A-Za-z]?(?:\.[A-Za-z]?\d+)?(?:\s*[-–]\s*[A-Za-z]{0,3}\d+[A-Za-z]?(?:\.[A-Za-z]?\d+)?)?"
_PAGES = (
    re.compile(rf"\bpp?\.?\s*({_PAGE})"),
    re.compile(rf":\s*({_PAGE})(?=[\s,.;]|$)"),
    re.compile(rf"\d{{4}},\s*({_PAGE})\.?\s*$"),
)
# A journal ends where its date, its volume or the next sentence begins.
_JOURNAL_END = re.compile(
    rf"\.\s|\.:|\.$|;|\s+(?:{_MONTH}|Spring|Summer|Autumn|Fall|Winter)\b[^;.]*?\d{{4}}|\s\(?\d{{4}}[;:]|,\s*(?i:vol\b)|,\s*\d{{4}}"
)
_EDITED = re.compile(r".*\[Ed(?:s|itor)?\.?[^\]]*\][\s.,;]*(?:\(\d{4}\)[.\s]*)?", re.DOTALL)
_BOOK = re.compile(r"\s*[^()]{0,80}\(\d{4}\)\.\s*")


@dataclass(frozen=True, slots=True)
class Source:
    """What a source says; "" where it doesn't."""

    journal: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""


def read_source(text: str) -> Source:
    """The parts of a source; never raises."""
    text = " ".join(text[:_LONGEST].split())
    if not text:
        return Source()
    work = _BOOK.sub("", _EDITED.sub("", text, count=1), count=1)
    journal = _JOURNAL_END.split(work, maxsplit=1)[0].strip(" ,.:")
    rest = text[text.find(journal) + len(journal) :] if journal else text
    told = _volume(rest)
    pages = next((found[1] for shape in _PAGES if (found := shape.search(rest))), "")
    years = _YEAR.findall(rest) or _YEAR.findall(text)
    return Source(journal, _year(years, told["volume"]), told["volume"], told["issue"], clean.in_full(pages))


def _volume(text: str) -> dict[str, str]:
    """Volume and issue; a bare year before a colon is no volume ("Winter 2007: 7-14")."""
    for shape in _VOLUMES:
        found = shape.search(text)
        if found and (found["issue"] or not _YEAR.fullmatch(found["volume"])):
            return found.groupdict("")
    return {"volume": "", "issue": ""}


def _year(years: list[str], volume: str) -> str:
    """The first that is not the volume, if another is there."""
    return next((year for year in years if year != volume), years[0] if years else "")
