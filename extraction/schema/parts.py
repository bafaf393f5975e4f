"""Reading one JSON object of a form: each property by its type, each fault kept with its place."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from extraction.schema.faults import Fault, Path

MOST_UNKNOWN = 10
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Part:
    """One JSON object at a place of the form. Reading never raises: what is wrong goes to `faults`."""

    def __init__(self, raw: object, path: Path, faults: list[Fault], known: Collection[str]) -> None:
        self.path, self.faults = path, faults
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.fault("This must be a JSON object with named properties.")
        unknown = [name for name in self.raw if name not in known]
        for name in unknown[:MOST_UNKNOWN]:
            self.fault(f"There is no property “{str(name)[:40]}” here. Known are {', '.join(known)}.")
        if len(unknown) > MOST_UNKNOWN:
            self.fault(f"There are {len(unknown) - MOST_UNKNOWN:,} more properties here that are not known.")

    def fault(self, sentence: str, *place: str | int) -> None:
        self.faults.append(Fault((*self.path, *place), sentence))

    def text(self, name: str, most: int, *, needed: str = "") -> str:
        """A string without outer white space; `needed` is the sentence where it is missing."""
        value: object = self.raw.get(name, "")
        if not isinstance(value, str):
            self.fault("This must be text.", name)
            return ""
        value = value.strip()
        if needed and not value:
            self.fault(needed, name)
        if len(value) > most:
            self.fault(f"This has {len(value):,} characters; {most:,} are the most.", name)
        if UNSTORABLE.search(value):
            self.fault("There are characters in this that can't be stored. Type it again by hand.", name)
        return value

    def flag(self, name: str) -> bool:
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            self.fault("This must be true or false.", name)
        return value is True

    def one_of(self, name: str, known: Collection[str], default: str, what: str) -> str:
        value = self.raw.get(name, default)
        if not isinstance(value, str) or value not in known:
            self.fault(f"“{str(value)[:40]}” is not {what}. Known are {', '.join(known)}.", name)
            return default
        return value

    def number(self, name: str) -> str:
        """A decimal as a string, as which a bound is kept; a JSON number will do."""
        value = self.raw.get(name, "")
        value = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if not isinstance(value, str):
            self.fault("This must be a number, or left out.", name)
            return ""
        value = value.strip().replace("−", "-")
        try:
            usable = not value or (Decimal(value).is_finite() and abs(Decimal(value).adjusted()) < 30)
        except InvalidOperation:
            usable = False
        if not usable:
            self.fault(f"“{value[:40]}” is not a number. Write it in digits, for example 0 or 99.5.", name)
        return value if usable else ""

    def items(self, name: str, most: int, what: str) -> list[Any]:
        value = self.raw.get(name, [])
        if not isinstance(value, list):
            self.fault(f"This must be a list of {what}.", name)
            return []
        if len(value) > most:
            self.fault(f"There are {len(value):,} {what}; {most} are the most. The rest was not read.", name)
        return value[:most]
