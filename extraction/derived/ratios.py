"""Ratios on the log scale, and hazard ratios from log-rank statistics (Cochrane Handbook 6.3.2 and 6.8.2)."""

from decimal import Decimal

from extraction.derived.formula import DerivedError, Formula, Input, Kind, Worked
from extraction.derived.inputs import LEVEL, RATIO_LOWER, RATIO_UPPER, P, ordered
from extraction.derived.quantiles import normal, upper_tail
from extraction.derived.rounding import plain, short, signed

RATIO = Input("estimate", "Ratio (hazard, risk or odds ratio)", Kind.POSITIVE)
LOG = Input("log_ratio", "Log of the ratio")
SE_LOG = Input("se", "SE of the log ratio", Kind.NOT_NEGATIVE)
EXCESS = Input("o_minus_e", "Observed less expected events (O − E)")
VARIANCE = Input("v", "Variance of O − E (V)", Kind.POSITIVE)
FAR = 60  # e to the 60th is 10^26: no effect, a slip


def log_ratio(estimate: Decimal) -> Worked:
    """Return the natural log of a ratio, for example a hazard ratio (Cochrane Handbook 6.3.2)."""
    return Worked(estimate.ln(), f"ln({plain(estimate)})")


def se_log_ratio_from_ci(lower: Decimal, upper: Decimal, level: Decimal) -> Worked:
    """Return the SE of the log ratio from the ratio's interval (Cochrane Handbook 6.3.2)."""
    ordered(lower, upper)
    z = normal(upper_tail(level))
    filled = f"(ln({plain(upper)}) − ln({plain(lower)})) ÷ (2 × {short(z)})"
    return Worked((upper.ln() - lower.ln()) / (2 * z), filled)


def se_log_ratio_from_p(estimate: Decimal, p: Decimal) -> Worked:
    """Return the SE of the log ratio from its two-sided P value (Cochrane Handbook 6.3.2)."""
    if estimate == 1:
        raise DerivedError("The ratio is 1; its standard error doesn't follow from a test of it.")
    z = normal(1 - p / 2)
    return Worked(abs(estimate.ln()) / z, f"|ln({plain(estimate)})| ÷ {short(z)}")


def log_hr_from_oe(o_minus_e: Decimal, v: Decimal) -> Worked:
    """Return the log hazard ratio by Peto's method (Cochrane Handbook 6.8.2)."""
    return Worked(o_minus_e / v, f"{plain(o_minus_e)} ÷ {plain(v)}")


def se_log_hr_from_v(v: Decimal) -> Worked:
    """Return the SE of the log hazard ratio from the log-rank variance (Cochrane Handbook 6.8.2)."""
    return Worked(1 / v.sqrt(), f"1 ÷ √{plain(v)}")


def hr_from_oe(o_minus_e: Decimal, v: Decimal) -> Worked:
    """Return the hazard ratio by Peto's method (Cochrane Handbook 6.8.2)."""
    return Worked(_exp(o_minus_e / v), f"exp({plain(o_minus_e)} ÷ {plain(v)})")


def ratio_from_log(log_ratio: Decimal) -> Worked:
    """Return the ratio whose natural log is given (Cochrane Handbook 6.3.2)."""
    return Worked(_exp(log_ratio), f"exp({plain(log_ratio)})")


def ratio_lower(log_ratio: Decimal, se: Decimal, level: Decimal) -> Worked:
    """Return the lower bound of the ratio's interval (Cochrane Handbook 6.3.2)."""
    z = normal(upper_tail(level))
    return Worked(_exp(log_ratio - z * se), f"exp({plain(log_ratio)} − {short(z)} × {plain(se)})")


def ratio_upper(log_ratio: Decimal, se: Decimal, level: Decimal) -> Worked:
    """Return the upper bound of the ratio's interval (Cochrane Handbook 6.3.2)."""
    z = normal(upper_tail(level))
    return Worked(_exp(log_ratio + z * se), f"exp({plain(log_ratio)} + {short(z)} × {plain(se)})")


def _exp(power: Decimal) -> Decimal:
    if abs(power) > FAR:
        raise DerivedError(f"A log ratio of {signed(power)} is beyond any effect; please check the numbers.")
    return power.exp()


LOGS, SURVIVAL = "Cochrane Handbook 6.3.2", "Cochrane Handbook 6.8.2"
LOG_RANK = (EXCESS, VARIANCE)
SE_CI = "SE = (ln(upper) − ln(lower)) ÷ (2 × z)"
FORMULAS = (
    Formula("log_ratio", "Log of a ratio", "ln ratio = ln(ratio)", LOGS, (RATIO,), log_ratio),
    Formula(
        "se_log_ratio_from_ci",
        "SE of a log ratio from its interval",
        SE_CI,
        LOGS,
        (RATIO_LOWER, RATIO_UPPER, LEVEL),
        se_log_ratio_from_ci,
    ),
    Formula(
        "se_log_ratio_from_p",
        "SE of a log ratio from P",
        "SE = |ln(ratio)| ÷ z",
        LOGS,
        (RATIO, P),
        se_log_ratio_from_p,
    ),
    Formula(
        "log_hr_from_oe", "Log HR from O − E and V", "ln HR = (O − E) ÷ V", SURVIVAL, (EXCESS, VARIANCE), log_hr_from_oe
    ),
    Formula("se_log_hr_from_v", "SE of log HR from V", "SE = 1 ÷ √V", SURVIVAL, (VARIANCE,), se_log_hr_from_v),
    Formula("hr_from_oe", "HR from O − E and V", "HR = exp((O − E) ÷ V)", SURVIVAL, LOG_RANK, hr_from_oe),
    Formula("ratio_from_log", "Ratio from its log", "ratio = exp(ln ratio)", LOGS, (LOG,), ratio_from_log),
    Formula(
        "ratio_lower",
        "Lower bound of a ratio",
        "lower = exp(ln ratio − z × SE)",
        LOGS,
        (LOG, SE_LOG, LEVEL),
        ratio_lower,
    ),
    Formula(
        "ratio_upper",
        "Upper bound of a ratio",
        "upper = exp(ln ratio + z × SE)",
        LOGS,
        (LOG, SE_LOG, LEVEL),
        ratio_upper,
    ),
)
