"""How values are written in reports, and what each kind of field makes of them."""

import time

import pytest

from extraction.fields import FieldError, FieldSpec, Option, Parsed, kind_of

YEARS = FieldSpec("age", "Age", "number", unit="years", units=("months",))
DESIGN = (Option("yes", "Yes"), Option("unclear", "Unclear"), Option("other", "Other, with a comma"))


def number(raw: object, **changes: object) -> Parsed:
    return kind_of(FieldSpec("n", "N", "number", **changes)).parse(raw)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1,234", "1234"),
        ("1,234,567.50", "1234567.50"),
        ("1 234", "1234"),
        ("1\u2009234.5", "1234.5"),
        ("1'234", "1234"),
        ("0·05", "0.05"),
        (".05", "0.05"),
        ("0,05", "0.05"),
        ("0,123", "0.123"),
        ("12,5", "12.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("−3.2", "-3.2"),
        ("– 3.2", "-3.2"),
        ("+4", "4"),
        ("-0", "0"),
        ("5.", "5"),
        ("1.20", "1.20"),
        ("1.2e3", "1200"),
        ("1.2×10^3", "1200"),
        ("1.2 × 10⁻³", "0.0012"),
        ("twelve", "12"),
        ("Twenty", "20"),
        ("٣٤", "34"),
        (12, "12"),
        (0.1, "0.1"),
    ],
)
def test_a_number_is_read_as_it_is_printed(raw: object, value: str) -> None:
    assert number(raw) == Parsed("reported", value)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("5–10", "more than one number"),
        ("5 to 10", "more than one number"),
        ("5.1 (2.3)", "more than one number"),
        ("5.1 ± 2.3", "more than one number"),
        ("12/40", "more than one number"),
        ("12 of 40", "more than one number"),
        ("<0.001", "bound"),
        ("≈ 5", "bound"),
        ("1,23,456", "more than one way"),
        ("2019 123 4", "more than one"),
        ("many", "digits"),
        ("nan", "not a number"),
        ("Infinity", "not a number"),
        (float("inf"), "not a number"),
        ("1e31", "digits"),
        ("1e-999", "digits"),
        ("9" * 31, "digits"),
        ("", "Nothing"),
        ("  \n", "Nothing"),
        (None, "Nothing"),
        ({"value": 5}, "typed"),
    ],
)
def test_what_is_not_one_number_is_refused_with_the_mend(raw: object, says: str) -> None:
    with pytest.raises(FieldError, match=says):
        number(raw)


@pytest.mark.parametrize(
    "raw", ["9" * 20_000, "1e" + "9" * 200, " 1" * 9_000, "1," * 9_000, "<" * 19_999, "(" * 19_000]
)
def test_a_monstrous_number_costs_no_time(raw: str) -> None:
    start = time.process_time()
    with pytest.raises(FieldError):
        number(raw, unit="mg")
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("raw", "value", "unit"),
    [("5 mg", "5", "mg"), ("5mg", "5", "mg"), ("5", "5", "mg"), ("5 MG", "5", "mg"), ("5 mcg", "5", "µg"),
     ("5 μg", "5", "µg"), ("0.5 g", "0.5", "g")],
)  # fmt: skip
def test_a_unit_is_one_of_the_fields_own(raw: str, value: str, unit: str) -> None:
    assert number(raw, unit="mg", units=("g", "µg")) == Parsed("reported", value, unit)


def test_percent_and_years_have_more_than_one_spelling() -> None:
    assert number("12 %", unit="%") == number("12%", unit="%") == number("12 percent", unit="%")
    assert kind_of(YEARS).parse("54 yrs").unit == "years"
    assert kind_of(YEARS).parse("3 months").unit == "months"
    assert number("27.4 kg/m²", unit="kg/m2").unit == "kg/m2"


@pytest.mark.parametrize(("unit", "raw", "says"), [("mg", "5 kg", "It takes mg"), ("", "12 %", "no unit")])
def test_another_unit_is_refused_and_never_dropped(unit: str, raw: str, says: str) -> None:
    with pytest.raises(FieldError, match=says):
        number(raw, unit=unit)


def test_units_that_differ_only_in_case_must_be_written_exactly() -> None:
    assert number("5 mM", unit="mM", units=("MM",)).unit == "mM"
    with pytest.raises(FieldError, match="not a unit"):
        number("5 mm", unit="mM", units=("MM",))


def test_bounds_and_whole_numbers_are_held() -> None:
    with pytest.raises(FieldError, match="least"):
        number("-1", minimum="0")
    with pytest.raises(FieldError, match="most"):
        number("101", maximum="100")
    with pytest.raises(FieldError, match="whole"):
        number("4.5", whole=True)
    assert number("4.0", whole=True).value == "4.0"


def test_extractors_agree_on_a_number_by_value_and_unit() -> None:
    kind = kind_of(FieldSpec("dose", "Dose", "number", unit="mg", units=("g",)))
    assert kind.compare(kind.parse("5.0 mg"), kind.parse("5"))
    assert not kind.compare(kind.parse("1 g"), kind.parse("1000 mg"))
    assert not kind.compare(kind.parse("5"), kind.parse("unclear"))


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("2019", "2019"),
        ("2019-03", "2019-03"),
        ("2019-3-5", "2019-03-05"),
        ("2019/03/05", "2019-03-05"),
        ("March 2019", "2019-03"),
        ("Sept. 2019", "2019-09"),
        ("5 March 2019", "2019-03-05"),
        ("5th of March 2019", "2019-03-05"),
        ("Mar 5, 2019", "2019-03-05"),
        ("05.03.2019", "2019-03-05"),
        ("03/2019", "2019-03"),
        ("25/03/2019", "2019-03-25"),
        ("03/25/2019", "2019-03-25"),
        ("04/04/2019", "2019-04-04"),
        ("29 February 2020", "2020-02-29"),
    ],
)
def test_a_date_may_be_whole_or_partial(raw: str, stored: str) -> None:
    assert kind_of(FieldSpec("d", "D", "date")).parse(raw).value == stored


@pytest.mark.parametrize(
    ("raw", "says"),
    [("05/03/2019", "two ways"), ("2019-13", "no such date"), ("29 February 2019", "no such date"), ("0019", "year"),
     ("2019-2021", "not a date"), ("spring 2019", "no month"), ("2019-00", "no month"), ("31 Foo 2019", "no month"),
     ("2019-03-00", "no such date")],
)  # fmt: skip
def test_a_date_that_could_be_two_or_none_is_refused(raw: str, says: str) -> None:
    with pytest.raises(FieldError, match=f"(?i){says}"):
        kind_of(FieldSpec("d", "D", "date")).parse(raw)


def test_a_year_and_a_month_of_it_are_two_answers() -> None:
    kind = kind_of(FieldSpec("d", "D", "date"))
    assert not kind.compare(kind.parse("2019"), kind.parse("2019-03"))
    assert kind.compare(kind.parse("March 2019"), kind.parse("2019-03"))


def test_an_option_called_unclear_is_that_option() -> None:
    kind = kind_of(FieldSpec("c", "C", "choice", options=DESIGN))
    assert kind.parse("Unclear") == Parsed("reported", "unclear")
    assert kind.parse("not reported") == Parsed("not_reported")
    assert kind.parse(" other, WITH a comma. ").value == "other"
    with pytest.raises(FieldError, match="Yes, Unclear, Other"):
        kind.parse("perhaps")


def test_several_options_are_parted_by_semicolons_commas_or_lines() -> None:
    kind = kind_of(FieldSpec("m", "M", "multi_choice", options=DESIGN))
    assert kind.parse("unclear, yes").value == ("yes", "unclear")
    assert kind.parse("Other, with a comma; yes\nyes").value == ("yes", "other")
    assert kind.parse("yes").value == ("yes",)
    for nothing in ([], ";", "yes; perhaps", [None]):
        with pytest.raises(FieldError):
            kind.parse(nothing)


@pytest.mark.parametrize(("raw", "value"), [("Yes.", "yes"), (True, "yes"), ("n", "no"), (0, "no")])
def test_yes_and_no_have_few_spellings(raw: object, value: str) -> None:
    assert kind_of(FieldSpec("y", "Y", "yes_no")).parse(raw).value == value


def test_yes_or_no_takes_nothing_between() -> None:
    with pytest.raises(FieldError, match="neither yes nor no"):
        kind_of(FieldSpec("y", "Y", "yes_no")).parse("partly")


def test_text_keeps_its_lines_and_loses_what_a_pdf_left_in_it() -> None:
    kind = kind_of(FieldSpec("t", "T", "text"))
    assert kind.parse(" first\r\nsecond\x00\x0c ").value == "first\nsecond"
    assert kind.compare(kind.parse("Two  centres."), kind.parse("two centres"))
    with pytest.raises(FieldError, match="can't be stored"):
        kind.parse("lone \ud800 half")
    with pytest.raises(FieldError, match="longer"):
        kind.parse("x" * 20_001)


@pytest.mark.parametrize(
    ("field", "stored"),
    [
        (FieldSpec("n", "N", "number", unit="g"), Parsed("reported", "5", "mg")),
        (FieldSpec("n", "N", "number", maximum="4"), Parsed("reported", "5")),
        (FieldSpec("n", "N", "number"), Parsed("reported", "five")),
        (FieldSpec("c", "C", "choice", options=DESIGN), Parsed("reported", "gone")),
        (FieldSpec("m", "M", "multi_choice", options=DESIGN), Parsed("reported", ("yes", "gone"))),
        (FieldSpec("m", "M", "multi_choice", options=DESIGN), Parsed("reported", "yes")),
        (FieldSpec("t", "T", "text"), Parsed("reported", ("yes",))),
        (FieldSpec("d", "D", "date"), Parsed("reported", "spring")),
    ],
)
def test_a_value_of_an_older_form_that_does_not_fit_is_told_and_still_shown(field: FieldSpec, stored: Parsed) -> None:
    kind = kind_of(field)
    with pytest.raises(FieldError):
        kind.validate(stored)
    assert kind.show(stored)
