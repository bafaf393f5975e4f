"""EXT-07: impossible inputs get a sentence, and no result claims more digits than its inputs carry."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.derived import COMPUTE, DerivedError, compute

D = Decimal


@pytest.mark.parametrize(
    ("name", "inputs", "sentence"),
    [
        ("percentage", {"events": "12", "total": "10"}, "12 events among 10 participants"),
        ("percentage", {"events": "1.5", "total": "10"}, "whole number, 0 or above; it is 1.5"),
        ("percentage", {"events": "-1", "total": "10"}, "it is −1"),
        ("percentage", {"events": "0", "total": "0"}, "at least 1"),
        ("percentage", {"events": "3"}, "needs Number of participants too"),
        ("percentage", {"events": "3", "total": "10", "size": "9"}, "no input named size"),
        ("percentage", {"events": "NaN", "total": "10"}, "ordinary size"),
        ("percentage", {"events": "Infinity", "total": "10"}, "ordinary size"),
        ("sd_from_se", {"se": "1e999999", "n": "10"}, "ordinary size"),
        ("se_from_ci", {"lower": "2", "upper": "2"}, "below its upper bound"),
        ("se_from_ci", {"lower": "1", "upper": "2", "level": "100"}, "for example 95"),
        ("se_log_ratio_from_ci", {"lower": "0", "upper": "2"}, "above 0"),
        ("log_ratio", {"estimate": "-0.3"}, "above 0; it is −0.3"),
        ("se_from_p", {"difference": "2", "p": "0"}, "above 0 and below 1"),
        ("se_from_p", {"difference": "0", "p": "0.5"}, "The difference is 0"),
        ("se_from_t", {"difference": "1", "t": "0"}, "t statistic is 0"),
        ("se_log_ratio_from_p", {"estimate": "1", "p": "0.5"}, "The ratio is 1"),
        ("sd_from_ci", {"lower": "1", "upper": "2", "n": "1"}, "at least 2; it is 1"),
        ("change_correlation", {"sd_baseline": "1", "sd_final": "1", "sd_change": "9"}, "may be a standard error"),
        ("sd_change", {"sd_baseline": "1", "sd_final": "1", "correlation": "1.2"}, "between −1 and 1"),
        ("sd_from_quartiles", {"q1": "5", "q3": "3", "n": "40"}, "must ascend"),
        ("risk_ratio", {"events1": "11", "n1": "10", "events2": "1", "n2": "10"}, "Group 1 has 11 events"),
        ("sensitivity", {"tp": "0", "fn": "0"}, "no participants with the target condition"),
        ("ratio_from_log", {"log_ratio": "900"}, "beyond any effect"),
        ("hba1c_percent_to_mmol_per_mol", {"value": "1"}, "no IFCC value"),
        ("nonsense", {}, "no formula called nonsense"),
        (
            "hedges_g",
            {"mean1": "1", "sd1": "0", "n1": "5", "mean2": "2", "sd2": "0", "n2": "5"},
            "can't be standardized",
        ),
    ],
)
def test_what_is_impossible_is_refused_in_a_sentence(name: str, inputs: dict[str, str], sentence: str) -> None:
    with pytest.raises(DerivedError) as refused:
        compute(name, {key: D(value) for key, value in inputs.items()})
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


anything = st.decimals(allow_nan=True, allow_infinity=True) | st.integers(-50, 50).map(Decimal)


@settings(deadline=None)  # scipy is imported at the first call
@given(st.sampled_from(sorted(COMPUTE)), st.data())
def test_no_input_breaks_a_formula_other_than_by_a_sentence(name: str, data: st.DataObject) -> None:
    inputs = {key: data.draw(anything) for key in COMPUTE[name].input_names}
    with suppress(DerivedError):  # any other error fails
        derived = compute(name, inputs)
        assert derived.value.is_finite()
        assert "E" not in derived.shown_formula.split(" = ")[-1] or abs(derived.value.adjusted()) > 15


@pytest.mark.parametrize(
    ("inputs", "shown"),
    [
        ({"events": "12", "total": "50"}, "24"),
        ({"events": "1", "total": "3"}, "33.33"),
        ({"events": "1234", "total": "56789"}, "2.17296"),
        ({"events": "0", "total": "9"}, "0"),
        ({"events": "9", "total": "9"}, "100"),
    ],
)
def test_a_result_has_one_digit_more_than_its_most_exact_input(inputs: dict[str, str], shown: str) -> None:
    derived = compute("percentage", {key: D(value) for key, value in inputs.items()})
    assert str(derived.value) == shown


def test_negative_numbers_are_shown_with_a_minus_and_in_brackets() -> None:
    derived = compute("mean_difference", {"mean1": D("-1.5"), "mean2": D("-2.0")})
    assert derived.shown_formula == "MD = −1.5 − (−2.0) = 0.5"


def test_what_a_distribution_can_not_tell_is_refused_and_not_shown_as_no_number() -> None:
    with pytest.raises(DerivedError, match="can't be worked out"):
        compute("sensitivity_upper", {"tp": Decimal("999999999999999999999999999999"), "fn": Decimal("1E+29")})
