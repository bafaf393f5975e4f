"""Sensitivity and specificity with exact intervals.

Point estimates: Cochrane Handbook for Systematic Reviews of Diagnostic Test Accuracy, chapter 4. Intervals:
Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika
1934;26:404–413.
"""

from collections.abc import Callable
from decimal import Decimal

from extraction.derived.formula import DerivedError, Formula, Input, Kind, Worked
from extraction.derived.inputs import LEVEL
from extraction.derived.quantiles import beta, upper_tail
from extraction.derived.rounding import plain

TP, FP = Input("tp", "True positives", Kind.COUNT), Input("fp", "False positives", Kind.COUNT)
FN, TN = Input("fn", "False negatives", Kind.COUNT), Input("tn", "True negatives", Kind.COUNT)


def exact_interval(hits: Decimal, total: Decimal, level: Decimal) -> tuple[Decimal, Decimal]:
    """Return the Clopper–Pearson interval of a proportion, both bounds from 0 to 1."""
    above = upper_tail(level)
    lower = beta(1 - above, hits, total - hits + 1) if hits else Decimal(0)
    upper = beta(above, hits + 1, total - hits) if hits < total else Decimal(1)
    return lower, upper


def _proportion(hits: Decimal, misses: Decimal, who: str) -> Worked:
    if not hits + misses:
        raise DerivedError(f"There are no participants {who}, so there is nothing to divide by.")
    return Worked(hits / (hits + misses), f"{plain(hits)} ÷ ({plain(hits)} + {plain(misses)})")


def _bound(hits: Decimal, misses: Decimal, level: Decimal, which: int, who: str) -> Worked:
    _proportion(hits, misses, who)
    total = hits + misses
    value = exact_interval(hits, total, level)[which]
    name = ("lower", "upper")[which]
    return Worked(value, f"Clopper–Pearson {name} {plain(level)}% bound of {plain(hits)} ÷ {plain(total)}")


WITH, WITHOUT = "with the target condition", "without the target condition"


def sensitivity(tp: Decimal, fn: Decimal) -> Worked:
    """Return the share of diseased who test positive (Cochrane DTA Handbook, chapter 4)."""
    return _proportion(tp, fn, WITH)


def specificity(tn: Decimal, fp: Decimal) -> Worked:
    """Return the share of non-diseased who test negative (Cochrane DTA Handbook, chapter 4)."""
    return _proportion(tn, fp, WITHOUT)


def _sensitivity_bound(which: int) -> Callable[..., Worked]:
    return lambda tp, fn, level: _bound(tp, fn, level, which, WITH)


def _specificity_bound(which: int) -> Callable[..., Worked]:
    return lambda tn, fp, level: _bound(tn, fp, level, which, WITHOUT)


SOURCE = "Cochrane Handbook for Systematic Reviews of Diagnostic Test Accuracy, chapter 4"
EXACT = "Clopper and Pearson 1934 (exact interval)"
SENSITIVITY, SPECIFICITY = "sensitivity = TP ÷ (TP + FN)", "specificity = TN ÷ (TN + FP)"
FORMULAS = (
    Formula("sensitivity", "Sensitivity", SENSITIVITY, SOURCE, (TP, FN), sensitivity),
    Formula("specificity", "Specificity", SPECIFICITY, SOURCE, (TN, FP), specificity),
    *(
        Formula(
            f"sensitivity_{name}",
            f"Sensitivity, {name} bound",
            f"{name} = exact bound of TP ÷ (TP + FN)",
            EXACT,
            (TP, FN, LEVEL),
            _sensitivity_bound(which),
        )
        for which, name in enumerate(("lower", "upper"))
    ),
    *(
        Formula(
            f"specificity_{name}",
            f"Specificity, {name} bound",
            f"{name} = exact bound of TN ÷ (TN + FP)",
            EXACT,
            (TN, FP, LEVEL),
            _specificity_bound(which),
        )
        for which, name in enumerate(("lower", "upper"))
    ),
)
