"""The charts of progress: well-formed, free of anything the content policy refuses, and the same for the same rows."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from screening.charts import burn_down, opinions_per_day
from screening.charts.burn_down import Finish
from screening.charts.frame import ticks
from screening.charts.spans import waiting, work

FIRST = date(2026, 9, 1)
LEFT = [(FIRST + timedelta(days=at), 3_000 - 40 * at) for at in range(60)]
SOON = Finish(*(date(2026, 11, day) for day in (10, 15, 24)))
FAR = Finish(date(2028, 1, 1), date(2029, 1, 1), date(2034, 1, 1))


@pytest.mark.parametrize("width", [880, 340])
@pytest.mark.parametrize("finish", [None, SOON, FAR])
@pytest.mark.parametrize("left", [LEFT, LEFT[:1], [(FIRST, 0)]])
def test_a_burn_down_is_whole_and_stays_on_its_paper(
    left: list[tuple[date, int]], finish: Finish | None, width: int
) -> None:
    drawn = burn_down(left, finish, width=width)
    root = ElementTree.fromstring(drawn)
    assert root.attrib["width"] == str(width)
    assert "style" not in drawn
    for node in root.iter():
        for name in ("points", "x", "x1", "x2", "cx"):
            for pair in node.attrib.get(name, "").split():
                assert -1 <= float(pair.split(",")[0]) <= width + 1


def test_a_burn_down_says_its_figures_in_words() -> None:
    said = burn_down(LEFT, SOON)
    assert "3,000 opinions left on 1 Sep 2026, 640 on 30 Oct 2026." in said
    assert "Likely done on 15 Nov 2026, between 10 Nov 2026 and 24 Nov 2026." in said


def test_many_days_are_told_by_the_week() -> None:
    year = [(FIRST + timedelta(days=at), 2) for at in range(365)]
    drawn = opinions_per_day(year)
    assert 50 <= drawn.count("chart-bar") <= 54
    assert "730 opinions" in drawn
    assert "Week of 7 Sep 2026: 14 opinions" in drawn


@pytest.mark.parametrize(("most", "last"), [(0, 1), (1, 1), (7, 8), (101, 150), (99_999, 100_000)])
def test_an_axis_ends_at_a_round_number_that_is_not_below_its_data(most: int, last: int) -> None:
    assert ticks(most)[-1] == last


@pytest.mark.parametrize("draw", [burn_down, opinions_per_day])
def test_no_day_is_no_chart(draw) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="day"):
        draw([])


def test_lengths_of_time_are_words() -> None:
    assert [work(s) for s in (0.4, 45, 754, 12_000, 475_200)] == ["0 s", "45 s", "13 min", "3 h 20 min", "132 h"]
    assert [waiting(s) for s in (5, 1_200, 18_000, 108_000, 1_036_800)] == [
        "1 min",
        "20 min",
        "5 h",
        "1 day 6 h",
        "12 days",
    ]
