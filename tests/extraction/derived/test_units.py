"""EXT-07: conversions of units, against published pairs, and there and back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.derived import DerivedError, convert
from extraction.derived.units import CONVERSIONS, formula_of

D = Decimal


@pytest.mark.parametrize(
    ("amount", "source", "to", "quantity", "wanted"),
    [
        # NGSP's own table of equivalents (ngsp.org, IFCC standardization)
        ("6.5", "%", "mmol/mol", "hba1c", "48"),
        ("7.0", "%", "mmol/mol", "hba1c", "53"),
        ("9.0", "%", "mmol/mol", "hba1c", "75"),
        ("42", "mmol/mol", "%", "hba1c", "6.0"),
        # WHO's diagnostic limits, printed in both units
        ("7.0", "mmol/L", "mg/dL", "glucose", "126"),
        ("200", "mg/dL", "mmol/L", "glucose", "11.1"),
        # NCEP ATP III: 200 mg/dL of total cholesterol is 5.17 mmol/L
        ("200", "mg/dL", "mmol/L", "cholesterol", "5.17"),
        ("1", "mg/dL", "µmol/L", "creatinine", "88.4"),
        ("98.6", "°F", "°C", "", "37.0"),
        ("-40", "°C", "°F", "", "-40"),
        ("150", "lb", "kg", "", "68.04"),
        ("70", "inch", "cm", "", "177.8"),
        ("120", "mmHg", "kPa", "", "16.0"),
        ("6", "months", "weeks", "", "26.1"),
        ("52", "weeks", "months", "", "12.0"),
        ("2", "years", "months", "", "24"),
        ("2.5", "kg", "g", "", "2500"),
        ("250", "mg", "g", "", "0.25"),
    ],
)
def test_a_published_pair(amount: str, source: str, to: str, quantity: str, wanted: str) -> None:
    derived = convert(D(amount), source, to, quantity=quantity)
    assert derived.value.quantize(D(wanted)) == D(wanted)


@given(st.sampled_from(CONVERSIONS), st.decimals("3", "5000", places=2))
def test_there_and_back_is_where_it_began(way: object, amount: Decimal) -> None:
    assert hasattr(way, "source")
    there = formula_of(way).compute({"value": amount}).unrounded
    back = convert(there, way.to, way.source, quantity=way.quantity).unrounded
    assert abs(back - amount) < D("1e-20")


def test_mg_per_dl_of_what_must_be_said() -> None:
    with pytest.raises(DerivedError, match="cholesterol, glucose"):
        convert(D(100), "mg/dL", "mmol/L")


def test_a_substance_is_never_guessed_because_it_is_the_only_one_that_is_known() -> None:
    """Bilirubin of 20 µmol/L is 1.17 mg/dL; by the molar mass of creatinine it would be 0.226."""
    with pytest.raises(DerivedError, match="depends on the substance; known are creatinine"):
        convert(D(20), "µmol/L", "mg/dL")


def test_units_that_have_nothing_in_common_are_refused() -> None:
    with pytest.raises(DerivedError, match="no conversion from kg to cm"):
        convert(D(1), "kg", "cm")


def test_the_factor_is_shown() -> None:
    assert convert(D(6), "months", "weeks").shown_formula == "weeks = 6 × (365.2425 ÷ 84) = 26.09"
    assert convert(D(10), "cm", "inch").shown_formula == "inch = 10 ÷ 2.54 = 3.937"
