"""Rounding that claims no more than the inputs carry, and numbers written for people.

A derived number gets one significant digit more than its most exact input, at least four: the last rounding then adds
no error that counts, and no reader is shown the fifteen digits of an arithmetic unit.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal

LEAST, MOST = 4, 12


def rounded(value: Decimal, inputs: Iterable[Decimal]) -> Decimal:
    """Round to one significant digit more than the most exact input; digits that are zero anyway are not padded."""
    places = min(MOST, max(LEAST, 1 + max((significant(number) for number in inputs), default=0)))
    return tidy(to_places(value, places))


def to_places(value: Decimal, places: int) -> Decimal:
    """Round to `places` significant digits, halves to even."""
    return Context(prec=places, rounding=ROUND_HALF_EVEN).plus(value)


def significant(number: Decimal) -> int:
    """Count the significant digits as written: 30.0 has three, 0.030 two, 0 none."""
    return len(number.as_tuple().digits) if number else 0


def tidy(value: Decimal) -> Decimal:
    """Drop zeros behind the decimal point and never leave an exponent: 24.00 becomes 24, 1E+2 becomes 100."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() and abs(short.adjusted()) < 25 else short


def plain(value: Decimal) -> str:
    """Write the number without exponent and with a real minus sign."""
    text = format(value, "f") if abs(value.adjusted()) <= 15 else str(value)
    return text.replace("-", "−")


def short(value: Decimal, places: int = LEAST) -> str:
    """Write a number that stands inside a formula (a quantile, a pooled SD), rounded for reading."""
    return plain(tidy(to_places(value, places)))


def signed(value: Decimal) -> str:
    """Write the number in brackets where it is negative, as behind an operator."""
    return f"({plain(value)})" if value < 0 else plain(value)
