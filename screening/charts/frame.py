"""What the charts over time share: a frame with its scales, and the strokes they are drawn with.

Only presentation attributes and class names: no style, script, id or outside resource, so a chart passes a strict
Content-Security-Policy and several can stand in one page. static/css/progress.css colours the classes. Ink is
currentColor, which reads on light and on dark pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from math import ceil, log10

SIZE = 12  # of letters, in pixels
NARROW = 480  # below this width there is room for fewer labels
BOTTOM, TOP, RIGHT = 26, 14, 12


def tag(name: str, attributes: Mapping[str, object], content: str = "") -> str:
    """Write one element. Attribute values are escaped here; `content` is markup and must be escaped already."""
    written = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(words: str, x: float, y: float, *, name: str = "chart-label", anchor: str = "start") -> str:
    """Write a line of text at its baseline."""
    return tag("text", {"class": name, "x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor}, escape(words))


def day_name(on: date, *, year: bool = False) -> str:
    """ "3 Nov", or "3 Nov 2026"."""
    return f"{on.day} {on:%b %Y}" if year else f"{on.day} {on:%b}"


def ticks(most: float, *, wanted: int = 4) -> list[int]:
    """Round whole numbers from 0 up to the first that is not below `most`, about `wanted` steps."""
    raw = max(most, 1) / wanted
    power = 10 ** int(log10(raw)) if raw >= 1 else 1
    step = next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= raw)
    return list(range(0, step * ceil(max(most, 1) / step) + 1, step))


@dataclass(frozen=True, slots=True)
class Frame:
    """The paper: pixels for days and counts. `last` is the last day that is drawn, `most` the highest count."""

    width: int
    height: int
    first: date
    last: date
    most: float

    @property
    def left(self) -> float:
        """Where the plot begins: right of the longest number."""
        return 10 + 7.2 * len(f"{ticks(self.most)[-1]:,}")

    @property
    def step(self) -> float:
        """The width of a day."""
        return (self.width - self.left - RIGHT) / ((self.last - self.first).days + 1)

    def x(self, on: date) -> float:
        """The middle of a day, or beyond the frame for one outside it."""
        return self.left + self.step * ((on - self.first).days + 0.5)

    def y(self, n: float) -> float:
        """The height of a count."""
        return self.height - BOTTOM - (self.height - BOTTOM - TOP) * n / ticks(self.most)[-1]

    def grid(self) -> Iterator[str]:
        """Lines at round counts with their numbers, and days under them."""
        for n in ticks(self.most):
            line = {"x1": f"{self.left:g}", "x2": self.width - RIGHT, "y1": f"{self.y(n):g}", "y2": f"{self.y(n):g}"}
            yield tag("line", {"class": "chart-grid", **line, "stroke": "currentColor"})
            yield text(f"{n:,}", self.left - 6, self.y(n) + 4, anchor="end")
        for on in self._days():
            anchor = "start" if on == self.first else "middle"
            yield text(day_name(on), self.left if on == self.first else self.x(on), self.height - 8, anchor=anchor)

    def _days(self) -> Iterator[date]:
        span, labels = (self.last - self.first).days, 4 if self.width < NARROW else 8
        step = next((days for days in (1, 2, 7, 14, 28, 56, 91, 182) if span / days <= labels), max(1, span // labels))
        on = self.first
        while on <= self.last:
            if on == self.first or self.x(on) + 20 <= self.width:
                yield on
            on += timedelta(days=step)


def drawing(frame: Frame, title: str, said: str, parts: Sequence[str]) -> str:
    """Wrap the parts; `said` describes the chart to whom doesn't see it."""
    root = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "chart is-narrow" if frame.width < NARROW else "chart",
        "role": "img",
        "viewBox": f"0 0 {frame.width} {frame.height}",
        "width": frame.width,
        "height": frame.height,
        "font-size": SIZE,
        "fill": "currentColor",
    }
    return tag("svg", root, tag("title", {}, escape(title)) + tag("desc", {}, escape(said)) + "".join(parts))
