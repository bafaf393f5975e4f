"""EXT-07: formulas against raw data, textbook values, and each other."""

import math
import statistics
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extraction.derived import COMPUTE, DerivedError, compute

D = Decimal
sizes = st.integers(2, 5000).map(Decimal)
spreads = st.decimals("0.01", "500", places=2)
centres = st.decimals("-500", "500", places=2)


def value(name: str, **inputs: object) -> Decimal:
    return compute(name, {key: D(str(given)) for key, given in inputs.items()}).unrounded


def close(found: Decimal, wanted: object, tolerance: float = 1e-9) -> bool:
    return math.isclose(float(found), float(str(wanted)), rel_tol=tolerance, abs_tol=1e-9)


@given(centres, spreads, st.sampled_from([D(90), D(95), D(99)]))
def test_an_interval_made_from_a_standard_error_gives_it_back(estimate: Decimal, se: Decimal, level: Decimal) -> None:
    lower = value("lower_from_se", estimate=estimate, se=se, level=level)
    upper = value("upper_from_se", estimate=estimate, se=se, level=level)
    assume(lower < upper)
    back = COMPUTE["se_from_ci"].compute({"lower": lower, "upper": upper, "level": level})
    assert close(back.unrounded, se, 1e-8)


@given(spreads, sizes)
def test_sd_and_se_are_each_others_inverse(sd: Decimal, n: Decimal) -> None:
    assert close(value("sd_from_se", se=value("se_from_sd", sd=sd, n=n), n=n), sd)


@given(st.decimals("0.01", "50", places=3), st.decimals("0.01", "3", places=3))
def test_a_ratio_with_its_interval_gives_back_log_and_standard_error(ratio: Decimal, se: Decimal) -> None:
    log = value("log_ratio", estimate=ratio)
    lower, upper = (value(f"ratio_{end}", log_ratio=log, se=se) for end in ("lower", "upper"))
    assert close(value("se_log_ratio_from_ci", lower=lower, upper=upper), se, 1e-7)
    assert close(value("ratio_from_log", log_ratio=log), ratio)


numbers = st.lists(st.integers(-1000, 1000), min_size=2, max_size=40)


@given(numbers, numbers)
def test_combined_groups_are_the_groups_poured_together(first: list[int], second: list[int]) -> None:
    groups = {}
    for index, sample in enumerate((first, second), start=1):
        groups |= {f"n{index}": len(sample), f"mean{index}": statistics.fmean(sample)}
        groups |= {f"sd{index}": statistics.stdev(sample)}
    everyone = first + second
    means = {name: given for name, given in groups.items() if not name.startswith("sd")}
    assert close(value("combined_mean", **means), statistics.fmean(everyone), 1e-6)
    assert close(value("combined_sd", **groups), statistics.stdev(everyone), 1e-6)
    assert value("combined_n", n1=len(first), n2=len(second)) == len(everyone)


@given(spreads, spreads, st.decimals("-0.99", "0.99", places=2))
def test_the_correlation_of_an_imputed_change_is_the_one_put_in(first: Decimal, last: Decimal, r: Decimal) -> None:
    change = value("sd_change", sd_baseline=first, sd_final=last, correlation=r)
    assert close(value("change_correlation", sd_baseline=first, sd_final=last, sd_change=change), r, 1e-6)


@settings(deadline=None)  # scipy is imported at the first call
@given(spreads, sizes, sizes, st.decimals("0.001", "0.9", places=3), centres.filter(bool))
def test_t_and_its_p_value_give_the_same_sd(sd: Decimal, n1: Decimal, n2: Decimal, p: Decimal, gap: Decimal) -> None:
    from scipy.stats import t

    statistic = D(repr(float(t.isf(float(p) / 2, float(n1 + n2 - 2)))))
    by_p = value("sd_from_p", difference=gap, p=p, n1=n1, n2=n2)
    assert close(by_p, value("sd_from_t", difference=gap, t=statistic, n1=n1, n2=n2), 1e-6)


def test_a_p_value_as_small_as_a_genome_study_s_still_has_a_quantile() -> None:
    assert close(value("se_from_p", difference=10, p="1e-25"), 10 / 10.48617, 1e-4)
    assert value("sd_from_p", difference=10, p="1e-25", n1=900, n2=900) > 10


def test_an_sd_from_an_interval_of_a_difference_is_that_from_its_p_value() -> None:
    # A difference of 2 with t = 2.0141 (45 degrees) has P = 0.05 and an interval that just touches 0.
    by_interval = value("sd_from_difference_ci", lower=0, upper=4, n1=25, n2=22)
    assert close(by_interval, value("sd_from_p", difference=2, p="0.05", n1=25, n2=22), 1e-9)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("risk_ratio", "0.5"),
        ("log_risk_ratio", "-0.6931471805599453"),
        ("se_log_risk_ratio", math.sqrt(1 / 10 - 1 / 100 + 1 / 20 - 1 / 100)),
        ("odds_ratio", 10 * 80 / (90 * 20)),
        ("log_odds_ratio", math.log(4 / 9)),
        ("se_log_odds_ratio", math.sqrt(1 / 10 + 1 / 90 + 1 / 20 + 1 / 80)),
        ("risk_difference", "-0.1"),
        ("se_risk_difference", math.sqrt(0.1 * 0.9 / 100 + 0.2 * 0.8 / 100)),
    ],
)
def test_effects_from_a_table_of_ten_and_twenty_in_a_hundred(name: str, wanted: object) -> None:
    derived = compute(name, {"events1": D(10), "n1": D(100), "events2": D(20), "n2": D(100)})
    assert close(derived.unrounded, wanted)
    assert not derived.notes


counts = st.integers(0, 60)


@given(counts, counts, counts, counts)
def test_exchanged_groups_turn_every_effect_round(a: int, b: int, c: int, d: int) -> None:
    assume(a + b and c + d and a + c and b + d)
    there = {"events1": a, "n1": a + b, "events2": c, "n2": c + d}
    back = {"events1": c, "n1": c + d, "events2": a, "n2": a + b}
    for name in ("log_risk_ratio", "log_odds_ratio", "risk_difference"):
        assert close(value(name, **there), -value(name, **back))
        assert close(value(f"se_{name}", **there), value(f"se_{name}", **back))


def test_a_zero_cell_is_corrected_by_a_half_and_that_is_said() -> None:
    derived = compute("odds_ratio", {"events1": D(0), "n1": D(10), "events2": D(4), "n2": D(10)})
    assert close(derived.unrounded, 0.5 * 6.5 / (10.5 * 4.5))
    assert "0.5 was added" in derived.notes[0]
    assert "0.5 × 6.5" in derived.shown_formula


def test_a_risk_difference_needs_no_correction_but_its_error_may() -> None:
    table = {"events1": D(0), "n1": D(10), "events2": D(0), "n2": D(20)}
    assert compute("risk_difference", table).value == 0
    error = compute("se_risk_difference", table)
    assert error.value > 0
    assert "0.5 was added" in error.notes[0]


@pytest.mark.parametrize(("events", "who"), [((0, 0), "nobody"), ((10, 20), "everybody")])
@pytest.mark.parametrize("name", ["risk_ratio", "log_odds_ratio", "se_log_risk_ratio"])
def test_a_ratio_without_information_is_refused(name: str, events: tuple[int, int], who: str) -> None:
    with pytest.raises(DerivedError, match=f"{who} with the event"):
        value(name, events1=events[0], n1=10, events2=events[1], n2=20)


def test_a_log_rank_test_gives_the_hazard_ratio() -> None:
    assert close(value("log_hr_from_oe", o_minus_e="-6.2", v="24.8"), -0.25)
    assert close(value("se_log_hr_from_v", v=25), 0.2)
    assert close(value("hr_from_oe", o_minus_e="-6.2", v="24.8"), math.exp(-0.25))


def test_hedges_g_is_cohens_d_made_smaller() -> None:
    groups = {"mean1": 10, "sd1": 2, "n1": 20, "mean2": 8, "sd2": 2, "n2": 20}
    assert close(value("hedges_g", **groups), 1 * (1 - 3 / 151))
    assert close(value("se_hedges_g", **groups), math.sqrt(40 / 400 + (148 / 151) ** 2 / (2 * 36.06)))
    assert close(value("se_mean_difference", sd1=3, n1=9, sd2=4, n2=16), math.sqrt(2))
    assert close(value("pooled_sd", sd1=3, n1=9, sd2=3, n2=16), 3)


def test_wan_s_divisors_are_those_of_the_paper() -> None:
    """Wan 2014: η(n) of table 2 (quartiles, n = 4Q + 1) and ξ(n) of table 1 (range)."""
    for q, eta in ((1, "0.990"), (5, "1.252"), (20, "1.326"), (50, "1.340")):
        found = value("sd_from_quartiles", q1=0, q3=1, n=4 * q + 1)
        assert abs(1 / found - D(eta)) < D("0.01")
    for n, xi in ((5, "2.362"), (25, "3.928"), (50, "4.500"), (100, "5.016")):
        assert abs(1 / value("sd_from_range", minimum=0, maximum=1, n=n) - D(xi)) < D("0.02")
    derived = compute("sd_from_quartiles", {"q1": D(2), "q3": D(6), "n": D(80)})
    assert derived.shown_formula.startswith("SD ≈ (6 − 2)")
    assert "approximation" in derived.notes[0]


@settings(deadline=None)  # scipy is imported at the first call
@given(st.integers(0, 400), st.integers(0, 400))
def test_an_exact_interval_holds_its_proportion_and_stays_in_bounds(tp: int, fn: int) -> None:
    assume(tp + fn)
    lower, point, upper = (
        value(name, tp=tp, fn=fn) for name in ("sensitivity_lower", "sensitivity", "sensitivity_upper")
    )
    assert 0 <= lower <= point <= upper <= 1


def test_events_from_a_percentage_are_whole_people() -> None:
    derived = compute("events_from_percentage", {"percent": D("33.3"), "total": D(50)})
    assert derived.value == 17
    assert derived.notes == ("Rounded to whole people from 16.65.",)
