"""Opinions per day as bars; per week where there are too many days to tell apart."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from screening.charts.frame import NARROW, Frame, day_name, drawing, tag

MOST_BARS, MOST_NARROW = 120, 45
WIDEST = 36.0  # pixels of a bar: one day alone is no wall


def opinions_per_day(done: Sequence[tuple[date, int]], *, width: int = 880, what: str = "opinions") -> str:
    """Draw each day's count, oldest first and none left out. Raises ValueError without a day."""
    if not done:
        raise ValueError("A chart per day needs at least one day.")
    weekly = len(done) > (MOST_NARROW if width < NARROW else MOST_BARS)
    shown, days = (_weeks(done), 7) if weekly else (list(done), 1)
    last = shown[-1][0] + timedelta(days=days - 1)
    frame = Frame(width, 200 if width >= NARROW else 180, shown[0][0], last, max(n for _, n in shown))
    bars = [_bar(frame, on, n, days, what) for on, n in shown if n > 0]
    per = "week" if weekly else "day"
    total = sum(n for _, n in done)
    said = (
        f"{total:,} {what} from {day_name(done[0][0], year=True)} to {day_name(done[-1][0], year=True)}, "
        f"at most {max(n for _, n in shown):,} in a {per}. The table beside it has every day."
    )
    return drawing(frame, f"{what.capitalize()} per {per}", said, [*frame.grid(), *bars])


def _weeks(done: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Sums of weeks, by their Monday."""
    weeks: dict[date, int] = {}
    for on, n in done:
        monday = on - timedelta(days=on.weekday())
        weeks[monday] = weeks.get(monday, 0) + n
    return list(weeks.items())


def _bar(frame: Frame, on: date, n: int, days: int, what: str) -> str:
    room = frame.step * days
    wide = min(room - min(3.0, room * 0.2), WIDEST)
    x, y = frame.x(on) - frame.step / 2 + (room - wide) / 2, frame.y(n)
    shape = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{wide:.1f}", "height": f"{frame.y(0) - y:.1f}", "rx": 1}
    when = day_name(on, year=True) if days == 1 else f"Week of {day_name(on, year=True)}"
    hint = tag("title", {}, escape(f"{when}: {n:,} {what}"))
    return tag("rect", {"class": "chart-bar", **shape}, hint)
