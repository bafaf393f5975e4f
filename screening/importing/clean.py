"""Single fields as exports write them, brought to one form. Nothing here raises."""

from __future__ import annotations

import re
from urllib.parse import unquote

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?:(?!\d)|(?=(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)))")
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+", re.IGNORECASE)
# Words that publishers put behind the DOI in the address of a page.
_PAGE = re.compile(r"/(?:full|fulltext|abstract|e?pdf)$")
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_RANGE = re.compile(r"(?<!\d)(\d{1,15})\s?[-–]\s?(\d{1,15})(?!\d)")
_URL = re.compile(r"(?:https?|ftp)://\S+", re.IGNORECASE)


def text(value: str) -> str:
    """White space collapsed, control characters gone."""
    collapsed = " ".join(value.split())
    return collapsed if collapsed.isprintable() else " ".join(_CONTROL.sub("", collapsed).split())


def paragraphs(value: str) -> str:
    """As `text`, line by line: the line breaks of a structured abstract in a table cell mean something."""
    return "\n".join(line for line in map(text, value.splitlines()) if line)


def year(value: str) -> int | None:
    """The first year from 1400 to 2099: "2019///", "2019 Jan-Feb", "20190315", "15/03/2019"; None if there is none."""
    found = _YEAR.search(value)
    return int(found[1]) if found else None


def doi(value: str) -> str:
    """The first DOI in the text, without resolver or "doi:", lower case (DOI Handbook 2.4), without what trails it.

    "10.1002/central/cn-…" is none: it names CENTRAL's record of an article, which has a DOI of its own.
    """
    if "10." not in value and "%" not in value:
        return ""
    found = _DOI.search(unquote(value) if "%2f" in value.lower() else value)
    if not found:
        return ""
    name = found[0].lower()
    while name and (name[-1] in ".,;:'\"" or _closes_nothing(name)):
        name = name[:-1]
    return "" if name.startswith("10.1002/central/") else _PAGE.sub("", name)


def _closes_nothing(name: str) -> bool:
    opening = _PAIRS.get(name[-1])
    return opening is not None and name.count(name[-1]) > name.count(opening)


def pages(start: str, end: str = "") -> str:
    """As written, or start and end joined: "123-9" stays, ("123", "129") is "123-129"."""
    start, end = text(start), text(end)
    if not start or not end or end == start or re.search(r"\d\s*[-–—]", start):
        return start or end
    return f"{start}-{end}"


def in_full(pages: str) -> str:
    """Ranges with the digits that their ends leave out: "639-50, e7-9" is "639-650, e7-9".

    For what comes from PubMed and Ovid, which write "639-50" for what others write "639-650".
    """
    return _RANGE.sub(_filled, pages)


def _filled(found: re.Match[str]) -> str:
    start, end = found[1], found[2]
    whole = start[: max(len(start) - len(end), 0)] + end
    return f"{start}-{whole}" if len(end) < len(start) and whole > start else found[0]  # "41103-1" is no range


def url(value: str) -> str:
    """The first http, https or ftp address in the text, else ""."""
    found = _URL.search(value)
    return found[0] if found else ""


def distinct(values: list[str]) -> tuple[str, ...]:
    """Cleaned, without empty ones and repeats, in order."""
    return tuple(dict.fromkeys(cleaned for cleaned in map(text, values) if cleaned))
