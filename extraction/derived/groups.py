"""Two groups taken as one, as if all their participants had been reported together (Cochrane Handbook 6.5.2.10)."""

from decimal import Decimal

from extraction.derived.formula import Formula, Worked
from extraction.derived.inputs import MEAN1, MEAN2, N1, N2, SD1, SD2
from extraction.derived.rounding import plain, signed

SOURCE = "Cochrane Handbook 6.5.2.10, table 6.5.a"


def combined_n(n1: Decimal, n2: Decimal) -> Worked:
    """Return the size of both groups (Cochrane Handbook 6.5.2.10)."""
    return Worked(n1 + n2, f"{plain(n1)} + {plain(n2)}")


def combined_mean(n1: Decimal, mean1: Decimal, n2: Decimal, mean2: Decimal) -> Worked:
    """Return the mean of both groups, weighted by size (Cochrane Handbook 6.5.2.10)."""
    filled = f"({plain(n1)} × {signed(mean1)} + {plain(n2)} × {signed(mean2)}) ÷ ({plain(n1)} + {plain(n2)})"
    return Worked((n1 * mean1 + n2 * mean2) / (n1 + n2), filled)


def combined_sd(n1: Decimal, mean1: Decimal, sd1: Decimal, n2: Decimal, mean2: Decimal, sd2: Decimal) -> Worked:
    """Return the SD of both groups as one, the spread between their means included (Cochrane Handbook 6.5.2.10)."""
    between = n1 * n2 / (n1 + n2) * (mean1 - mean2) ** 2
    within = (n1 - 1) * sd1**2 + (n2 - 1) * sd2**2
    filled = (
        f"√(({plain(n1)} − 1) × {plain(sd1)}² + ({plain(n2)} − 1) × {plain(sd2)}²"
        f" + {plain(n1)} × {plain(n2)} ÷ ({plain(n1)} + {plain(n2)}) × ({plain(mean1)} − {signed(mean2)})²)"
        f" ÷ √({plain(n1)} + {plain(n2)} − 1)"
    )
    return Worked(((within + between) / (n1 + n2 - 1)).sqrt(), filled)


FORMULAS = (
    Formula("combined_n", "Size of two groups as one", "N = n1 + n2", SOURCE, (N1, N2), combined_n),
    Formula(
        "combined_mean",
        "Mean of two groups as one",
        "M = (n1 × M1 + n2 × M2) ÷ (n1 + n2)",
        SOURCE,
        (N1, MEAN1, N2, MEAN2),
        combined_mean,
    ),
    Formula(
        "combined_sd",
        "SD of two groups as one",
        "SD = √((n1 − 1) × SD1² + (n2 − 1) × SD2² + n1 × n2 ÷ (n1 + n2) × (M1 − M2)²) ÷ √(n1 + n2 − 1)",
        SOURCE,
        (N1, MEAN1, SD1, N2, MEAN2, SD2),
        combined_sd,
    ),
)
