"""The marks that the wide and the narrow plots share: a disc with its sign, an open place, what the legend names."""

from collections.abc import Iterator, Sequence
from html import escape

from extraction.bias.instrument import Level
from extraction.bias.rows import Column, Mark, Row, words
from extraction.bias.svg import INK, TONES, clean, tag, text

RADIUS = 13
FEW_LEVELS = 6  # stars have more: each mark then is its number, and a legend of ten colours would say nothing
_DASHED = {"fill": "none", "stroke": "currentColor", "stroke-width": 1.4, "stroke-dasharray": "3 2.5"}


def judgement(row: Row, column: Column, x: int, y: int) -> str:
    """Draw what a row has in a column with its centre at (x, y), and say it in words as a tooltip."""
    mark = row.marks.get(column.key)
    hint = f"{clean(row.name)}, {clean(column.title)}: {words(column, mark)}"
    return tag("g", {}, tag("title", {}, escape(hint)) + _mark(column, mark, x, y))


def _mark(column: Column, mark: Mark | None, x: int, y: int) -> str:
    level = column.level(mark)
    if level is None or mark is None:
        spot = {"class": "bias-open", "x1": x - 4, "x2": x + 4, "y1": y, "y2": y, "stroke": "currentColor"}
        return tag("line", {**spot, "stroke-opacity": 0.6})
    return _disc(level, x, y, confirmed=mark.confirmed)


def _disc(level: Level, x: int, y: int, *, confirmed: bool = True) -> str:
    tone = TONES[level.tone]
    look = {"fill": tone.fill, "stroke": INK, "stroke-width": 0.8} if confirmed else _DASHED
    name = f"bias-mark {tone.name}" + ("" if confirmed else " bias-proposed")
    disc = tag("circle", {"class": name, "cx": x, "cy": y, "r": RADIUS, **look})
    ink = {"fill": INK} if confirmed else {}
    shape = {"class": "bias-sign", "x": x, "y": y + 5, "text-anchor": "middle", "font-weight": "bold", **ink}
    return disc + (tag("text", shape, escape(level.sign)) if level.sign else "")


def head(column: Column, x: int, y: int) -> str:
    """Write a column's short name centred at x, on the baseline y; its title is the tooltip."""
    hint = tag("title", {}, escape(clean(column.title)))
    shape = {"class": "bias-head", "x": x, "y": y, "text-anchor": "middle", "font-weight": "bold"}
    return tag("text", shape, hint + escape(column.head))


def legend_items(heads: Sequence[Column]) -> list[tuple[Level | None, int]]:
    """List what a legend names, each with its width in pixels; None is what nobody confirmed."""
    levels = _levels(heads)
    shown: list[Level | None] = [*levels] if len(levels) <= FEW_LEVELS else []
    return [(level, 2 * RADIUS + 18 + 8 * len(_label(level))) for level in [*shown, None]]


def legend_item(level: Level | None, x: int, y: int) -> Iterator[str]:
    """Draw one item of a legend with its left edge at x."""
    if level is None:
        yield tag("circle", {"class": "bias-mark bias-proposed", "cx": x + RADIUS, "cy": y, "r": RADIUS, **_DASHED})
    else:
        yield _disc(level, x + RADIUS, y)
    yield text(_label(level), x + 2 * RADIUS + 6, y + 5, name="bias-legend")


def _label(level: Level | None) -> str:
    return level.label if level else "Not confirmed"


def _levels(heads: Sequence[Column]) -> tuple[Level, ...]:
    """The levels that a legend names: each tone with its sign once, in the order of their first domain."""
    every = {(level.tone, level.sign): level for column in reversed(heads) for level in reversed(column.levels)}
    first = {(level.tone, level.sign): level for level in heads[0].levels}
    return tuple({**first, **{key: level for key, level in every.items() if key not in first}}.values())
