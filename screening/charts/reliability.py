"""How predictions fit what came: mean prediction across, share that people kept upwards; on the diagonal both agree."""

from collections.abc import Sequence
from math import sqrt

from screening.charts.frame import BOTTOM, NARROW, RIGHT, SIZE, tag, text

LEFT, TOP = 44, 18
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability(bins: Sequence[tuple[float, int, int]], *, width: int = 460) -> str:
    """Draw bins of (mean prediction 0..1, kept, records), n above 0. Raises ValueError without one."""
    if not bins:
        raise ValueError("A diagram of reliability needs at least one bin.")
    plot = _Plot(width)
    line = " ".join(f"{plot.x(p):.1f},{plot.y(kept / n):.1f}" for p, kept, n in bins)
    drawn = [
        *plot.grid(),
        tag("line", {"class": "chart-ahead", **plot.diagonal(), "stroke-dasharray": "4 4"}),
        tag("polyline", {"class": "chart-line", "points": line, "fill": "none"}),
        *(_dot(plot, *one) for one in bins),
    ]
    most = max(abs(p - kept / n) for p, kept, n in bins)
    said = (
        f"{len(bins)} groups of records; the mean prediction of a group and the share that people kept differ by "
        f"{100 * most:.0f} points at most. The table beside it has every group."
    )
    root = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "chart is-narrow" if width < NARROW - 40 else "chart",
        "role": "img",
        "viewBox": f"0 0 {width} {plot.height}",
        "width": width,
        "height": plot.height,
        "font-size": SIZE,
        "fill": "currentColor",
    }
    head = tag("title", {}, "Predicted and kept") + tag("desc", {}, said)
    return tag("svg", root, head + "".join(drawn))


class _Plot:
    """A square of shares from 0 to 1, with room for numbers to the left and below."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.side = width - LEFT - RIGHT
        self.height = self.side + TOP + BOTTOM + 16

    def x(self, share: float) -> float:
        return LEFT + self.side * share

    def y(self, share: float) -> float:
        return TOP + self.side * (1 - share)

    def diagonal(self) -> dict[str, str]:
        return {"x1": f"{self.x(0):g}", "y1": f"{self.y(0):g}", "x2": f"{self.x(1):g}", "y2": f"{self.y(1):g}"}

    def grid(self) -> list[str]:
        parts = []
        for share in TICKS:
            line = {"x1": LEFT, "x2": f"{self.x(1):g}", "y1": f"{self.y(share):g}", "y2": f"{self.y(share):g}"}
            parts.append(tag("line", {"class": "chart-grid", **line, "stroke": "currentColor"}))
            parts.append(text(f"{100 * share:.0f} %", LEFT - 6, self.y(share) + 4, anchor="end"))
            anchor = "end" if share == 1 else "middle"
            parts.append(text(f"{100 * share:.0f} %", self.x(share), self.y(0) + 18, anchor=anchor))
        parts.append(text("predicted", self.x(0.5), self.height - 6, anchor="middle"))
        return [*parts, text("kept", LEFT, TOP - 4)]


def _dot(plot: _Plot, predicted: float, kept: int, n: int) -> str:
    at = {"cx": f"{plot.x(predicted):.1f}", "cy": f"{plot.y(kept / n):.1f}", "r": f"{min(9.0, 2.5 + sqrt(n) / 4):.1f}"}
    hint = tag("title", {}, f"{100 * predicted:.0f} % predicted, {kept} of {n} kept")
    return tag("circle", {"class": "chart-dot", **at}, hint)
