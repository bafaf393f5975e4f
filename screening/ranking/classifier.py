"""One logistic regression on decided records, put on a scale on which it can be weighed against other evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FOLDS = 5
_SMALLEST_GAP = 0.5  # standard deviations; below it the classes are not told apart, and leanings stay near zero


class Classifier:
    """Class-weighted logistic regression; `leans` are 0 half-way between the classes, 2 at the mean include, -2 at the
    mean exclude. Where the classes lie is taken from held-out folds, not from the texts it was fitted on. It orders;
    it is not a probability.
    """

    def __init__(self, rows: Any, wanted: Sequence[bool], extra: Any, reference: Any, seed: int) -> None:
        """`rows` n×d with the verdicts `wanted`; `extra` k×d more examples of what is wanted (the question);
        `reference` m×d texts of any kind, that say how widely scores spread in this review."""
        self._model = _fit(_stack(rows, extra), [*wanted, *[True] * extra.shape[0]], seed)
        spread = self._model.decision_function(reference)
        self._deviation = max(float(spread.std()), 1e-6)
        held_out = _held_out(rows, wanted, extra, seed)
        included = [s for s, w in zip(held_out, wanted, strict=True) if w]
        excluded = [s for s, w in zip(held_out, wanted, strict=True) if not w]
        high, low = sum(included) / len(included), sum(excluded) / len(excluded)
        self._centre = (high + low) / 2
        self._gap = max((high - low) / 2 / self._deviation, _SMALLEST_GAP)

    def leans(self, rows: Any) -> list[float]:
        """How far each row of an n×d matrix leans to include (positive) or exclude (negative); within -6..6."""
        z = (self._model.decision_function(rows) - self._centre) / self._deviation
        return [max(-6.0, min(6.0, 2 * float(one) / self._gap)) for one in z]

    @property
    def weights(self) -> Any:
        return self._model.coef_[0]


def _fit(rows: Any, wanted: Sequence[bool], seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000, random_state=seed).fit(rows, wanted)


def _held_out(rows: Any, wanted: Sequence[bool], extra: Any, seed: int) -> list[float]:
    """Each decided record's score from a model that has not seen it."""
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=seed)
    scores = [0.0] * len(wanted)
    for train, test in folds.split([0] * len(wanted), wanted):
        model = _fit(_stack(rows[train], extra), [*(wanted[i] for i in train), *[True] * extra.shape[0]], seed)
        for i, score in zip(test, model.decision_function(rows[test]), strict=True):
            scores[i] = float(score)
    return scores


def _stack(rows: Any, extra: Any) -> Any:
    if not extra.shape[0]:
        return rows
    if hasattr(rows, "toarray"):
        from scipy.sparse import vstack

        return vstack([rows, extra]).tocsr()
    import numpy as np

    return np.vstack([rows, extra])
