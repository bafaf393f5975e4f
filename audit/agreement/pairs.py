"""How well two people agree.

Each function takes the pairs of answers of both, one pair per record that both judged, or a mapping from pair to how
often it came; a record that only one of them judged is left out by the caller. Categories may be anything hashable.

- percent agreement and Cohen's kappa: Cohen (1960), Educ Psychol Meas 20:37-46; kappa's large-sample variance with the
  normal interval: Fleiss, Cohen & Everitt (1969), Psychol Bull 72:323-327, as in Fleiss, Levin & Paik, "Statistical
  Methods for Rates and Proportions" (3rd ed., 2003), section 18.1.
- PABAK: Byrt, Bishop & Carlin (1993), J Clin Epidemiol 46:423-429, for two categories; for more the same idea is
  Bennett, Alpert & Goldstein's S (1954), Public Opin Q 18:303-308. It is a straight line in the percent agreement, and
  its interval is Wilson's on that line.
- AC1: Gwet (2008), Br J Math Stat Psychol 61:29-48, with the two-rater variance of that paper (that of `gwet.ac1.table`
  in the R package irrCAC) and Student's interval on n - 1 degrees of freedom, as there.
- positive and negative agreement: Cicchetti & Feinstein (1990), J Clin Epidemiol 43:551-558. The interval is Wilson's
  for a/(a+b+c), of which 2a/(2a+b+c) is an increasing function: to first order that of the delta method of Graham &
  Bull (1998), J Clin Epidemiol 51:763-771, but it stays within 0..1 and keeps a width where everybody agreed.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from audit.agreement.figures import (
    NOBODY,
    NOTHING,
    ONE_CATEGORY,
    ONE_KIND,
    TOO_FEW,
    Figure,
    Rate,
    around,
    nothing,
    t95,
    wilson,
)

Pair = tuple[Hashable, Hashable]
Pairs = Iterable[Pair] | Mapping[Pair, int]


def percent(pairs: Pairs) -> Rate:
    """The share of pairs whose two answers are the same, with Wilson's interval."""
    counts = Counter(pairs)
    return wilson(sum(n for (one, other), n in counts.items() if one == other), counts.total())


def kappa(pairs: Pairs) -> Figure:
    """Cohen's kappa, unweighted."""
    table = _table(pairs)
    if table is None:
        return nothing(NOTHING)
    expected = sum(table.first[kind] * table.second[kind] for kind in table.kinds)
    if expected >= 1:
        return nothing(ONE_KIND, table.n)
    value = (table.observed - expected) / (1 - expected)
    return around(value, _kappa_error(table, value, expected), table.n)


def pabak(pairs: Pairs, *, categories: int = 2) -> Figure:
    """Kappa as it would be if all answers were equally frequent and both gave each as often: (k p - 1) / (k - 1).

    `categories` is how many answers there were to choose from. Raises ValueError where more were given.
    """
    rate = percent(pairs)
    _known(pairs, categories)
    if categories < 2:
        return nothing(ONE_CATEGORY, rate.n)
    if rate.value is None or rate.low is None or rate.high is None:
        return nothing(NOTHING)
    value, low, high = ((categories * share - 1) / (categories - 1) for share in (rate.value, rate.low, rate.high))
    return Figure(value, low, high, rate.n)


def ac1(pairs: Pairs, *, categories: int = 2) -> Figure:
    """Gwet's AC1. `categories` as in `pabak`."""
    table = _table(pairs)
    _known(pairs, categories)
    if table is None or categories < 2:
        return nothing(NOTHING if table is None else ONE_CATEGORY, table.n if table else 0)
    middle = {kind: (table.first[kind] + table.second[kind]) / 2 for kind in table.kinds}
    expected = sum(share * (1 - share) for share in middle.values()) / (categories - 1)
    value = (table.observed - expected) / (1 - expected)
    if table.n < 2:
        return Figure(value, None, None, table.n, TOO_FEW)
    error = _ac1_error(table, middle, value, expected, categories)
    return around(value, error, table.n, quantile=t95(table.n - 1))


def specific(pairs: Pairs, category: Hashable) -> Figure:
    """Agreement on one answer: of all the times that either gave it, the share that the other gave it too.

    Positive agreement for one of two answers and negative agreement for the other.
    """
    counts = Counter(pairs)
    both = counts[category, category]
    one = sum(n for pair, n in counts.items() if (pair[0] == category) != (pair[1] == category))
    share = wilson(both, both + one)
    if share.value is None or share.low is None or share.high is None:
        return nothing(NOBODY if counts.total() else NOTHING, counts.total())
    value, low, high = (2 * x / (1 + x) for x in (share.value, share.low, share.high))
    return Figure(value, low, high, counts.total())


@dataclass(frozen=True, slots=True)
class _Table:
    """Shares of the pairs, and of each answer by the first and by the second."""

    n: int
    kinds: list[Hashable]
    cells: dict[Pair, float]
    first: dict[Hashable, float]
    second: dict[Hashable, float]

    @property
    def observed(self) -> float:
        return sum(self.cells.get((kind, kind), 0.0) for kind in self.kinds)


def _table(pairs: Pairs) -> _Table | None:
    counts = +Counter(pairs)
    n = counts.total()
    if not n:
        return None
    kinds = sorted({kind for pair in counts for kind in pair}, key=str)
    first = {kind: sum(c for (one, _), c in counts.items() if one == kind) / n for kind in kinds}
    second = {kind: sum(c for (_, other), c in counts.items() if other == kind) / n for kind in kinds}
    return _Table(n, kinds, {pair: c / n for pair, c in counts.items()}, first, second)


def _known(pairs: Pairs, categories: int) -> None:
    given = len({kind for pair, n in Counter(pairs).items() if n for kind in pair})
    if given > categories:
        raise ValueError(f"{given} answers were given, of {categories} that there are")


def _kappa_error(table: _Table, value: float, expected: float) -> float:
    """Fleiss, Cohen & Everitt's: (A + B - C) under the root, divided by (1 - expected) sqrt(n)."""
    first, second = table.first, table.second
    agreed = sum(
        table.cells.get((kind, kind), 0.0) * (1 - (first[kind] + second[kind]) * (1 - value)) ** 2
        for kind in table.kinds
    )
    crossed = (1 - value) ** 2 * sum(
        share * (second[one] + first[other]) ** 2 for (one, other), share in table.cells.items() if one != other
    )
    chance = (value - expected * (1 - value)) ** 2
    return sqrt(max(0.0, agreed + crossed - chance)) / ((1 - expected) * sqrt(table.n))


def _ac1_error(table: _Table, middle: dict[Hashable, float], value: float, expected: float, categories: int) -> float:
    """Gwet's (2008) for two raters: the root of (sum - (p - 2 (1 - AC1) e)^2) / n, divided by 1 - e."""
    spread = sum(
        share * ((one == other) - 2 * (1 - value) * (1 - (middle[one] + middle[other]) / 2) / (categories - 1)) ** 2
        for (one, other), share in table.cells.items()
    )
    chance = (table.observed - 2 * (1 - value) * expected) ** 2
    return sqrt(max(0.0, spread - chance)) / ((1 - expected) * sqrt(table.n))
