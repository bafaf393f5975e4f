"""Numbers are read as trial reports print them (EXT-04)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.fulltext.locate import holds_number, numbers_in


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("no number", []),
        ("1,234 patients", ["1234"]),
        ("1,234,567.8", ["1234567.8"]),
        ("1\u2009234 and 12\u202f345", ["1234", "12345"]),
        ("groups 1,2 and 3", ["1", "2", "3"]),
        ("1,2345", ["1", "2345"]),
        ("0·05", ["0.05"]),
        ("0,05", ["0.05"]),
        ("p<0.05 and p<.05", ["0.05", "0.05"]),
        ("It was 5. Then 6.", ["5", "6"]),
        ("−3.2", ["-3.2"]),
        ("a change of –3.4 (-5.1 to −0.2)", ["-3.4", "-5.1", "-0.2"]),
        ("(−0.5–−0.1), -0.5--0.1", ["-0.5", "-0.1", "-0.5", "-0.1"]),
        ("−1,234·5", ["-1234.5"]),
        ("3–5, 3-5, 3 – 5, 3 –5", ["3", "5"] * 4),
        ("5%–7%", ["5", "7"]),
        ("2019-2020", ["2019", "2020"]),
        ("IL-6 and COVID-19", ["6", "19"]),
        ("12%, 12.5 %, 3‰", ["12", "12.5", "3"]),
        ("24/30 (80%)", ["24", "30", "80"]),
        ("n=24, N = 1,024", ["24", "1024"]),
        ("1.2×10^3, 1.2 × 10^{-3}, 1.2x10-3, 1.2 × 10⁻³", ["1200", "0.0012", "0.0012", "0.0012"]),
        ("10⁹ cells or 10^9", ["1000000000", "1000000000"]),
        ("1.2e-5 and 3E3", ["0.000012", "3000"]),
        ("1.5-fold", ["1.5"]),
        ("10² is not 102", ["100", "102"]),
        ("twelve patients; Twenty-one more", ["12", "21"]),
        ("twenty-\none and twenty one", ["21", "21"]),
        ("One hundred and twenty-three patients", ["123"]),
        ("one thousand two hundred", ["1200"]),
        ("two three", ["2", "3"]),
        ("someone, often, tenfold, hundreds", []),
    ],
)
def test_numbers_are_read(text: str, values: list[str]) -> None:
    assert [number.value for number in numbers_in(text)] == [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("24 of 120 patients (20%)", "20"),
        ("0.50", "0.5"),
        ("mean 12,5 years", "12.5"),
        ("12 345 participants", "12345"),
        ("twelve centres", "12"),
        ("SMD −0·32", "-0.32"),
        ("3–5 days", "5"),
    ],
)
def test_a_number_that_stands_in_its_quote_is_found(quote: str, value: str) -> None:
    assert holds_number(quote, Decimal(value))


@pytest.mark.parametrize(
    ("quote", "value"),
    [
        ("", "0"),
        ("12.4 years", "12"),
        ("12.4 years", "4"),
        ("1,234 patients", "1.234"),
        ("1,234 patients", "234"),
        ("3–5 days", "-5"),
        ("SMD −0·32", "0.32"),
        ("120 patients", "12"),
        ("20%", "0.2"),
        ("1.2×10^3", "1.2"),
        ("twenty-one", "1"),
        ("10² m", "10"),
    ],
)
def test_a_number_that_does_not_stand_in_its_quote_is_not_found(quote: str, value: str) -> None:
    assert not holds_number(quote, Decimal(value))


PRINTED = st.decimals(min_value=-(10**7), max_value=10**7, places=3, allow_nan=False)


def printed(value: Decimal, style: int) -> str:
    plain = f"{value:,}" if style & 1 else f"{value}"
    plain = plain.replace(".", "·") if style & 2 else plain
    return plain.replace("-", "−") if style & 4 else plain


@given(
    value=PRINTED, style=st.integers(0, 7), before=st.sampled_from(["", "was ", "(", "p=", "n = ", "from 3 to ", "; "])
)
def test_any_printed_number_is_read_as_it_is(value: Decimal, style: int, before: str) -> None:
    written = printed(value, style)
    text = f"{before}{written} mg."
    assert holds_number(text, value)
    assert [(n.value, n.text) for n in numbers_in(text)][-1] == (value, written)


@given(low=st.integers(0, 999), high=st.integers(0, 999), dash=st.sampled_from(["–", "-", " – ", "—", "−"]))
def test_a_range_holds_two_numbers_that_are_not_negative(low: int, high: int, dash: str) -> None:
    assert [int(number.value) for number in numbers_in(f"aged {low}{dash}{high} years")] == [low, high]


@given(st.text(alphabet=st.sampled_from("0123456789,.·-–−+%×^eE10⁻³ \nxtwentyone"), max_size=60))
def test_any_text_is_read_without_error_and_places_are_its_own(text: str) -> None:
    for number in numbers_in(text):
        assert text[number.start : number.end] == number.text
        assert number.value.is_finite()
