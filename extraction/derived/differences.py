"""Spread from what is reported about a difference between two groups (Cochrane Handbook 6.3.1 and 6.5.2.3).

The SD is the average within the two groups and is used for both.
"""

from decimal import Decimal

from extraction.derived.formula import DerivedError, Formula, Input, Kind, Worked
from extraction.derived.inputs import DIFFERENCE, LEVEL, LOWER, N1, N2, UPPER, P, at_least, ordered
from extraction.derived.quantiles import normal, student, upper_tail
from extraction.derived.rounding import plain, short, signed

T = Input("t", "t statistic")
BOTH = ("One SD, the average within the groups, for both of them.",)


def _from_se(se: Decimal, n1: Decimal, n2: Decimal, shown: str) -> Worked:
    at_least(3, n1 + n2, "The number of participants in both groups together")
    return Worked(se / (1 / n1 + 1 / n2).sqrt(), f"{shown} ÷ √(1 ÷ {plain(n1)} + 1 ÷ {plain(n2)})")


def se_from_p(difference: Decimal, p: Decimal) -> Worked:
    """Return the SE of a difference from its two-sided P value, normal distribution (Cochrane Handbook 6.3.1)."""
    _not_zero(difference)
    z = normal(1 - p / 2)
    return Worked(abs(difference) / z, f"|{plain(difference)}| ÷ {short(z)}")


def se_from_t(difference: Decimal, t: Decimal) -> Worked:
    """Return the SE of a difference in means from its t statistic (Cochrane Handbook 6.5.2.3)."""
    _not_zero(difference)
    if not t:
        raise DerivedError("The t statistic is 0; no standard error follows from that.")
    return Worked(abs(difference / t), f"|{plain(difference)} ÷ {signed(t)}|")


def sd_from_difference_se(se: Decimal, n1: Decimal, n2: Decimal) -> Worked:
    """Return the within-group SD from the SE of the difference in means (Cochrane Handbook 6.5.2.3)."""
    return _from_se(se, n1, n2, plain(se))


def sd_from_t(difference: Decimal, t: Decimal, n1: Decimal, n2: Decimal) -> Worked:
    """Return the within-group SD from a t statistic of the difference in means (Cochrane Handbook 6.5.2.3)."""
    step = se_from_t(difference, t)
    return _from_se(step.value, n1, n2, step.filled)


def sd_from_p(difference: Decimal, p: Decimal, n1: Decimal, n2: Decimal) -> Worked:
    """Return the within-group SD from the two-sided P value of a t test (Cochrane Handbook 6.5.2.3)."""
    _not_zero(difference)
    at_least(3, n1 + n2, "The number of participants in both groups together")
    t = student(1 - p / 2, n1 + n2 - 2)
    return _from_se(abs(difference) / t, n1, n2, f"(|{plain(difference)}| ÷ {short(t)})")


def sd_from_difference_ci(lower: Decimal, upper: Decimal, n1: Decimal, n2: Decimal, level: Decimal) -> Worked:
    """Return the within-group SD from the interval of the difference in means (Cochrane Handbook 6.5.2.3): t."""
    ordered(lower, upper)
    at_least(3, n1 + n2, "The number of participants in both groups together")
    t = student(upper_tail(level), n1 + n2 - 2)
    shown = f"(({plain(upper)} − {signed(lower)}) ÷ (2 × {short(t)}))"
    return _from_se((upper - lower) / (2 * t), n1, n2, shown)


def _not_zero(difference: Decimal) -> None:
    if not difference:
        raise DerivedError("The difference is 0; its standard error doesn't follow from a test of it.")


ABSOLUTE, MEANS = "Cochrane Handbook 6.3.1", "Cochrane Handbook 6.5.2.3"
POSITIVE_SE = Input("se", "Standard error of the difference", Kind.POSITIVE)
ROOT = "√(1 ÷ n1 + 1 ÷ n2)"
FORMULAS = (
    Formula("se_from_p", "SE of a difference from P", "SE = |difference| ÷ z", ABSOLUTE, (DIFFERENCE, P), se_from_p),
    Formula("se_from_t", "SE of a difference from t", "SE = |difference ÷ t|", MEANS, (DIFFERENCE, T), se_from_t),
    Formula(
        "sd_from_difference_se",
        "SD from the SE of a difference in means",
        f"SD = SE ÷ {ROOT}",
        MEANS,
        (POSITIVE_SE, N1, N2),
        sd_from_difference_se,
        BOTH,
    ),
    Formula(
        "sd_from_t",
        "SD from a t statistic",
        f"SD = |difference ÷ t| ÷ {ROOT}",
        MEANS,
        (DIFFERENCE, T, N1, N2),
        sd_from_t,
        BOTH,
    ),
    Formula(
        "sd_from_p",
        "SD from the P value of a t test",
        f"SD = (|difference| ÷ t) ÷ {ROOT}",
        MEANS,
        (DIFFERENCE, P, N1, N2),
        sd_from_p,
        BOTH,
    ),
    Formula(
        "sd_from_difference_ci",
        "SD from the interval of a difference in means",
        f"SD = ((upper − lower) ÷ (2 × t)) ÷ {ROOT}",
        MEANS,
        (LOWER, UPPER, N1, N2, LEVEL),
        sd_from_difference_ci,
        BOTH,
    ),
)
