"""Stored values as numbers to compute with: a formula, and a check, know no units."""

from decimal import Decimal

from extraction.derived import DerivedError, convert
from extraction.fields import FieldSpec


def decimal_of(value: object) -> Decimal | None:
    """The number that a stored value is; None for everything else."""
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except ArithmeticError:
        return None
    return number if number is not None and number.is_finite() else None


def in_first_unit(field: FieldSpec, value: object, unit: str) -> Decimal | None:
    """The number in the field's first unit: converted from another one; None where there is no way, or no number."""
    number = decimal_of(value) if field.kind == "number" else None
    first = field.all_units[0] if field.all_units else ""
    if number is None or unit in ("", first):
        return number
    try:
        return convert(number, unit, first).value
    except DerivedError:
        return None
