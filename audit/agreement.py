"""How well two raters agree, and how well one predicts the other. Pure: counts in, figures out.

- percent agreement and Cohen's kappa: Cohen (1960), Educ Psychol Meas 20:37-46; its large-sample standard error for an
  interval: Fleiss, Cohen & Everitt (1969), Psychol Bull 72:323-327, as in Fleiss, Levin & Paik, "Statistical Methods
  for Rates and Proportions" (3rd ed., 2003), section 18.1.
- intervals of proportions: Wilson (1927), J Am Stat Assoc 22:209-212, the score interval without continuity
  correction, as recommended by Newcombe (1998), Stat Med 17:857-872.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `n`, with its interval; everything 0..1. `value`, `low` and `high` are None where n is 0."""

    hits: int
    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa, -1..1, with its 95 % interval. None where it is not defined (no pairs, or only one category)."""

    value: float | None
    low: float | None
    high: float | None
    n: int


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


def percent(pairs: Iterable[tuple[Hashable, Hashable]]) -> Rate:
    """The share of pairs whose two opinions are the same."""
    listed = list(pairs)
    return wilson(sum(one == other for one, other in listed), len(listed))


def kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> Kappa:
    """Cohen's kappa of pairs of opinions, unweighted."""
    counts = Counter(pairs)
    n = sum(counts.values())
    if not n:
        return Kappa(None, None, None, 0)
    kinds = sorted({kind for pair in counts for kind in pair}, key=str)
    first = {kind: sum(c for (one, _), c in counts.items() if one == kind) / n for kind in kinds}
    second = {kind: sum(c for (_, other), c in counts.items() if other == kind) / n for kind in kinds}
    observed = sum(counts[kind, kind] for kind in kinds) / n
    expected = sum(first[kind] * second[kind] for kind in kinds)
    if expected >= 1:
        return Kappa(None, None, None, n)
    value = (observed - expected) / (1 - expected)
    error = _standard_error({pair: c / n for pair, c in counts.items()}, first, second, value, expected, n)
    return Kappa(value, max(-1.0, value - Z95 * error), min(1.0, value + Z95 * error), n)


def _standard_error(
    shares: dict[tuple[Hashable, Hashable], float],
    first: dict[Hashable, float],
    second: dict[Hashable, float],
    value: float,
    expected: float,
    n: int,
) -> float:
    """Fleiss, Cohen & Everitt's: (A + B - C) under the root, divided by (1 - expected) sqrt(n)."""
    agreed = sum(
        shares.get((kind, kind), 0.0) * (1 - (first[kind] + second[kind]) * (1 - value)) ** 2 for kind in first
    )
    crossed = (1 - value) ** 2 * sum(
        share * (second[one] + first[other]) ** 2 for (one, other), share in shares.items() if one != other
    )
    chance = (value - expected * (1 - value)) ** 2
    return sqrt(max(0.0, agreed + crossed - chance)) / ((1 - expected) * sqrt(n))
