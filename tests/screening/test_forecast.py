"""The forecast of a stage: its intervals against teams made up by chance, and what it says when it can't say."""

from datetime import date, timedelta

import numpy as np
import pytest

from screening.forecast import LEVEL, Day, forecast

FIRST = date(2026, 3, 2)


def days_of(opinions: list[int], *, seconds: float = 0.0) -> list[Day]:
    """Days on end, each opinion of which took so many seconds."""
    return [Day(FIRST + timedelta(days=at), n, seconds * n, n if seconds else 0) for at, n in enumerate(opinions)]


def team(rng: np.random.Generator, days: int, *, unsteady: float) -> np.ndarray:
    """Opinions per day of 1 to 12 people with days off and weekends; whole weeks differ by `unsteady` (log scale)."""
    done = np.zeros(days)
    for _ in range(rng.integers(1, 13)):
        there = np.where(np.arange(days) % 7 < 5, rng.uniform(0.3, 0.95), rng.uniform(0, 0.4))
        pace = rng.uniform(10, 150) * rng.gamma(4, 0.25, days)
        done += (rng.random(days) < there) * rng.poisson(pace)
    weeks = np.exp(rng.normal(0, unsteady, days // 7 + 1))
    return np.round(done * np.repeat(weeks, 7)[:days])


def coverage(*, past: int, unsteady: float, teams: int = 200) -> float:
    """The share of teams that finish within the days that were foretold for them."""
    rng, hits, asked = np.random.default_rng(7), 0, 0
    for _ in range(teams):
        done, start = team(rng, 400, unsteady=unsteady), int(rng.integers(0, 7))
        seen, coming = done[start : start + past], done[start + past :]
        remaining = int(done.mean() * rng.integers(3, 40))
        span = forecast(days_of([int(n) for n in seen]), remaining).days
        if span is None or not remaining:
            continue
        took = int(np.searchsorted(np.cumsum(coming), remaining)) + 1
        asked, hits = asked + 1, hits + (span.low <= took <= span.high)
    assert asked > teams * 0.8
    return hits / asked


@pytest.mark.parametrize(("past", "unsteady"), [(7, 0.2), (14, 0.2), (28, 0.2), (28, 0.0), (28, 0.3)])
def test_four_teams_of_five_finish_within_the_interval(past: int, unsteady: float) -> None:
    share = coverage(past=past, unsteady=unsteady)
    print(f"{past} days, weeks differ by {unsteady:.0%}: {share:.1%} within the interval, {LEVEL:.0%} nominal")
    assert LEVEL - 0.06 <= share <= LEVEL + 0.13


def test_four_of_five_efforts_lie_within_the_interval_of_hours() -> None:
    """People, days and records differ in how long they take; 80 opinions a day, 28 days seen and 25 to come."""
    rng, hits, teams = np.random.default_rng(11), 0, 200
    for _ in range(teams):
        each = rng.uniform(15, 90) * rng.gamma(20, 0.05, (53, 1)) * rng.gamma(2, 0.5, (53, 80))
        spent = each.sum(axis=1)
        days = [Day(FIRST + timedelta(days=at), 80, float(spent[at]), 80) for at in range(28)]
        found = forecast(days, 25 * 80).hours
        assert found is not None
        hits += found.low <= spent[28:].sum() / 3_600 <= found.high
    print(f"{hits / teams:.1%} within the interval of hours, {LEVEL:.0%} nominal")
    assert LEVEL - 0.06 <= hits / teams <= LEVEL + 0.08


def test_a_steady_team_is_foretold_to_the_day() -> None:
    found = forecast(days_of([100] * 28, seconds=36), 1_000)
    assert found.days is not None
    assert found.hours is not None
    assert (found.days.low, found.days.high) == pytest.approx((10, 10), abs=1)
    assert found.hours.likely == pytest.approx(10)


def test_the_same_days_give_the_same_forecast() -> None:
    days = days_of([3, 80, 0, 44, 91, 0, 0, 12, 60, 33])
    assert forecast(days, 500) == forecast(days, 500)


def test_too_little_is_said_in_words_and_not_in_numbers() -> None:
    found = forecast(days_of([10, 10, 10]), 500)
    assert found.days is None
    assert found.hours is None
    assert found.missing == (
        "at least 7 whole days since the first opinion; there are 3",
        "active time of at least 30 opinions; there are 0",
    )


def test_nothing_at_all_is_no_forecast() -> None:
    assert forecast([], 500).days is None


def test_a_team_that_stopped_a_month_ago_has_no_forecast() -> None:
    found = forecast(days_of([100] * 10 + [0] * 28), 500)
    assert found.days is None
    assert any("0" in sentence for sentence in found.missing)


def test_days_before_the_first_opinion_do_not_slow_the_pace() -> None:
    assert forecast(days_of([0] * 20 + [50] * 8), 100).per_day == 50


def test_a_day_left_out_is_refused() -> None:
    days = days_of([10] * 9)
    with pytest.raises(ValueError, match="every calendar day"):
        forecast(days[:3] + days[4:], 100)


def test_a_stage_without_anything_left_needs_no_forecast() -> None:
    found = forecast(days_of([10] * 9), 0)
    assert (found.days, found.missing) == (None, ())
