"""What a formula is: its words, its source, its inputs, and how a result shows where it came from (EXT-07)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, DecimalException, localcontext
from enum import StrEnum

from extraction.derived.rounding import plain, rounded

WORKING = Context(prec=34)  # far beyond any input, so that only the last rounding is one
MOST = 30  # powers of ten; a study reports no number beyond, and a typing slip must not hold up a page


class DerivedError(ValueError):
    """A number can't be derived; the message is a sentence for the person who entered the inputs."""


class Kind(StrEnum):
    """What an input may be."""

    NUMBER = "number"
    POSITIVE = "positive"
    NOT_NEGATIVE = "not_negative"
    COUNT = "count"
    GROUP = "group"
    PERCENT = "percent"
    PROBABILITY = "probability"
    CORRELATION = "correlation"
    LEVEL = "level"


ALLOWED: dict[Kind, tuple[str, Callable[[Decimal], bool]]] = {
    Kind.NUMBER: ("a number", lambda value: True),
    Kind.POSITIVE: ("above 0", lambda value: value > 0),
    Kind.NOT_NEGATIVE: ("0 or above", lambda value: value >= 0),
    Kind.COUNT: ("a whole number, 0 or above", lambda value: value >= 0 and value == value.to_integral_value()),
    Kind.GROUP: ("a whole number of at least 1", lambda value: value >= 1 and value == value.to_integral_value()),
    Kind.PERCENT: ("between 0 and 100", lambda value: 0 <= value <= 100),
    Kind.PROBABILITY: ("above 0 and below 1", lambda value: 0 < value < 1),
    Kind.CORRELATION: ("between −1 and 1", lambda value: -1 <= value <= 1),
    Kind.LEVEL: ("above 50 and below 100, for example 95", lambda value: 50 < value < 100),
}


@dataclass(frozen=True, slots=True)
class Input:
    """One number that a formula needs; `default` is taken where it isn't given."""

    name: str
    label: str
    kind: Kind = Kind.NUMBER
    default: Decimal | None = None

    def check(self, value: Decimal) -> None:
        if not value.is_finite() or (value and abs(value.adjusted()) > MOST):
            raise DerivedError(f"{self.label} must be a number of ordinary size; it is {str(value)[:20]}.")
        words, allows = ALLOWED[self.kind]
        if not allows(value):
            raise DerivedError(f"{self.label} must be {words}; it is {plain(value)}.")


@dataclass(frozen=True, slots=True)
class Worked:
    """What a formula's own arithmetic returns: the value, the formula filled in, and what must be said beside it."""

    value: Decimal
    filled: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived number with everything that a reader needs to check it by hand."""

    name: str
    value: Decimal
    shown_formula: str
    inputs: Mapping[str, Decimal]
    source: str
    notes: tuple[str, ...] = ()
    unrounded: Decimal = field(default=Decimal(0), compare=False)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula by name. `text` is the formula in letters, `source` the publication that it comes from."""

    name: str
    label: str
    text: str
    source: str
    inputs: tuple[Input, ...]
    work: Callable[..., Worked]
    notes: tuple[str, ...] = ()
    exact: bool = False  # a product with an exact factor: every digit counts

    @property
    def input_names(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.inputs)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.inputs if item.default is None)

    def compute(self, inputs: Mapping[str, Decimal]) -> Derived:
        """Work it out. Raises DerivedError where an input is missing, impossible, or the result can't be."""
        given = self._given(inputs)
        try:
            with localcontext(WORKING):
                worked = self.work(**given)
        except DecimalException as error:
            raise DerivedError(f"{self.label} can't be worked out from these numbers.") from error
        if not worked.value.is_finite():
            raise DerivedError(f"{self.label} can't be worked out from these numbers.")
        value = worked.value if self.exact else rounded(worked.value, [given[name] for name in self.required])
        sign = " ≈ " if " ≈ " in self.text else " = "
        shown = f"{self.text.split(sign)[0]}{sign}{worked.filled}{sign}{plain(value)}"
        return Derived(
            self.name, value, shown, given, self.source, (*self.notes, *worked.notes), unrounded=worked.value
        )

    def _given(self, inputs: Mapping[str, Decimal]) -> dict[str, Decimal]:
        if unknown := [name for name in inputs if name not in self.input_names]:
            raise DerivedError(f"{self.label} has no input named {', '.join(sorted(unknown))}.")
        given = {item.name: inputs.get(item.name, item.default) for item in self.inputs}
        if missing := [item.label for item in self.inputs if given[item.name] is None]:
            raise DerivedError(f"{self.label} needs {' and '.join(missing)} too.")
        found = {name: value for name, value in given.items() if value is not None}
        for item in self.inputs:
            item.check(found[item.name])
        return found
