"""EXT-07: the worked examples that the Cochrane Handbook and the papers print come out as printed."""

from decimal import Decimal

import pytest

from extraction.derived import COMPUTE, compute

# (section, formula, inputs, what is printed)
PRINTED = [
    ("6.5.2.2, intervention group", "sd_from_ci", {"lower": "30.0", "upper": "34.2", "n": "25"}, "5.09"),
    ("6.5.2.2, control group", "sd_from_ci", {"lower": "26.5", "upper": "30.1", "n": "22"}, "4.06"),
    ("6.5.2.3, SE from t", "se_from_t", {"difference": "3.8", "t": "2.78"}, "1.37"),
    ("6.5.2.3, SD from SE", "sd_from_difference_se", {"se": "1.37", "n1": "25", "n2": "22"}, "4.69"),
    ("6.5.2.3, SD from t", "sd_from_t", {"difference": "3.8", "t": "2.78", "n1": "25", "n2": "22"}, "4.68"),
    ("6.5.2.3, SD from P", "sd_from_p", {"difference": "3.8", "p": "0.008", "n1": "25", "n2": "22"}, "4.68"),
    ("6.3.1, SE from P", "se_from_p", {"difference": "0.03", "p": "0.008"}, "0.011"),
    (
        "6.5.2.8, correlation, experimental",
        "change_correlation",
        {"sd_baseline": "6.4", "sd_final": "7.1", "sd_change": "4.5"},
        "0.78",
    ),
    (
        "6.5.2.8, correlation, comparator",
        "change_correlation",
        {"sd_baseline": "7.0", "sd_final": "6.9", "sd_change": "4.2"},
        "0.82",
    ),
    (
        "6.5.2.8, SD of change",
        "sd_change",
        {"sd_baseline": "4.0", "sd_final": "4.4", "correlation": "0.80"},
        "2.68",
    ),
    # Newcombe RG. Stat Med 1998;17:857–872, table I, method 5 (Clopper–Pearson)
    ("Newcombe 81/263", "sensitivity_lower", {"tp": "81", "fn": "182"}, "0.2527"),
    ("Newcombe 81/263", "sensitivity_upper", {"tp": "81", "fn": "182"}, "0.3676"),
    ("Newcombe 15/148", "specificity_lower", {"tn": "15", "fp": "133"}, "0.0578"),
    ("Newcombe 15/148", "specificity_upper", {"tn": "15", "fp": "133"}, "0.1617"),
    ("Newcombe 0/20", "sensitivity_lower", {"tp": "0", "fn": "20"}, "0.0000"),
    ("Newcombe 0/20", "sensitivity_upper", {"tp": "0", "fn": "20"}, "0.1684"),
    ("Newcombe 1/29", "sensitivity_lower", {"tp": "1", "fn": "28"}, "0.0009"),
    ("Newcombe 1/29", "sensitivity_upper", {"tp": "1", "fn": "28"}, "0.1776"),
]


@pytest.mark.parametrize(("section", "name", "inputs", "printed"), PRINTED)
def test_a_printed_example_comes_out_as_printed(section: str, name: str, inputs: dict[str, str], printed: str) -> None:
    derived = compute(name, {key: Decimal(value) for key, value in inputs.items()})
    assert derived.value.quantize(Decimal(printed)) == Decimal(printed), section


def test_every_formula_says_where_it_comes_from_and_shows_its_inputs() -> None:
    for formula in COMPUTE.values():
        assert formula.work.__doc__ is None or "\n" not in formula.label
        assert any(word in formula.source for word in ("Handbook", "Wan 2014", "Clopper", "Unit table")), formula.name
        assert " = " in formula.text or " ≈ " in formula.text


def test_the_shown_formula_has_the_inputs_as_they_were_entered() -> None:
    derived = compute("sd_from_ci", {"lower": Decimal("30.0"), "upper": Decimal("34.2"), "n": Decimal(25)})
    assert derived.shown_formula == "SD = √25 × (34.2 − 30.0) ÷ (2 × 2.064) = 5.087"
    assert derived.notes == ("With the t distribution with 24 degrees of freedom.",)
    assert derived.inputs["level"] == 95


def test_from_sixty_participants_on_the_normal_distribution_is_taken_and_said() -> None:
    inputs = {"lower": Decimal(30), "upper": Decimal(34)}
    few, many = (compute("sd_from_ci", {**inputs, "n": Decimal(n)}) for n in (59, 60))
    assert "t distribution" in few.notes[0]
    assert many.notes == ("With the normal distribution.",)
    assert "(2 × 1.96)" in many.shown_formula
