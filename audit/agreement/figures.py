"""What a figure of agreement is: a value, its 95 % interval, on how much it rests, and why it may not be there.

Intervals of proportions: Wilson (1927), J Am Stat Assoc 22:209-212, the score interval without continuity correction,
as recommended by Newcombe (1998), Stat Med 17:857-872.
"""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
# Student's t, two-sided 95 %, for 1 to 10 degrees of freedom: there the series below is not good enough.
T95 = (12.70620, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139)

NOTHING = "Nothing was judged by two people."
ONE_KIND = "Only one answer was given: chance alone explains that all agree."
ONE_CATEGORY = "There is only one answer to choose from."
NOBODY = "Nobody gave this answer."
NO_SPREAD = "All agreed, or nobody did: this formula then has no width to give."
TOO_FEW = "One record alone has no interval."


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `n`, with its interval; everything 0..1. `value`, `low` and `high` are None where n is 0."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient with its 95 % interval, over `n` records. The coefficients that correct for chance lie in -1..1.

    `why` is empty, or a sentence: why there is no value, or, where there is one, why its interval says nothing.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    why: str = ""


Kappa = Figure


def wilson(hits: int, n: int, *, z: float = Z95) -> Rate:
    """A proportion with Wilson's score interval. Raises ValueError unless 0 <= hits <= n."""
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is not a proportion")
    if n == 0:
        return Rate(hits, n, None, None, None)
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return Rate(hits, n, share, max(0.0, middle - half), min(1.0, middle + half))


def nothing(why: str, n: int = 0) -> Figure:
    """A figure that is not defined, and why."""
    return Figure(None, None, None, n, why)


def around(value: float, error: float, n: int, *, quantile: float = Z95, least: float = -1.0) -> Figure:
    """A value with the interval that its standard error gives, cut off at `least` and 1."""
    low, high = max(least, value - quantile * error), min(1.0, value + quantile * error)
    return Figure(value, low, high, n, "" if high - low > 1e-12 else NO_SPREAD)


def t95(freedom: int) -> float:
    """The 97.5th percentile of Student's t.

    Above 10 degrees of freedom by Abramowitz & Stegun (1964), 26.7.5, right to five digits. Raises ValueError below 1.
    """
    if freedom < 1:
        raise ValueError("Student's t needs one degree of freedom")
    if freedom <= len(T95):
        return T95[freedom - 1]
    z = Z95
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom) ** power for power, term in enumerate(terms, 1))
