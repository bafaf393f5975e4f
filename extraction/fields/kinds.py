"""The kinds of fields, one small class each: parse, validate, compare, show.

`parse` takes what a person typed or a model replied and raises nothing but FieldError. `show` gives text that `parse`
reads back as the same value.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from extraction.fields import dates, numbers
from extraction.fields.parsed import REPORTED, STATE_LABELS, FieldError, Parsed, cleaned, written_state
from extraction.fields.spec import FieldSpec, Option
from extraction.fields.units import unit_of


@dataclass(frozen=True, slots=True)
class Kind:
    """What all kinds share: the answers that are no value, and comparing."""

    spec: FieldSpec
    name: ClassVar[str] = ""
    label: ClassVar[str] = ""

    def parse(self, raw: object) -> Parsed:
        """What `raw` says. Raises FieldError with a sentence where it can't be read, or nothing was entered."""
        text = cleaned(raw)
        return written_state(text) or self._parse(text)

    def parse_beside(self, raw: object, unit: str) -> Parsed:
        """What `raw` says where `unit` was chosen beside it; only numbers and texts have use for one."""
        return self.parse(raw)

    def validate(self, parsed: Parsed) -> None:
        """Raise FieldError where a stored value, perhaps of an older version of the form, does not fit this field."""
        if parsed.reported:
            if not isinstance(parsed.value, str):
                raise FieldError("The field has changed since: this value was entered in a field of another kind.")
            self._validate(parsed.value, parsed.unit)

    def compare(self, a: Parsed, b: Parsed) -> bool:
        """Whether two extractors said the same."""
        if a.state != b.state:
            return False
        return not a.reported or self._same(a, b)

    def show(self, parsed: Parsed) -> str:
        """As people read it; `parse` reads it back."""
        return self._show(parsed) if parsed.reported else STATE_LABELS[parsed.state]

    def decimal(self, parsed: Parsed) -> Decimal | None:
        """The number of a number field; None for everything else."""
        return None

    def _parse(self, text: str) -> Parsed:
        raise NotImplementedError

    def _validate(self, value: str, unit: str) -> None:
        again = self._parse(value)
        if again.value != value:
            raise FieldError(f"“{value[:40]}” does not fit the field as it is now.")

    def _same(self, a: Parsed, b: Parsed) -> bool:
        return a.value == b.value

    def _show(self, parsed: Parsed) -> str:
        return str(parsed.value)


class Text(Kind):
    name, label = "text", "Text"

    def parse_beside(self, raw: object, unit: str) -> Parsed:
        """The unit of a number that is a text by now, because the form was changed, stays with it."""
        return self.parse(f"{cleaned(raw)} {unit}".strip())

    def _parse(self, text: str) -> Parsed:
        return Parsed(REPORTED, text)

    def _same(self, a: Parsed, b: Parsed) -> bool:
        """Letter case, white space and a last full stop don't make two answers of one."""
        return _folded(str(a.value)) == _folded(str(b.value))


class Number(Kind):
    """A decimal in one of the field's units; a number without a unit is in the first of them."""

    name, label = "number", "Number"

    def parse_beside(self, raw: object, unit: str) -> Parsed:
        """The unit that was chosen counts, unless one is written with the number; one that isn't taken is refused."""
        text = cleaned(raw)
        bare = unit and not written_state(text) and not numbers.split(text)[1]
        return self.parse(f"{text} {unit}" if bare else text)

    def _parse(self, text: str) -> Parsed:
        value, rest = numbers.split(text)
        allowed = self.spec.all_units
        unit = unit_of(rest, allowed) if rest else (allowed[0] if allowed else "")
        self._check(value)
        return Parsed(REPORTED, numbers.plain(value), unit)

    def _validate(self, value: str, unit: str) -> None:
        self._check(numbers.from_stored(value))
        if unit not in (self.spec.all_units or ("",)):
            raise FieldError(f"The value is in “{unit or 'no unit'}”, which this field does not take any more.")

    def _check(self, value: Decimal) -> None:
        if self.spec.whole and value != value.to_integral_value():
            raise FieldError(f"{numbers.plain(value)} is not a whole number, and this field counts.")
        if self.spec.minimum and value < Decimal(self.spec.minimum):
            raise FieldError(f"{numbers.plain(value)} is less than {self.spec.minimum}, the least that can be.")
        if self.spec.maximum and value > Decimal(self.spec.maximum):
            raise FieldError(f"{numbers.plain(value)} is more than {self.spec.maximum}, the most that can be.")

    def _same(self, a: Parsed, b: Parsed) -> bool:
        """5.0 mg is 5 mg; 1 g is not 1000 mg, because one of the two copied the report and one did not."""
        return a.unit == b.unit and self.decimal(a) == self.decimal(b)

    def _show(self, parsed: Parsed) -> str:
        return f"{parsed.value} {parsed.unit}".strip()

    def decimal(self, parsed: Parsed) -> Decimal | None:
        return numbers.from_stored(parsed.value) if parsed.reported and isinstance(parsed.value, str) else None


class Choice(Kind):
    """One of the options, by key or label. Options come before "unclear": many lists have an answer of that name."""

    name, label = "choice", "One of a list"

    def parse(self, raw: object) -> Parsed:
        text = cleaned(raw)
        option = _option(self.spec, text)
        return Parsed(REPORTED, option.key) if option else written_state(text) or self._parse(text)

    def _parse(self, text: str) -> Parsed:
        option = _option(self.spec, text)
        if option is None:
            raise FieldError(_not_an_option(self.spec, text))
        return Parsed(REPORTED, option.key)

    def _show(self, parsed: Parsed) -> str:
        return _labelled(self.spec, str(parsed.value))


class MultiChoice(Kind):
    """Some of the options, in the order of the list; written with semicolons, commas or line breaks between."""

    name, label = "multi_choice", "Some of a list"

    def parse(self, raw: object) -> Parsed:
        parts = [cleaned(part) for part in raw] if isinstance(raw, list | tuple) else _parts(self.spec, cleaned(raw))
        found = [_option(self.spec, part) for part in parts]
        if len(parts) == 1 and found == [None] and (state := written_state(parts[0])):
            return state
        for part, option in zip(parts, found, strict=True):
            if option is None:
                raise FieldError(_not_an_option(self.spec, part))
        return self._of({option.key for option in found if option})

    def _of(self, keys: set[str]) -> Parsed:
        if not keys:
            raise FieldError("Nothing was chosen. If the report does not say it, choose “not reported”.")
        return Parsed(REPORTED, tuple(option.key for option in self.spec.options if option.key in keys))

    def validate(self, parsed: Parsed) -> None:
        if parsed.reported and not isinstance(parsed.value, tuple):
            raise FieldError("The field has changed since: this value was entered in a field of another kind.")
        if gone := [key for key in parsed.value or () if self.spec.option(key) is None]:
            raise FieldError(f"“{gone[0]}” is not in the list any more.")

    def _same(self, a: Parsed, b: Parsed) -> bool:
        return set(a.value or ()) == set(b.value or ())

    def _show(self, parsed: Parsed) -> str:
        return "; ".join(_labelled(self.spec, key) for key in parsed.value or ())


class Date(Kind):
    name, label = "date", "Date, whole or partial"

    def _parse(self, text: str) -> Parsed:
        return Parsed(REPORTED, dates.parsed(text))


class YesNo(Kind):
    name, label = "yes_no", "Yes or no"
    YES: ClassVar = {"yes", "y", "true", "1"}
    NO: ClassVar = {"no", "n", "false", "0"}

    def _parse(self, text: str) -> Parsed:
        said = text.casefold().rstrip(".")
        if said not in self.YES | self.NO:
            raise FieldError(f"“{text[:40]}” is neither yes nor no. If the report leaves it open, choose “unclear”.")
        return Parsed(REPORTED, "yes" if said in self.YES else "no")


KINDS: dict[str, type[Kind]] = {kind.name: kind for kind in (Text, Number, Choice, MultiChoice, Date, YesNo)}


def kind_of(spec: FieldSpec) -> Kind:
    """The kind that reads values of this field. Raises FieldError for a kind that there isn't."""
    if spec.kind not in KINDS:
        raise FieldError(f"There is no kind of field called “{spec.kind}”.")
    return KINDS[spec.kind](spec)


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(text.split()).rstrip(".")


def _option(spec: FieldSpec, text: str) -> Option | None:
    """The option of that key, or else of that label."""
    wanted = _folded(text)
    by_key = next((option for option in spec.options if _folded(option.key) == wanted), None)
    return by_key or next((option for option in spec.options if _folded(option.label) == wanted), None)


def _labelled(spec: FieldSpec, key: str) -> str:
    option = spec.option(key)
    return option.label if option else key


def _parts(spec: FieldSpec, text: str) -> list[str]:
    """What stands between semicolons and line breaks; commas part only what is no option as a whole."""
    parts: list[str] = []
    for part in re.split(r"[;\n]", text):
        parts += [part] if _option(spec, part) else part.split(",")
    return [part.strip() for part in parts if part.strip()]


def _not_an_option(spec: FieldSpec, text: str) -> str:
    labels = [option.label for option in spec.options]
    listed = ", ".join(labels[:8]) + (", …" if len(labels) > 8 else "")
    return f"“{text[:40]}” is not in the list: {listed}."
