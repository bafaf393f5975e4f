"""Whole and partial dates: "2019", "2019-03", "2019-03-05", as people write them and as they are stored."""

import re
from datetime import date

from extraction.fields.parsed import FieldError

_FIRST_HALF = ("january", "february", "march", "april", "may", "june")
_NAMES = (*_FIRST_HALF, "july", "august", "september", "october", "november", "december")
_MONTHS = {name[:length]: number for number, name in enumerate(_NAMES, 1) for length in (3, len(name))} | {"sept": 9}
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}(?:[-/.](?P<month>[0-9]{{1,2}})(?:[-/.](?P<day>[0-9]{{1,2}}))?)?",
        r"(?P<day>[0-9]{1,2})\.\s?(?P<month>[0-9]{1,2})\.\s?(?P<year>[0-9]{4})",  # dots: day first everywhere
        r"(?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})",
        rf"{_MONTH},?\s+{_YEAR}",
        rf"{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
    )
)
_SLASHES = re.compile(r"(?P<a>[0-9]{1,2})[/-](?P<b>[0-9]{1,2})[/-](?P<year>[0-9]{4})")


def parsed(text: str) -> str:
    """`text` as "2019", "2019-03" or "2019-03-05". Raises FieldError where it is no date, or could be two."""
    text = re.sub(r"\s+", " ", text.strip())
    if found := _SLASHES.fullmatch(text):
        return _of_slashes(int(found["a"]), int(found["b"]), int(found["year"]), text)
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _stored(found.groupdict(), text)
    raise FieldError(f"“{text[:40]}” is not a date. Write 2019, 2019-03 or 2019-03-05.")


def _of_slashes(a: int, b: int, year: int, text: str) -> str:
    if a <= 12 and b <= 12 and a != b:
        raise FieldError(f"“{text}” can be read in two ways. Write {year}-{a:02}-{b:02} or {year}-{b:02}-{a:02}.")
    day, month = (a, b) if b <= 12 else (b, a)
    return _checked(year, month, day, text)


def _stored(parts: dict[str, str | None], text: str) -> str:
    name = parts.get("name")
    month = _MONTHS.get(name.casefold()) if name else int(parts.get("month") or 0) or None
    if (name and month is None) or parts.get("month") in ("0", "00"):
        raise FieldError(f"“{text[:40]}” has no month that is one. Write 2019-03 or 2019-03-05.")
    day = parts.get("day")
    return _checked(int(parts["year"] or 0), month, int(day) if day else None, text)


def _checked(year: int, month: int | None, day: int | None, text: str) -> str:
    try:
        date(year, month or 1, 1 if day is None else day)
    except ValueError as error:
        raise FieldError(f"There is no such date as “{text[:40]}”. Write 2019, 2019-03 or 2019-03-05.") from error
    if not 1800 <= year <= 2200:
        raise FieldError(f"The year {year} can't be meant. Write 2019, 2019-03 or 2019-03-05.")
    stored = f"{year:04}"
    if month:
        stored += f"-{month:02}" + (f"-{day:02}" if day else "")
    return stored
