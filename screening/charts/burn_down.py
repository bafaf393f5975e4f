"""The burn-down: how many opinions were left each evening, and when the rest may be given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from screening.charts.frame import BOTTOM, Frame, day_name, drawing, tag, text

AHEAD = 2  # the days to come take at most so many times the room of those that were
LEAST_AHEAD = 14  # days


@dataclass(frozen=True, slots=True)
class Finish:
    """The days on which the last opinion is given: early, likely, late."""

    early: date
    likely: date
    late: date


def burn_down(left: Sequence[tuple[date, int]], finish: Finish | None = None, *, width: int = 880) -> str:
    """Draw what was left on each day, oldest first, and the fan to its finish. Raises ValueError without a day."""
    if not left:
        raise ValueError("A burn-down needs at least one day.")
    first, (today, now) = left[0][0], left[-1]
    last = min(finish.late, today + max(AHEAD * (today - first), timedelta(LEAST_AHEAD))) if finish else today
    frame = Frame(width, 260 if width >= 480 else 220, first, last, max(n for _, n in left))
    parts = [*frame.grid(), *(_fan(frame, today, now, finish) if finish else []), *_line(frame, left)]
    return drawing(frame, "Opinions left", _said(left, finish), parts)


def _line(frame: Frame, left: Sequence[tuple[date, int]]) -> list[str]:
    points = " ".join(f"{frame.x(on):.1f},{frame.y(n):.1f}" for on, n in left)
    (today, now), base = left[-1], frame.height - BOTTOM
    ends = f"{frame.x(today):.1f},{base} {frame.x(left[0][0]):.1f},{base}"
    dot = {"class": "chart-dot", "cx": f"{frame.x(today):.1f}", "cy": f"{frame.y(now):.1f}", "r": 4}
    late = frame.x(today) > frame.width * 0.8
    return [
        tag("polygon", {"class": "chart-area", "points": f"{points} {ends}", "fill-opacity": 0.12}),
        tag("polyline", {"class": "chart-line", "points": points, "fill": "none", "stroke": "currentColor"}),
        tag("circle", dot),
        text(
            f"{now:,} left",
            frame.x(today) + (-8 if late else 8),
            max(frame.y(now) - 8, 12),
            name="chart-value",
            anchor="end" if late else "start",
        ),
    ]


def _fan(frame: Frame, today: date, now: int, finish: Finish) -> list[str]:
    """The interval as an area, its likely middle as a dashed line; cut off where the paper ends."""
    start = (frame.x(today), frame.y(now))
    early, likely, late = (_reach(frame, today, now, on) for on in (finish.early, finish.likely, finish.late))
    corner = [(frame.x(frame.last), frame.y(0))] if finish.early < frame.last < finish.late else []
    area = " ".join(f"{x:.1f},{y:.1f}" for x, y in [start, early, *corner, late])
    to = {"x1": f"{start[0]:.1f}", "y1": f"{start[1]:.1f}", "x2": f"{likely[0]:.1f}", "y2": f"{likely[1]:.1f}"}
    dashed = {"class": "chart-ahead", **to, "stroke": "currentColor", "stroke-dasharray": "5 4"}
    drawn = [tag("polygon", {"class": "chart-fan", "points": area, "fill-opacity": 0.15}), tag("line", dashed)]
    if finish.likely <= frame.last:
        room = likely[0] + 56 < frame.width  # right of the line's end, where nothing but the fan is
        at = (likely[0] + 6, likely[1] - 8) if room else (frame.width - 4, likely[1] - 24)
        drawn.append(text(day_name(finish.likely), *at, name="chart-value", anchor="start" if room else "end"))
    return drawn


def _reach(frame: Frame, today: date, now: int, on: date) -> tuple[float, float]:
    """Where the line from today to nothing left on a day ends on this paper."""
    if on <= frame.last:
        return frame.x(on), frame.y(0)
    return frame.x(frame.last), frame.y(now * (1 - (frame.last - today) / (on - today)))


def _said(left: Sequence[tuple[date, int]], finish: Finish | None) -> str:
    (first, before), (today, now) = left[0], left[-1]
    said = f"{before:,} opinions left on {day_name(first, year=True)}, {now:,} on {day_name(today, year=True)}."
    if finish:
        likely, early, late = (day_name(on, year=True) for on in (finish.likely, finish.early, finish.late))
        said += f" Likely done on {likely}, between {early} and {late}."
    return f"{said} The table beside it has every day."
