"""Differences in means, plain and standardized (Cochrane Handbook 6.5.1).

Standardized ones and all standard errors: Deeks JJ, Higgins JPT. Statistical algorithms in Review Manager 5. 2010.
"""

from decimal import Decimal

from extraction.derived.formula import DerivedError, Formula, Worked
from extraction.derived.inputs import MEAN1, MEAN2, N1, N2, SD1, SD2, at_least
from extraction.derived.rounding import plain, short, signed

GROUPS = (MEAN1, SD1, N1, MEAN2, SD2, N2)


def mean_difference(mean1: Decimal, mean2: Decimal) -> Worked:
    """Return the mean of group 1 less that of group 2 (Cochrane Handbook 6.5.1.1)."""
    return Worked(mean1 - mean2, f"{plain(mean1)} − {signed(mean2)}")


def se_mean_difference(sd1: Decimal, n1: Decimal, sd2: Decimal, n2: Decimal) -> Worked:
    """Return the SE of a difference in means (Cochrane Handbook 6.5.1.1)."""
    filled = f"√({plain(sd1)}² ÷ {plain(n1)} + {plain(sd2)}² ÷ {plain(n2)})"
    return Worked((sd1**2 / n1 + sd2**2 / n2).sqrt(), filled)


def pooled_sd(sd1: Decimal, n1: Decimal, sd2: Decimal, n2: Decimal) -> Worked:
    """Return the SD pooled within two groups (Cochrane Handbook 6.5.1.2)."""
    at_least(3, n1 + n2, "The number of participants in both groups together")
    value = (((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2)).sqrt()
    parts = f"({plain(n1)} − 1) × {plain(sd1)}² + ({plain(n2)} − 1) × {plain(sd2)}²"
    return Worked(value, f"√(({parts}) ÷ ({plain(n1)} + {plain(n2)} − 2))")


def hedges_g(mean1: Decimal, sd1: Decimal, n1: Decimal, mean2: Decimal, sd2: Decimal, n2: Decimal) -> Worked:
    """Return the standardized mean difference, Hedges' adjusted g (Cochrane Handbook 6.5.1.2)."""
    at_least(4, n1 + n2, "The number of participants in both groups together")
    pooled = pooled_sd(sd1, n1, sd2, n2).value
    if not pooled:
        raise DerivedError("Both standard deviations are 0, so a difference can't be standardized by them.")
    value = (mean1 - mean2) / pooled * (1 - 3 / (4 * (n1 + n2) - 9))
    shown = f"({plain(mean1)} − {signed(mean2)}) ÷ {short(pooled)} × (1 − 3 ÷ (4 × {plain(n1 + n2)} − 9))"
    return Worked(value, shown, (f"Pooled SD {short(pooled)}.",))


def se_hedges_g(mean1: Decimal, sd1: Decimal, n1: Decimal, mean2: Decimal, sd2: Decimal, n2: Decimal) -> Worked:
    """Return the SE of Hedges' g as Review Manager has it (Cochrane Handbook 6.5.1.2)."""
    g = hedges_g(mean1, sd1, n1, mean2, sd2, n2).value
    n = n1 + n2
    value = (n / (n1 * n2) + g**2 / (2 * (n - Decimal("3.94")))).sqrt()
    shown = f"√({plain(n)} ÷ ({plain(n1)} × {plain(n2)}) + {short(g).replace('−', '')}² ÷ (2 × ({plain(n)} − 3.94)))"
    return Worked(value, shown)


PLAIN, STANDARDIZED = "Cochrane Handbook 6.5.1.1", "Cochrane Handbook 6.5.1.2"
POOLED = "SD = √(((n1 − 1) × SD1² + (n2 − 1) × SD2²) ÷ (n1 + n2 − 2))"
FORMULAS = (
    Formula("mean_difference", "Mean difference", "MD = M1 − M2", PLAIN, (MEAN1, MEAN2), mean_difference),
    Formula(
        "se_mean_difference",
        "SE of the mean difference",
        "SE = √(SD1² ÷ n1 + SD2² ÷ n2)",
        PLAIN,
        (SD1, N1, SD2, N2),
        se_mean_difference,
    ),
    Formula("pooled_sd", "Pooled SD", POOLED, STANDARDIZED, (SD1, N1, SD2, N2), pooled_sd),
    Formula(
        "hedges_g",
        "Standardized mean difference (Hedges' g)",
        "g = (M1 − M2) ÷ pooled SD × (1 − 3 ÷ (4 × (n1 + n2) − 9))",
        STANDARDIZED,
        GROUPS,
        hedges_g,
    ),
    Formula(
        "se_hedges_g",
        "SE of Hedges' g",
        "SE = √((n1 + n2) ÷ (n1 × n2) + g² ÷ (2 × (n1 + n2 − 3.94)))",
        STANDARDIZED,
        GROUPS,
        se_hedges_g,
    ),
)
