"""The figures of a report, drawn so that they agree: with the abstract, with each other, and with the formulas.

A confidence interval is that of the difference of two means (Cochrane Handbook 6.5.2.3 read forwards) to the rounding that
is printed, so that whoever computes it from the table gets what the table says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import erfc, exp, log, sqrt
from random import Random

from extraction.management.demonstration.model import BASELINE, END, LATE
from extraction.management.demonstration.plan import OutcomePlan, Plan

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Summary:
    """One arm at one time."""

    n: int
    mean: Decimal
    sd: Decimal


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference or a ratio with its 95% interval and two-sided p."""

    value: Decimal
    low: Decimal
    high: Decimal
    p: float


@dataclass(slots=True)
class Figures:
    """Everything that is counted or measured. Keys: outcome, time, arm, and whether it is a change from baseline."""

    ages: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    women: list[int] = field(default_factory=list)
    fev: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    bmi: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    pack_years: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    smokers: list[int] = field(default_factory=list)
    oxygen: list[int] = field(default_factory=list)
    means: dict[tuple[str, str, int, bool], Summary] = field(default_factory=dict)
    effects: dict[tuple[str, str], Interval] = field(default_factory=dict)
    risk_ratio: Interval | None = None
    hazard_ratio: Interval | None = None


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """Half up, as papers do."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0  # + 0: never "-0.0"


def drawn(plan: Plan, seed: int) -> Figures:
    """The figures of a report; the same for the same plan and seed."""
    rng = Random(f"{seed}:figures:{plan.work}")
    figures = Figures()
    _people(plan, figures, rng)
    for outcome in plan.outcomes:
        _outcome(plan, outcome, figures, rng)
    _admissions(plan, figures)
    return figures


def _people(plan: Plan, figures: Figures, rng: Random) -> None:
    sizes = [arm.n for arm in plan.arms]
    sd = Decimal(plan.age_sd) if plan.age_sd else rounded(rng.uniform(6.8, 9.4), 1)
    figures.ages = [(mean, sd) for mean in _means_around(plan.age, sizes, rng)]
    figures.women = _split(plan.women, sizes, plan, rng)
    figures.fev = [(mean, rounded(rng.uniform(12, 17), 1)) for mean in _means_around(Decimal(plan.fev), sizes, rng)]
    figures.bmi = [(rounded(rng.uniform(25.1, 27.6), 1), rounded(rng.uniform(4.2, 5.9), 1)) for _ in sizes]
    figures.pack_years = [(rounded(rng.uniform(38, 47), 1), rounded(rng.uniform(17, 24), 1)) for _ in sizes]
    figures.smokers = _split(round(plan.n * rng.uniform(0.16, 0.29)), sizes, plan, rng)
    figures.oxygen = _split(round(plan.n * rng.uniform(0.05, 0.14)), sizes, plan, rng)
    if plan.crossover:
        for pairs in (figures.ages, figures.fev, figures.bmi, figures.pack_years):
            pairs[1] = pairs[0]


def _means_around(overall: Decimal, sizes: list[int], rng: Random) -> Iterator[Decimal]:
    """Two means to a tenth whose weighted mean is the overall one, as far as that is printed."""
    decimals = max(-int(overall.as_tuple().exponent), 0)
    while True:
        first = rounded(overall + rounded(rng.uniform(-0.7, 0.7), 1), 1)
        second = rounded((overall * sum(sizes) - first * sizes[0]) / sizes[1], 1)
        if rounded((first * sizes[0] + second * sizes[1]) / sum(sizes), decimals) == overall:
            return iter((first, second))


def _split(total: int, sizes: list[int], plan: Plan, rng: Random) -> list[int]:
    if plan.crossover:
        return [total, total]
    first = round(total * sizes[0] / sum(sizes)) + rng.choice((-1, 0, 1, 2))
    first = min(max(first, 0), total, sizes[0])
    return [first, total - first]


def _outcome(plan: Plan, outcome: OutcomePlan, figures: Figures, rng: Random) -> None:
    start = _baselines(plan, outcome, figures, rng)
    _assessment(plan, outcome, figures, rng, start, END)
    if not plan.crossover:
        _assessment(plan, outcome, figures, rng, start, LATE)


def _baselines(plan: Plan, outcome: OutcomePlan, figures: Figures, rng: Random) -> list[Summary]:
    what = outcome.instrument
    middle, made = what.mean * rng.uniform(0.93, 1.07), []
    for i, arm in enumerate(plan.arms):
        mean = rounded(middle + what.sd * rng.uniform(-0.06, 0.06), 1)
        made.append(Summary(arm.n, mean, rounded(what.sd * rng.uniform(0.94, 1.06), 1)))
        figures.means[outcome.key, BASELINE, i, False] = made[-1]
    if plan.crossover:
        made[1] = figures.means[outcome.key, BASELINE, 1, False] = made[0]
    return made


def _assessment(
    plan: Plan, outcome: OutcomePlan, figures: Figures, rng: Random, start: list[Summary], time: str
) -> None:
    """Changes whose difference is the effect, values that are baseline plus change, and the interval that follows."""
    sizes = [arm.analysed if time == END else arm.followed for arm in plan.arms]
    effect = _effect(outcome, time, rng)
    control = _control_change(outcome, rng)
    spread = _spread(outcome, sizes, plan)
    for i, change in enumerate((control + effect, control)):
        sd = rounded(spread * (1.02 if i else 0.98), 1)
        figures.means[outcome.key, time, i, True] = Summary(sizes[i], change, sd)
        value = Summary(sizes[i], start[i].mean + change, rounded(float(start[i].sd) * rng.uniform(0.97, 1.08), 1))
        figures.means[outcome.key, time, i, False] = value
    figures.effects[outcome.key, time] = _interval(plan, outcome, figures, time)


def _effect(outcome: OutcomePlan, time: str, rng: Random) -> Decimal:
    what = outcome.instrument
    if outcome.slight and time == END:
        return Decimal(outcome.slight)
    if not outcome.effect:
        return rounded(what.sd * rng.uniform(-0.05, 0.05) * (0.3 if outcome.both else 1), what.decimals)
    share = 1 if time == END else Decimal(str(outcome.kept))
    return rounded(Decimal(outcome.effect[0]) * share, what.decimals)


def _control_change(outcome: OutcomePlan, rng: Random) -> Decimal:
    what = outcome.instrument
    if outcome.both:
        return Decimal(outcome.both) + rounded(what.sd * rng.uniform(-0.01, 0.01), 1)
    return rounded(what.sd * rng.uniform(-0.02, 0.08) * (1 if what.higher_is_better else -1), 1)


def _spread(outcome: OutcomePlan, sizes: list[int], plan: Plan) -> float:
    """The SD of changes that makes the abstract's interval; of differences within people in a cross-over trial."""
    if not outcome.effect:
        return outcome.instrument.sd * 0.62
    error = float(Decimal(outcome.effect[2]) - Decimal(outcome.effect[1])) / 3.92
    return error * sqrt(sizes[0]) if plan.crossover else error / sqrt(1 / sizes[0] + 1 / sizes[1])


def _interval(plan: Plan, outcome: OutcomePlan, figures: Figures, time: str) -> Interval:
    a, b = (figures.means[outcome.key, time, i, True] for i in (0, 1))
    value = a.mean - b.mean
    pooled = float(a.sd) ** 2 / a.n + float(b.sd) ** 2 / b.n
    error = sqrt(pooled / 2 if plan.crossover else pooled)
    low, high = (rounded(float(value) + side * 1.96 * error, outcome.instrument.decimals) for side in (-1, 1))
    if outcome.effect and time == END:
        low, high = Decimal(outcome.effect[1]), Decimal(outcome.effect[2])
    return Interval(rounded(value, outcome.instrument.decimals), low, high, two_sided(float(value) / error))


def _admissions(plan: Plan, figures: Figures) -> None:
    a, b = plan.admitted
    if not a or not b or plan.crossover:
        return
    n, m = (arm.n for arm in plan.arms)
    figures.risk_ratio = _ratio(log(a / n) - log(b / m), sqrt(1 / a - 1 / n + 1 / b - 1 / m))
    if plan.hazard:
        figures.hazard_ratio = _ratio(log(log(1 - a / n) / log(1 - b / m)), sqrt(1 / a + 1 / b))


def _ratio(logarithm: float, error: float) -> Interval:
    low, value, high = (rounded(exp(logarithm + side * 1.96 * error), 2) for side in (-1, 0, 1))
    return Interval(value, low, high, two_sided(logarithm / error))


def two_sided(z: float) -> float:
    """The two-sided p of a standard normal deviate."""
    return erfc(abs(z) / sqrt(2))
