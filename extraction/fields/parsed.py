"""A value that has been understood, and the sentence where it could not be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

REPORTED, NOT_REPORTED, NOT_APPLICABLE, UNCLEAR = "reported", "not_reported", "not_applicable", "unclear"
STATE_LABELS = {
    REPORTED: "reported",
    NOT_REPORTED: "not reported",
    NOT_APPLICABLE: "not applicable",
    UNCLEAR: "unclear",
}
STATES = tuple(STATE_LABELS)
# How people and models write the three answers that are no value. "na" stays out: it may mean either of two, or sodium.
WRITTEN = {
    "not reported": NOT_REPORTED,
    "not_reported": NOT_REPORTED,
    "nr": NOT_REPORTED,
    "n.r": NOT_REPORTED,
    "n/r": NOT_REPORTED,
    "not stated": NOT_REPORTED,
    "not applicable": NOT_APPLICABLE,
    "not_applicable": NOT_APPLICABLE,
    "n/a": NOT_APPLICABLE,
    "unclear": UNCLEAR,
}
LONGEST = 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # left over from PDFs; NUL can't be stored at all
_BROKEN = re.compile(r"[\ud800-\udfff]")


class FieldError(ValueError):
    """What was written does not fit the field; the message is a sentence that says how to mend it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a cell is said to be. `value` is None unless the state is "reported"; a number is a decimal as a string."""

    state: str
    value: str | tuple[str, ...] | None = None
    unit: str = ""

    @property
    def reported(self) -> bool:
        return self.state == REPORTED

    def as_json(self) -> dict[str, Any]:
        """{"state", "value", "unit"}; a multi-choice is a list."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"state": self.state, "value": value, "unit": self.unit}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Parsed":
        """What `as_json` gave. Raises FieldError for anything else."""
        state, value, unit = stored.get("state"), stored.get("value"), stored.get("unit", "")
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = tuple(value)
        if state not in STATES or not isinstance(unit, str) or not isinstance(value, str | tuple | None):
            raise FieldError("This is not a stored value.")
        if (state == REPORTED) is (value is None):
            raise FieldError("A value that is reported has a value, and no other has one.")
        return cls(state, value, unit)


def stated(state: str) -> Parsed:
    """One of the three answers that are no value: not_reported, not_applicable, unclear."""
    if state not in STATES or state == REPORTED:
        raise FieldError("Choose not reported, not applicable or unclear.")
    return Parsed(state)


def written_state(text: str) -> Parsed | None:
    """The answer that `text` spells, if it spells one."""
    state = WRITTEN.get(" ".join(text.casefold().split()).rstrip("."))
    return Parsed(state) if state else None


def cleaned(raw: object) -> str:
    """`raw` as text without outer white space. Raises FieldError where it is blank, too long, or can't be stored."""
    if isinstance(raw, bytes | Mapping) or raw is None or not _plain(raw):
        raise FieldError(
            "Nothing was entered." if raw is None else "This is not a value that a person could have typed."
        )
    text = _CONTROL.sub(" ", _text(raw).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise FieldError("Nothing was entered. If the report does not say it, choose “not reported”.")
    if len(text) > LONGEST:
        raise FieldError(f"This is longer than {LONGEST:,} characters. Keep the value; a quote may carry the rest.")
    if _BROKEN.search(text):
        raise FieldError("There are characters in it that can't be stored. Type it again by hand.")
    return text


def _plain(raw: object) -> bool:
    return isinstance(raw, str | int | float) or type(raw).__name__ == "Decimal"


def _text(raw: object) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    try:
        return str(raw)
    except ValueError as error:  # an int of more than 4,300 digits
        raise FieldError("This number is too long to be one.") from error
