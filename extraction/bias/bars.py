"""The bars of the summary plots: one bar for each domain, cut into the shares of its judgements."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape

from extraction.bias.rows import Column, Row, Share, percent, shares
from extraction.bias.svg import INK, TONES, clean, tag, text

HEIGHT = 24
TICKS = (0, 25, 50, 75, 100)


def bar(column: Column, rows: Sequence[Row], x: int, top: int, width: int, *, weighted: bool) -> Iterator[str]:
    """Draw the shares of a domain side by side, `width` pixels together."""
    left = Decimal(x)
    for share in shares(column, rows, weighted=weighted):
        wide = share.part * width
        yield _segment(column, share, left, wide, top)
        left += wide


def _segment(column: Column, share: Share, left: Decimal, wide: Decimal, top: int) -> str:
    tone = TONES[share.level.tone]
    frame = {"x": _short(left), "y": top, "width": _short(wide), "height": HEIGHT}
    open_look = {"fill": "none", "stroke": "currentColor", "stroke-dasharray": "3 2.5"}
    look = {"fill": tone.fill, "stroke": INK} if tone.fill != "none" else open_look
    hint = f"{column.title}: {share.level.label}, {share.count} ({percent(share.part)})"
    drawn = tag("title", {}, escape(clean(hint))) + tag("rect", {"class": f"bias-bar {tone.name}", **frame, **look})
    if wide >= 46:
        ink = {"fill": INK} if tone.fill != "none" else {}
        middle = {"x": _short(left + wide / 2), "y": top + 17, "text-anchor": "middle", **ink}
        words_inside = f"{share.level.sign} {percent(share.part)}".strip()
        drawn += tag("text", {"class": "bias-share", **middle}, escape(words_inside))
    return tag("g", {}, drawn)


def scale(x: int, y: int, width: int, *, inside: bool = False) -> Iterator[str]:
    """Draw the percents below the bars; `inside` keeps the words of both ends within the width."""
    for tick in TICKS:
        at = x + width * tick // 100
        anchor = {0: "start", 100: "end"}.get(tick, "middle") if inside else "middle"
        yield tag("line", {"x1": at, "x2": at, "y1": y, "y2": y + 6, "stroke": "currentColor"})
        yield text(f"{tick}%", at, y + 22, name="bias-tick", text_anchor=anchor)


def spread(heads: Sequence[Column], rows: Sequence[Row], *, weighted: bool) -> str:
    """Say all bars in words, for whoever can't see them."""
    said = "; ".join(_said(column, shares(column, rows, weighted=weighted)) for column in heads)
    return f"{said}."


def _said(column: Column, found: Sequence[Share]) -> str:
    parts = ", ".join(f"{share.level.label} {percent(share.part)}" for share in found)
    return f"{column.title}: {parts or 'nothing to count'}"


def _short(number: Decimal) -> str:
    """Write a coordinate with two decimals at most, so that the same plot has the same bytes everywhere."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
