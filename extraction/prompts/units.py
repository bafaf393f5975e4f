"""Which unit stands behind a number in a quote, where it is one that we know."""

import re
from collections.abc import Sequence
from decimal import Decimal

from extraction.fields import FieldError
from extraction.fields.units import SAME, unit_of
from screening.fulltext.locate import numbers_in

# Units of trial reports besides those of `fields.units` that are one when they stand behind a number.
OTHERS = (
    "mg", "g", "kg", "ng", "ml", "mL", "dl", "dL", "IU", "cm", "mm", "m", "km", "mmHg", "mmol", "mmol/l", "mmol/L",
    "mg/dl", "mg/dL", "g/l", "g/L", "kJ", "kcal", "bpm", "mg/kg", "mg/day", "g/day", "cmH2O", "Pa", "kPa",
)  # fmt: skip
KNOWN = tuple(dict.fromkeys([spelling for names in SAME for spelling in names if len(spelling) > 1] + list(OTHERS)))
_BEHIND = re.compile(r"[ \n\u00a0\u2009\u202f-]?(?P<unit>%|[A-Za-zµμ][A-Za-zµμ0-9²/^]*)")
# Also a name, an abbreviation, or people counted: a unit only where the field asks for one of the same kind.
_AMBIGUOUS = {"m", "g", "d", "h", "s", "y", "l", "men", "women"}
_KINDS = (
    {"ng", "µg", "mg", "g", "kg"},
    {"seconds", "minutes", "hours", "days", "weeks", "months", "years"},
    {"mm", "cm", "m", "km"},
    {"ml", "dl", "litres"},
)
_WRITTEN_AS = {spelling: names[0] for names in SAME for spelling in names}


def units_behind(quote: str, value: Decimal, unit: str = "") -> list[str]:
    """For each place of `value` in the quote, the known unit that follows; "" where none does.

    `unit` is the one that is expected: beside “mg” a “g” is a unit, elsewhere it may be anything.
    """
    found = []
    for number in numbers_in(quote):
        if number.value == value:
            percent = number.text.rstrip().endswith("%")
            found.append("%" if percent else _behind(quote[number.end :], unit))
    return found


def differs(quote: str, value: Decimal, unit: str) -> bool:
    """Whether another known unit stands behind the number wherever it stands in the quote."""
    behind = units_behind(quote, value, unit)
    return bool(behind) and all(written and not _same(written, unit) for written in behind)


def _behind(rest: str, unit: str) -> str:
    found = _BEHIND.match(rest)
    word = found["unit"] if found else ""
    known = _akin(word, unit) if word in _AMBIGUOUS else _one_of(word, KNOWN)
    return word if known else ""


def _akin(word: str, unit: str) -> bool:
    """Whether both measure the same thing; of “mg/day” what stands before the stroke."""
    measured = {_WRITTEN_AS.get(one, one) for one in (word, unit.partition("/")[0].strip())}
    return any(measured <= kind for kind in _KINDS)


def _same(written: str, unit: str) -> bool:
    return _one_of(written, [unit])


def _one_of(written: str, units: Sequence[str]) -> bool:
    if written in units:
        return True
    try:
        unit_of(written, [units[0]] if len(units) == 1 else units)
    except FieldError:
        return False
    return True
