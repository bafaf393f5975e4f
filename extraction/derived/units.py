"""Conversions of units by a table of factors; what a factor rests on is said in each result's source.

Molar masses: IUPAC standard atomic weights (glucose C6H12O6 180.156, cholesterol C27H46O 386.65, creatinine C4H7N3O
113.12 g/mol). HbA1c: the NGSP–IFCC master equation, NGSP % = 0.09148 × IFCC + 2.152. Length, mass and pressure:
exact by the international agreement of 1959 and NIST SP 811. A month is a twelfth of the Gregorian
year of 365.2425 days.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from extraction.derived.formula import Derived, DerivedError, Formula, Input, Kind, Worked
from extraction.derived.rounding import plain


@dataclass(frozen=True, slots=True)
class Conversion:
    """One direction between two units. `factor` is as written, "a/b" a quotient; the value is divided by it if said.

    `quantity` tells what mmol/L and mg/dL are of; "" is anything.
    """

    quantity: str
    source: str
    to: str
    factor: str
    basis: str
    divide: bool = False

    @property
    def name(self) -> str:
        parts = (self.quantity, self.source, "to", self.to)
        return "_".join(_word(part) for part in parts if part)

    @property
    def step(self) -> str:
        """The factor as it is written behind a value."""
        factor = f"({self.factor.replace('/', ' ÷ ')})" if "/" in self.factor else self.factor
        return f"{'÷' if self.divide else '×'} {factor}"


EXACT = "exact by definition"
CALENDAR = "mean Gregorian calendar, 365.2425 days in a year"
NGSP = "NGSP–IFCC master equation"
_WORDS = {"%": "percent", "°": "deg_", "µ": "u", "/": "_per_"}

_FACTORS: tuple[tuple[str, str, str, str, str], ...] = (
    # quantity, from, to, how many `to` are one `from` ("a/b" is a quotient), what it rests on
    ("", "g", "mg", "1000", EXACT),
    ("", "kg", "g", "1000", EXACT),
    ("", "mg", "µg", "1000", EXACT),
    ("", "lb", "kg", "0.45359237", EXACT),
    ("", "inch", "cm", "2.54", EXACT),
    ("", "m", "cm", "100", EXACT),
    ("", "mmHg", "kPa", "0.133322387415", "conventional millimetre of mercury"),
    ("", "weeks", "days", "7", EXACT),
    ("", "years", "months", "12", EXACT),
    ("", "months", "weeks", "365.2425/84", CALENDAR),
    ("", "years", "weeks", "365.2425/7", CALENDAR),
    ("", "months", "days", "365.2425/12", CALENDAR),
    ("", "years", "days", "365.2425", CALENDAR),
    ("glucose", "mmol/L", "mg/dL", "18.0156", "molar mass 180.156 g/mol"),
    ("cholesterol", "mmol/L", "mg/dL", "38.665", "molar mass 386.65 g/mol"),
    ("creatinine", "µmol/L", "mg/dL", "0.011312", "molar mass 113.12 g/mol"),
    # These two have an offset: the words of the formula stand in place of a factor.
    ("hba1c", "mmol/mol", "%", "0.09148 × {} + 2.152", NGSP),
    ("temperature", "°C", "°F", "{} × 9 ÷ 5 + 32", EXACT),
)
_BACK = {"hba1c": "(% − 2.152) ÷ 0.09148", "temperature": "(°F − 32) × 5 ÷ 9"}


def _number(text: str) -> Decimal:
    over, _, under = text.partition("/")
    return Decimal(over) / Decimal(under or 1)


def _word(text: str) -> str:
    for sign, word in _WORDS.items():
        text = text.replace(sign, word)
    return text.lower()


def _both_ways(quantity: str, source: str, to: str, factor: str, basis: str) -> tuple[Conversion, Conversion]:
    there = Conversion(quantity, source, to, factor, basis)
    return there, Conversion(quantity, to, source, factor, basis, divide=True)


TOLD = ("hba1c", "temperature")  # which of them is meant, the two units say
CONVERSIONS: tuple[Conversion, ...] = tuple(way for row in _FACTORS for way in _both_ways(*row))


def find(source: str, to: str, quantity: str = "") -> Conversion:
    """Return the conversion between two units of a quantity.

    Raises DerivedError where there is none, or where mg/dL of what is not said.
    """
    ways = [way for way in CONVERSIONS if (way.source, way.to) == (source, to)]
    named = [way for way in ways if way.quantity in ("", quantity) or (way.quantity in TOLD and not quantity)]
    if named:
        return named[0]
    if ways:
        known = ", ".join(sorted(way.quantity for way in ways))
        raise DerivedError(f"{source} to {to} depends on the substance; known are {known}.")
    raise DerivedError(f"There is no conversion from {source} to {to}.")


def convert(value: Decimal, source: str, to: str, *, quantity: str = "") -> Derived:
    """Convert a value; raises DerivedError as `find` does, and for what can't be (a negative mass)."""
    return formula_of(find(source, to, quantity)).compute({"value": value})


def _worker(way: Conversion) -> Callable[..., Worked]:
    def work(value: Decimal) -> Worked:
        number = _number(way.factor)
        return Worked(value / number if way.divide else value * number, f"{plain(value)} {way.step}")

    return _SPECIAL.get((way.quantity, way.to), work)


def _fahrenheit(value: Decimal) -> Worked:
    return Worked(value * 9 / 5 + 32, f"{plain(value)} × 9 ÷ 5 + 32")


def _celsius(value: Decimal) -> Worked:
    return Worked((value - 32) * 5 / 9, f"({plain(value)} − 32) × 5 ÷ 9")


def _percent(value: Decimal) -> Worked:
    return Worked(value * Decimal("0.09148") + Decimal("2.152"), f"0.09148 × {plain(value)} + 2.152")


def _ifcc(value: Decimal) -> Worked:
    if value < Decimal("2.152"):
        raise DerivedError("An HbA1c below 2.152% has no IFCC value; please check the number and its unit.")
    return Worked((value - Decimal("2.152")) / Decimal("0.09148"), f"({plain(value)} − 2.152) ÷ 0.09148")


_SPECIAL: dict[tuple[str, str], Callable[..., Worked]] = {
    ("temperature", "°F"): _fahrenheit,
    ("temperature", "°C"): _celsius,
    ("hba1c", "%"): _percent,
    ("hba1c", "mmol/mol"): _ifcc,
}


def formula_of(way: Conversion) -> Formula:
    """Return the conversion as a formula with one input, `value`."""
    what = f" ({way.quantity})" if way.quantity else ""
    kind = Kind.NUMBER if way.quantity == "temperature" else Kind.NOT_NEGATIVE
    right = way.factor.format(way.source) if "{}" in way.factor else f"{way.source} {way.step}"
    if way.divide and "{}" in way.factor:
        right = _BACK[way.quantity]
    inputs = (Input("value", f"Value in {way.source}", kind),)
    label, source = f"{way.source} to {way.to}{what}", f"Unit table: {way.basis}"
    return Formula(way.name, label, f"{way.to} = {right}", source, inputs, _worker(way))


FORMULAS = tuple(formula_of(way) for way in CONVERSIONS)
