"""From a score to the share of such records that people keep, and how far that can be believed. Pure.

The share is fitted by isotonic regression with the pool-adjacent-violators algorithm (Niculescu-Mizil & Caruana, 2005,
Predicting good probabilities with supervised learning, ICML, 625-632). It may rise or stay along the scores, no more is
assumed. It is kept within 1/(n+2) and (n+1)/(n+2), Laplace's rule of succession: what happened to none of n may happen.

Its error is measured on what the fit has not seen: five folds, stratified, each predicted by a fit of the other four.
The expected calibration error is the mean distance between prediction and outcome over ten bins (Naeini, Cooper &
Hauskrecht, 2015, AAAI, 2901-2907), here of equal numbers of records (Nguyen & O'Connor, 2015, EMNLP, 1587-1598), and
equal predictions never in two bins. The Brier score is the mean squared difference (Brier, 1950).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 50
"""Labels of each class, without which there is no percentage (AI-09)."""
MOST_ERROR = 0.10
"""Expected calibration error, above which there is no percentage (AI-09)."""
FOLDS, BINS, SEED = 5, 10, 20051

Knots = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Bin:
    """`n` records with alike predictions, whose mean is `predicted` (0..1), of which people kept `kept`."""

    predicted: float
    kept: int
    n: int

    @property
    def share(self) -> float:
        return self.kept / self.n


@dataclass(frozen=True, slots=True)
class Calibrated:
    """`knots` lead from score to share (`share_at`); errors are cross-fitted, and None where labels are too few."""

    n_include: int
    n_exclude: int
    knots: tuple[tuple[float, float], ...] = ()
    bins: tuple[Bin, ...] = ()
    ece: float | None = None
    brier: float | None = None

    @property
    def usable(self) -> bool:
        return self.ece is not None and self.ece <= MOST_ERROR


def calibrate(scores: Sequence[float], kept: Sequence[bool]) -> Calibrated:
    """Fit and measure. `kept[i]` is whether people kept the record of `scores[i]`; higher is likelier kept.

    The order of the rows decides the folds: give them in the same order to have the same figures. Takes scikit-learn.
    """
    n_include = sum(kept)
    n_exclude = len(kept) - n_include
    if min(n_include, n_exclude) < LEAST:
        return Calibrated(n_include, n_exclude)
    predicted = _cross_fitted(scores, kept)
    bins = binned(predicted, kept)
    return Calibrated(n_include, n_exclude, fitted(scores, kept), bins, expected_error(bins), brier(predicted, kept))


def fitted(scores: Sequence[float], kept: Sequence[bool]) -> tuple[tuple[float, float], ...]:
    """The knots (score, share) of an isotonic regression, ascending in both. Raises ValueError without a row."""
    from sklearn.isotonic import IsotonicRegression

    least = 1 / (len(scores) + 2)
    fit = IsotonicRegression(y_min=least, y_max=1 - least, increasing=True, out_of_bounds="clip")
    fit.fit(list(scores), [float(one) for one in kept])
    pairs = zip(fit.X_thresholds_, fit.y_thresholds_, strict=True)
    return tuple((round(float(score), 6), round(float(share), 6)) for score, share in pairs)


def share_at(knots: Knots, score: float) -> float:
    """The share at a score: straight lines between the knots, level beyond them. Raises ValueError without knots."""
    if not knots:
        raise ValueError("Without knots there is no share to read off.")
    place = bisect_right(knots, score, key=lambda knot: knot[0])
    if place == 0:
        return knots[0][1]
    if place == len(knots):
        return knots[-1][1]
    (low, share_low), (high, share_high) = knots[place - 1], knots[place]
    return share_low + (share_high - share_low) * (score - low) / (high - low)


def binned(predicted: Sequence[float], kept: Sequence[bool], most: int = BINS) -> tuple[Bin, ...]:
    """At most `most` bins of about equal numbers, by prediction; those with the same prediction stay together."""
    rows = sorted(zip(predicted, kept, strict=True), key=lambda row: row[0])
    bins, start = [], 0
    for number in range(1, most + 1):
        end = max(start, round(len(rows) * number / most))
        while start < end < len(rows) and rows[end][0] == rows[end - 1][0]:
            end += 1
        if part := rows[start:end]:
            bins.append(Bin(sum(p for p, _ in part) / len(part), sum(k for _, k in part), len(part)))
        start = end
    return tuple(bins)


def expected_error(bins: Sequence[Bin]) -> float:
    """The mean over records of how far their bin's prediction is from what came, 0..1; 0 without a record."""
    n = sum(one.n for one in bins)
    return sum(one.n * abs(one.predicted - one.share) for one in bins) / n if n else 0.0


def brier(predicted: Sequence[float], kept: Sequence[bool]) -> float:
    """The mean squared difference of prediction and outcome, 0 (perfect) to 1. Raises ValueError without a row."""
    if not predicted:
        raise ValueError("Without a prediction there is no Brier score.")
    return sum((p - k) ** 2 for p, k in zip(predicted, kept, strict=True)) / len(predicted)


def _cross_fitted(scores: Sequence[float], kept: Sequence[bool]) -> list[float]:
    """For each row the share that a fit of the other folds gives it."""
    from sklearn.model_selection import StratifiedKFold

    predicted = [0.0] * len(scores)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for others, own in folds.split(list(scores), [int(one) for one in kept]):
        knots = fitted([scores[i] for i in others], [kept[i] for i in others])
        for i in own:
            predicted[i] = share_at(knots, scores[i])
    return predicted
