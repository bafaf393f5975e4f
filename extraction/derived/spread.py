"""Standard errors and standard deviations of one group, or of any estimate (Cochrane Handbook 6.3.1 and 6.5.2.2)."""

from decimal import Decimal

from extraction.derived.formula import Formula, Input, Worked
from extraction.derived.inputs import LEVEL, LOWER, SD, SE, UPPER, N, at_least, ordered
from extraction.derived.quantiles import normal, student, upper_tail
from extraction.derived.rounding import plain, short, signed

ESTIMATE = Input("estimate", "Estimate")
SMALL = 60  # the Handbook's border, in participants of a group, below which the t distribution is used


def se_from_ci(lower: Decimal, upper: Decimal, level: Decimal) -> Worked:
    """Return the SE of a difference or of a mean in a large sample (Cochrane Handbook 6.3.1): z distribution."""
    ordered(lower, upper)
    z = normal(upper_tail(level))
    return Worked((upper - lower) / (2 * z), f"({plain(upper)} − {signed(lower)}) ÷ (2 × {short(z)})")


def se_from_ci_small(lower: Decimal, upper: Decimal, n: Decimal, level: Decimal) -> Worked:
    """Return the SE of one group's mean from its interval (Cochrane Handbook 6.5.2.2): t with n − 1 degrees."""
    ordered(lower, upper)
    at_least(2, n, "The number of participants")
    t = student(upper_tail(level), n - 1)
    return Worked((upper - lower) / (2 * t), f"({plain(upper)} − {signed(lower)}) ÷ (2 × {short(t)})")


def sd_from_ci(lower: Decimal, upper: Decimal, n: Decimal, level: Decimal) -> Worked:
    """Return one group's SD from the interval of its mean (Cochrane Handbook 6.5.2.2).

    The t distribution below 60 participants, the normal one from there on, as the Handbook says.
    """
    ordered(lower, upper)
    at_least(2, n, "The number of participants")
    few = n < SMALL
    quantile = student(upper_tail(level), n - 1) if few else normal(upper_tail(level))
    filled = f"√{plain(n)} × ({plain(upper)} − {signed(lower)}) ÷ (2 × {short(quantile)})"
    name = f"the t distribution with {n - 1:f} degrees of freedom" if few else "the normal distribution"
    return Worked(n.sqrt() * (upper - lower) / (2 * quantile), filled, (f"With {name}.",))


def sd_from_se(se: Decimal, n: Decimal) -> Worked:
    """Return one group's SD from the SE of its mean (Cochrane Handbook 6.5.2.2)."""
    return Worked(se * n.sqrt(), f"{plain(se)} × √{plain(n)}")


def se_from_sd(sd: Decimal, n: Decimal) -> Worked:
    """Return the SE of one group's mean from its SD (Cochrane Handbook 6.5.2.2)."""
    return Worked(sd / n.sqrt(), f"{plain(sd)} ÷ √{plain(n)}")


def lower_from_se(estimate: Decimal, se: Decimal, level: Decimal) -> Worked:
    """Return the lower bound of the normal interval (Cochrane Handbook 6.3.1)."""
    z = normal(upper_tail(level))
    return Worked(estimate - z * se, f"{plain(estimate)} − {short(z)} × {plain(se)}")


def upper_from_se(estimate: Decimal, se: Decimal, level: Decimal) -> Worked:
    """Return the upper bound of the normal interval (Cochrane Handbook 6.3.1)."""
    z = normal(upper_tail(level))
    return Worked(estimate + z * se, f"{plain(estimate)} + {short(z)} × {plain(se)}")


GENERIC, GROUP = "Cochrane Handbook 6.3.1", "Cochrane Handbook 6.5.2.2"
LARGE_ONLY = "For large samples; below 60 participants in a group the t distribution is right."
FORMULAS = (
    Formula(
        "se_from_ci",
        "SE from a confidence interval",
        "SE = (upper − lower) ÷ (2 × z)",
        GENERIC,
        (LOWER, UPPER, LEVEL),
        se_from_ci,
        (LARGE_ONLY,),
    ),
    Formula(
        "se_from_ci_small",
        "SE of a mean from its interval, small sample",
        "SE = (upper − lower) ÷ (2 × t)",
        GROUP,
        (LOWER, UPPER, N, LEVEL),
        se_from_ci_small,
    ),
    Formula(
        "sd_from_ci",
        "SD from the interval of a mean",
        "SD = √n × (upper − lower) ÷ (2 × t, or z from n = 60)",
        GROUP,
        (LOWER, UPPER, N, LEVEL),
        sd_from_ci,
    ),
    Formula("sd_from_se", "SD from SE", "SD = SE × √n", GROUP, (SE, N), sd_from_se),
    Formula("se_from_sd", "SE from SD", "SE = SD ÷ √n", GROUP, (SD, N), se_from_sd),
    Formula(
        "lower_from_se",
        "Lower bound from SE",
        "lower = estimate − z × SE",
        GENERIC,
        (ESTIMATE, SE, LEVEL),
        lower_from_se,
    ),
    Formula(
        "upper_from_se",
        "Upper bound from SE",
        "upper = estimate + z × SE",
        GENERIC,
        (ESTIMATE, SE, LEVEL),
        upper_from_se,
    ),
)
