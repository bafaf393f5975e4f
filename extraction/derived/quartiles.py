"""Means and SDs approximated from medians, quartiles and ranges.

Wan X, Wang W, Liu J, Tong T. Estimating the sample mean and standard deviation from the sample size, median, range
and/or interquartile range. BMC Med Res Methodol 2014;14:135; Cochrane Handbook 6.5.2.5 and 6.5.2.6 point to it.
"""

from decimal import Decimal

from extraction.derived.formula import DerivedError, Formula, Input, Worked
from extraction.derived.inputs import N, at_least
from extraction.derived.quantiles import normal
from extraction.derived.rounding import plain, short, signed

Q1, MEDIAN, Q3 = Input("q1", "Lower quartile"), Input("median", "Median"), Input("q3", "Upper quartile")
LOW, HIGH = Input("minimum", "Minimum"), Input("maximum", "Maximum")
APPROXIMATE = ("An approximation, good where the data are roughly normal; skewed data should not be handled so.",)


def _ascending(*values: Decimal) -> None:
    if list(values) != sorted(values):
        raise DerivedError("The numbers must ascend: minimum, lower quartile, median, upper quartile, maximum.")


def mean_from_quartiles(q1: Decimal, median: Decimal, q3: Decimal) -> Worked:
    """Approximate the mean from the three quartiles (Wan 2014, scenario C3; Cochrane Handbook 6.5.2.5)."""
    _ascending(q1, median, q3)
    return Worked((q1 + median + q3) / 3, f"({plain(q1)} + {signed(median)} + {signed(q3)}) ÷ 3")


def mean_from_range(minimum: Decimal, median: Decimal, maximum: Decimal) -> Worked:
    """Approximate the mean from range and median (Wan 2014, scenario C1; Cochrane Handbook 6.5.2.6)."""
    _ascending(minimum, median, maximum)
    filled = f"({plain(minimum)} + 2 × {signed(median)} + {signed(maximum)}) ÷ 4"
    return Worked((minimum + 2 * median + maximum) / 4, filled)


def sd_from_quartiles(q1: Decimal, q3: Decimal, n: Decimal) -> Worked:
    """Approximate the SD from the quartiles and n (Wan 2014, equation 16; Cochrane Handbook 6.5.2.5)."""
    _ascending(q1, q3)
    at_least(2, n, "The number of participants")
    z = normal((Decimal("0.75") * n - Decimal("0.125")) / (n + Decimal("0.25")))
    return Worked((q3 - q1) / (2 * z), f"({plain(q3)} − {signed(q1)}) ÷ (2 × {short(z)})")


def sd_from_range(minimum: Decimal, maximum: Decimal, n: Decimal) -> Worked:
    """Approximate the SD from range and n (Wan 2014, equation 9; Cochrane Handbook 6.5.2.6)."""
    _ascending(minimum, maximum)
    at_least(2, n, "The number of participants")
    z = normal((n - Decimal("0.375")) / (n + Decimal("0.25")))
    return Worked((maximum - minimum) / (2 * z), f"({plain(maximum)} − {signed(minimum)}) ÷ (2 × {short(z)})")


QUARTILES = "Wan 2014; Cochrane Handbook 6.5.2.5"
RANGES = "Wan 2014; Cochrane Handbook 6.5.2.6"
FORMULAS = (
    Formula(
        "mean_from_quartiles",
        "Mean from median and quartiles",
        "mean ≈ (q1 + median + q3) ÷ 3",
        QUARTILES,
        (Q1, MEDIAN, Q3),
        mean_from_quartiles,
        APPROXIMATE,
    ),
    Formula(
        "mean_from_range",
        "Mean from median and range",
        "mean ≈ (minimum + 2 × median + maximum) ÷ 4",
        RANGES,
        (LOW, MEDIAN, HIGH),
        mean_from_range,
        APPROXIMATE,
    ),
    Formula(
        "sd_from_quartiles",
        "SD from quartiles",
        "SD ≈ (q3 − q1) ÷ (2 × Φ⁻¹((0.75 n − 0.125) ÷ (n + 0.25)))",
        QUARTILES,
        (Q1, Q3, N),
        sd_from_quartiles,
        APPROXIMATE,
    ),
    Formula(
        "sd_from_range",
        "SD from the range",
        "SD ≈ (maximum − minimum) ÷ (2 × Φ⁻¹((n − 0.375) ÷ (n + 0.25)))",
        RANGES,
        (LOW, HIGH, N),
        sd_from_range,
        APPROXIMATE,
    ),
)
