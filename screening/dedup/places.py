"""Where something was published: DOI, year, volume, issue and pages in comparable forms."""

import re
from functools import lru_cache
from typing import NamedTuple

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DIGITS = re.compile(r"\d+")
_DASHES = re.compile(r"\s*[-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+\s*")
_RANGE = re.compile(r"^([a-z]{0,3}\.?)(\d+)([a-z]?)(?:-([a-z]{0,3})(\d+))?")
# "S0732-8893(15)00432-0", "s13012-019-0861-2": a publisher's number of an item, which begins with its journal's.
_ITEM = re.compile(r"^[a-z]?\d{4}-\d{3}[\dx]\(|^[^\s,;]*-[^\s,;]*-")
_TOTAL = re.compile(r"^\d+\s*(?:p|pp|pages|s)\.?$")


def doi(raw: str) -> str:
    """A DOI in lower case without resolver, prefix or closing punctuation; "" if there is none."""
    if not raw:
        return ""
    found = _DOI.search(raw.strip().lower().replace("%2f", "/"))
    if not found:
        return ""
    text = found[0].rstrip(".,;:\"'>]}")
    if text.endswith(")") and text.count("(") < text.count(")"):
        text = text[:-1]
    return text if len(text.partition("/")[2]) > 2 else ""


@lru_cache(maxsize=65536)
def number(raw: str) -> str:
    """A volume or issue: its first number without leading zeros; "" if there is none ("Jul", "Suppl", "Ph.D.")."""
    found = _DIGITS.search(raw)
    return found[0].lstrip("0") or "0" if found else ""


class Pages(NamedTuple):
    """`first` and `last` page as numbers, `mark` the letters before ("s", "e"); `first` is 0 when unknown."""

    mark: str
    first: int
    last: int


NO_PAGES = Pages("", 0, 0)


_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # noqa: SIM905
_MADE_A_DATE = re.compile(rf"^(?:(\d{{1,2}})-({'|'.join(_MONTHS)})|({'|'.join(_MONTHS)})-(\d{{1,2}}))$")


@lru_cache(maxsize=65536)
def pages(raw: str) -> Pages:
    """ "123-9", "123--129", "S123-S129", "e42"; "12-Oct", which a spreadsheet made of 10-12; no place: "215 p", roman
    pages, a range that runs backwards, a publisher's item number."""
    text = _DASHES.sub("-", raw.strip().lower()).removeprefix("pp.").removeprefix("p.").strip()
    if not text or _TOTAL.match(text) or _ITEM.match(text):
        return NO_PAGES
    date = _MADE_A_DATE.match(text)
    if date:
        ends = sorted((int(date[1] or date[4]), _MONTHS[date[2] or date[3]]))
        return Pages("", ends[0], ends[1])
    found = _RANGE.match(text)
    if not found or len(found[2]) > 12:
        return NO_PAGES
    first = found[2]
    last = found[5] or first
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if len(last) > 12 or int(last) < int(first):
        return NO_PAGES
    return Pages(found[1].rstrip("."), int(first), int(last))


def year_as_volume(volume: str, year: int | None) -> bool:
    """Some databases write the year where there is no volume; then it says nothing about the volume."""
    return year is not None and len(volume) == 4 and volume.isdigit() and abs(int(volume) - year) <= 1
