"""When a stage will be done, and how many hours it will take: from what the team did on each of its last days.

The method, for the pace: the Bayesian bootstrap (Rubin 1981, Ann Stat 9:130-134) over the calendar days of a window of
at most 28. Each of its draws weighs the days anew, by a Dirichlet law, and so gives a mean and a variance of opinions
per day that the same team might as well have shown. The number of days in which such a team gives the opinions that
remain is the first passage of a random walk with this drift, which follows the inverse Gaussian law (Folks & Chhikara
1978, J R Stat Soc B 40:263-289). Its quantiles over all draws make the interval, which so holds both what isn't known
of the pace and the ups and downs to come. Where whole weeks differ by more than their days explain, both are widened by
that ratio; in a window of less than two weeks, where it can't be seen, by 2.

The hours: opinions that remain times active seconds for each, both as above; the same draws weigh the days.

What it takes for granted: the days to come are like those of the window (the same people, the same hours, free days
as often), and no record comes in. tests/screening/test_forecast.py holds its intervals against teams made up by chance.
Pure: numbers in, numbers out; the same in gives the same out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.8  # of the intervals
WINDOW = 28  # days: four whole weeks, so that each day of the week weighs the same
LEAST_DAYS, LEAST_AT_WORK, LEAST_OPINIONS, LEAST_TIMED = 7, 3, 30, 30
UNSEEN_WEEKS = 2.0  # variance of the pace is taken so many times where no two weeks can be compared
DRAWS, SEED = 4_000, 20_261_121

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Day:
    """What a team did on one calendar day: opinions given, and `seconds` of active time on the `timed` ones."""

    on: date
    opinions: int
    seconds: float = 0.0
    timed: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A figure with its interval."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """`days` from now, `hours` of active time; each None where `missing` says in sentences what it lacks.

    `window` is the number of days that were looked at; `per_day` the mean pace over them.
    """

    remaining: int
    window: int
    per_day: float
    days: Span | None
    hours: Span | None
    missing: tuple[str, ...] = ()


def forecast(days: Sequence[Day], remaining: int) -> Forecast:
    """Look ahead from complete calendar days, oldest first and none left out, to when `remaining` opinions are given.

    Days before the first opinion don't count. Raises ValueError where days are missing or out of order.
    """
    if any((after.on - before.on).days != 1 for before, after in pairwise(days)):
        raise ValueError("A forecast needs every calendar day, in order.")
    began = next((at for at, day in enumerate(days) if day.opinions > 0 or day.timed), len(days))
    window = days[began:][-WINDOW:]
    done = np.array([max(0, day.opinions) for day in window], dtype=float)
    missing = _missing(len(window), int((done > 0).sum()), int(done.sum()))
    timed = sum(day.timed for day in window)
    if timed < LEAST_TIMED:
        missing += (_needs("active time of", LEAST_TIMED, "opinions", timed),)
    per_day = float(done.mean()) if len(window) else 0.0
    if remaining <= 0:
        return Forecast(0, len(window), per_day, None, None)
    spread = _spread(done)
    rng = np.random.default_rng(SEED)
    weights = rng.dirichlet(np.full(max(1, len(window)), 1 / spread), DRAWS)
    paced = not _missing(len(window), int((done > 0).sum()), int(done.sum()))
    return Forecast(
        remaining,
        len(window),
        per_day,
        _span(np.ceil(_passage(done, weights, remaining, spread, rng))) if paced else None,
        _span(_effort(window, weights, remaining, rng) / 3_600) if timed >= LEAST_TIMED else None,
        missing,
    )


def _missing(days: int, at_work: int, opinions: int) -> tuple[str, ...]:
    if days < LEAST_DAYS:
        return (_needs("", LEAST_DAYS, "whole days since the first opinion", days),)
    found = []
    if at_work < LEAST_AT_WORK:
        found.append(_needs("", LEAST_AT_WORK, f"days with opinions among the last {WINDOW}", at_work))
    if opinions < LEAST_OPINIONS:
        found.append(_needs("", LEAST_OPINIONS, f"opinions in the last {WINDOW} days", opinions))
    return tuple(found)


def _needs(before: str, least: int, what: str, have: int) -> str:
    return " ".join(f"{before} at least {least} {what}; there {'is' if have == 1 else 'are'} {have}".split())


def _spread(done: Floats) -> float:
    """How many times more whole weeks vary than their days would make them; between 1 and 7."""
    weeks = len(done) // 7
    if weeks < 2:
        return UNSEEN_WEEKS
    by_week = done[-7 * weeks :].reshape(weeks, 7).sum(axis=1)
    by_day = float(done.var(ddof=1))
    return min(7.0, max(1.0, float(by_week.var(ddof=1)) / (7 * by_day))) if by_day else 1.0


def _passage(done: Floats, weights: Floats, remaining: int, spread: float, rng: np.random.Generator) -> Floats:
    """Days until the opinions that remain are given, one for each draw of weights."""
    mean: Floats = np.maximum(weights @ done, 1e-6)
    variance = np.maximum(weights @ done**2 - mean**2, 0) * spread * len(done) / max(1, len(done) - 1)
    drawn: Floats = rng.wald(remaining / mean, remaining**2 / np.maximum(variance, 1e-6 * mean**2))
    return drawn


def _effort(days: Sequence[Day], weights: Floats, remaining: int, rng: np.random.Generator) -> Floats:
    """Seconds of active time for the opinions that remain, one for each draw of weights."""
    seconds = np.array([day.seconds for day in days])
    timed = np.array([day.timed for day in days], dtype=float)
    each = (weights @ seconds) / np.maximum(weights @ timed, 1e-6)
    overall = seconds.sum() / timed.sum()
    scatter = ((seconds - timed * overall) ** 2).sum() / timed.sum()  # variance of one opinion, by the days' sums
    drawn: Floats = np.maximum(0, rng.normal(remaining * each, np.sqrt(remaining * scatter)))
    return drawn


def _span(drawn: Floats) -> Span:
    low, likely, high = np.quantile(drawn, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    return Span(float(low), float(likely), float(high))
