"""How well any number of people agree, each of whom may have left out any record.

Each function takes the answers on each record, or a mapping from the answers on a record to how many records have them;
None is a missing answer, and their order means nothing. A record without answers changes nothing. One with a single
answer says nothing of agreement, but does tell how often each answer is given, as in Gwet, "Handbook of Inter-Rater
Reliability" (4th ed., 2014), chapters 2 and 5, whose variances these are: over records, for any number of people,
missing answers included. The R package irrCAC by the same author computes the same (`pa.coeff.raw`,
`fleiss.kappa.raw`, `gwet.ac1.raw`, `krippen.alpha.raw`). Intervals are Student's on n - 1 degrees of freedom, n being
the records with an answer.

- percent agreement: of all pairs of answers on a record the share that is the same, averaged over records.
- Fleiss' kappa: Fleiss (1971), Psychol Bull 76:378-382, generalised as above.
- AC1: Gwet (2008), Br J Math Stat Psychol 61:29-48, generalised as above.
- alpha: Krippendorff (1970), Sociol Methodol 2:139-150, for categories without an order.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from audit.agreement.figures import NOTHING, ONE_CATEGORY, ONE_KIND, TOO_FEW, Figure, around, nothing, t95

Answers = Sequence[Hashable | None]
Records = Iterable[Answers] | Mapping[tuple[Hashable | None, ...], int]


def percent_of(records: Records) -> Figure:
    """Percent agreement, 0..1. `n` of each of these figures is the number of records with two answers or more."""
    sums = _sums(records)
    if sums is None:
        return nothing(NOTHING)
    stretch = sums.n / sums.judged
    return _interval(sums, sums.agreed, lambda one: stretch * one.agreed, least=0.0)


def fleiss(records: Records) -> Figure:
    """Fleiss' kappa. With two people this is Scott's pi, not Cohen's kappa."""
    sums = _sums(records)
    if sums is None:
        return nothing(NOTHING)
    shares = sums.shares
    expected = sum(share * share for share in shares.values())
    if expected >= 1:
        return nothing(ONE_KIND, sums.judged)
    return _corrected(sums, expected, lambda one: sum(shares[kind] * part for kind, part in one.parts.items()))


def ac1_of(records: Records, *, categories: int = 2) -> Figure:
    """Gwet's AC1. `categories` is how many answers there were to choose from; ValueError where more were given."""
    sums = _sums(records)
    if sums is None:
        return nothing(NOTHING)
    shares = sums.shares
    if len(shares) > categories:
        raise ValueError(f"{len(shares)} answers were given, of {categories} that there are")
    if categories < 2:
        return nothing(ONE_CATEGORY, sums.judged)
    others = categories - 1
    expected = sum(share * (1 - share) for share in shares.values()) / others
    return _corrected(
        sums, expected, lambda one: sum((1 - shares[kind]) * part for kind, part in one.parts.items()) / others
    )


def alpha(records: Records) -> Figure:
    """Krippendorff's alpha, nominal."""
    sums = _sums(records)
    if sums is None:
        return nothing(NOTHING)
    paired = [one for one in sums.records if one.r >= 2]
    answers = sum(one.r * one.times for one in paired)
    mean = answers / sums.judged
    shares = _summed((kind, one.r * part * one.times / answers) for one in paired for kind, part in one.parts.items())
    expected = sum(share * share for share in shares.values())
    if expected >= 1:
        return nothing(ONE_KIND, sums.judged)
    observed = sum(one.agreed * one.r * one.times for one in paired) / answers
    raw = (observed - expected) / (1 - expected)
    value = ((1 - 1 / answers) * observed + 1 / answers - expected) / (1 - expected)
    if sums.judged < 2:
        return Figure(value, None, None, sums.judged, TOO_FEW)

    def influence(one: _Record) -> float:
        weight = one.r / mean
        seen = one.agreed * weight - observed * (weight - 1)
        chance = sum(shares[kind] * part for kind, part in one.parts.items()) * weight - expected * (weight - 1)
        return ((seen - expected) - 2 * (1 - raw) * (chance - expected)) / (1 - expected)

    squares = sum(one.times * (influence(one) - raw) ** 2 for one in paired)
    error = sqrt(squares / (sums.judged * (sums.judged - 1)))
    return around(value, error, sums.judged, quantile=t95(sums.n - 1))


@dataclass(frozen=True, slots=True)
class _Record:
    """Records with the same answers: how many, their answers' shares, and the share of equal pairs (0 where r is 1)."""

    times: int
    r: int
    parts: dict[Hashable, float]
    agreed: float


@dataclass(frozen=True, slots=True)
class _Sums:
    """`n` records have an answer, `judged` two or more; `agreed` is the percent agreement, `shares` of each answer."""

    records: list[_Record]
    n: int
    judged: int
    agreed: float
    shares: dict[Hashable, float]


def _sums(records: Records) -> _Sums | None:
    """None where no record has two answers."""
    kinds: Counter[frozenset[tuple[Hashable, int]]] = Counter()
    pairs = records.items() if isinstance(records, Mapping) else ((answers, 1) for answers in records)
    for answers, times in pairs:
        kinds[frozenset(Counter(one for one in answers if one is not None).items())] += times
    listed = [_record(dict(kind), times) for kind, times in kinds.items() if kind and times > 0]
    judged = sum(one.times for one in listed if one.r >= 2)
    if not judged:
        return None
    n = sum(one.times for one in listed)
    agreed = sum(one.times * one.agreed for one in listed if one.r >= 2) / judged
    shares = _summed((kind, part * one.times / n) for one in listed for kind, part in one.parts.items())
    return _Sums(listed, n, judged, agreed, shares)


def _record(counts: dict[Hashable, int], times: int) -> _Record:
    r = sum(counts.values())
    agreed = sum(c * (c - 1) for c in counts.values()) / (r * (r - 1)) if r >= 2 else 0.0
    return _Record(times, r, {kind: c / r for kind, c in counts.items()}, agreed)


def _summed(parts: Iterable[tuple[Hashable, float]]) -> dict[Hashable, float]:
    sums: dict[Hashable, float] = {}
    for kind, part in parts:
        sums[kind] = sums.get(kind, 0.0) + part
    return sums


def _corrected(sums: _Sums, expected: float, chance: Callable[[_Record], float]) -> Figure:
    """(p - e) / (1 - e) with Gwet's variance; `chance` is a record's part in e."""
    value = (sums.agreed - expected) / (1 - expected)
    stretch = sums.n / sums.judged

    def influence(one: _Record) -> float:
        seen = stretch * (one.agreed - expected) if one.r >= 2 else 0.0
        return (seen - 2 * (1 - value) * (chance(one) - expected)) / (1 - expected)

    return _interval(sums, value, influence)


def _interval(sums: _Sums, value: float, influence: Callable[[_Record], float], *, least: float = -1.0) -> Figure:
    if sums.n < 2:
        return Figure(value, None, None, sums.judged, TOO_FEW)
    squares = sum(one.times * (influence(one) - value) ** 2 for one in sums.records)
    return around(value, sqrt(squares / (sums.n * (sums.n - 1))), sums.judged, quantile=t95(sums.n - 1), least=least)
