"""Which unit somebody wrote, out of those that a field allows."""

import unicodedata
from collections.abc import Sequence

from extraction.fields.parsed import FieldError

# Spellings of one unit. Nothing is converted here: 1 g and 1000 mg stay what was written (conversion is derived).
SAME = (
    ("%", "percent", "per cent", "pct"),
    ("years", "year", "yr", "yrs", "y"),
    ("months", "month", "mo", "mos"),
    ("weeks", "week", "wk", "wks"),
    ("days", "day", "d"),
    ("hours", "hour", "h", "hr", "hrs"),
    ("minutes", "minute", "min", "mins"),
    ("seconds", "second", "s", "sec", "secs"),
    ("µg", "mcg", "ug", "microgram", "micrograms"),
    ("kg/m2", "kg/m²", "kg/m^2", "kg m-2"),
    ("litres", "l", "liter", "liters", "litre"),
    ("participants", "participant", "patients", "patient", "people", "persons", "person", "subjects", "women", "men"),
)
_SPELLINGS = {}


def unit_of(written: str, allowed: Sequence[str]) -> str:
    """The allowed unit that `written` means. Raises FieldError, naming the allowed ones, where it is none of them."""
    for fold in (_exactly, _folded, _family):
        found = [unit for unit in allowed if fold(unit) == fold(written)]
        if len(found) == 1:
            return found[0]
    if not allowed:
        raise FieldError(
            f"This field has no unit, but “{written[:40]}” stands behind the number. Enter the number alone."
        )
    raise FieldError(f"“{written[:40]}” is not a unit of this field. It takes {_listed(allowed)}.")


def _exactly(unit: str) -> str:
    return unit.strip()


def _folded(unit: str) -> str:
    """NFKC makes one letter of micro sign and mu; spaces and case don't tell units apart where one is left."""
    return "".join(unicodedata.normalize("NFKC", unit.replace("²", "^2")).casefold().split()).rstrip(".")


def _family(unit: str) -> str:
    return _SPELLINGS.get(_folded(unit), _folded(unit))


def _listed(units: Sequence[str]) -> str:
    return units[0] if len(units) == 1 else f"{', '.join(units[:-1])} or {units[-1]}"


_SPELLINGS.update({_folded(spelling): _folded(names[0]) for names in SAME for spelling in names})
