"""The traffic-light plot (studies × domains) and the summary plot (share of each judgement by domain), as SVG.

After McGuinness LA, Higgins JPT. Risk-of-bias VISualization (robvis). Res Synth Methods 2021;12:55–61. The same input
gives the same bytes. A judgement that nobody confirmed is an empty, dashed mark and is not counted in the summary.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape

from extraction.bias.instrument import Instrument, Level
from extraction.bias.rows import Column, Mark, Row, Share, columns, percent, shares, words
from extraction.bias.svg import INK, TONES, clean, document, tag, text

MARGIN, NAME, STEP, LINE, RADIUS = 12, 440, 58, 36, 13
BAR_NAME, BAR, BAR_HEIGHT = 330, 520, 24
TICKS = (0, 25, 50, 75, 100)
FEW_LEVELS = 6  # stars have more: each mark then is its number, and a legend of ten colours would say nothing


def traffic_light(instrument: Instrument, rows: Sequence[Row], *, standalone: bool = False) -> str:
    """Draw every judgement of every row; a row that lacks one has an open place. Rows keep their order."""
    heads = columns(instrument)
    legend = list(_legend(heads, MARGIN, MARGIN + LINE * (len(rows) + 1) + 24))
    names = list(_names(heads, MARGIN + LINE * (len(rows) + 1) + 24 + 26))
    width = 2 * MARGIN + NAME + STEP * len(heads) + 10
    height = MARGIN + LINE * (len(rows) + 1) + 24 + 26 + 19 * len(heads) + MARGIN
    parts = [
        *(_head(column, _x(at), MARGIN + 22) for at, column in enumerate(heads)),
        *(part for at, row in enumerate(rows) for part in _row(row, heads, MARGIN + LINE * (at + 1))),
        *legend,
        *names,
    ]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    description = f"{count} by {len(heads)} judgements. The table beside this plot says the same in words."
    title = f"{instrument.title}: risk of bias of each study"
    return document(title, description, max(width, _legend_end(heads)), height, parts, standalone=standalone)


def _x(at: int) -> int:
    return MARGIN + NAME + STEP * at + STEP // 2


def _head(column: Column, x: int, y: int) -> str:
    hint = tag("title", {}, escape(clean(column.title)))
    shape = {"class": "bias-head", "x": x, "y": y, "text-anchor": "middle", "font-weight": "bold"}
    return tag("text", shape, hint + escape(column.head))


def _row(row: Row, heads: Sequence[Column], top: int) -> Iterator[str]:
    line = {"x1": MARGIN, "x2": _x(len(heads) - 1) + STEP // 2, "y1": top, "y2": top}
    yield tag("line", {"class": "bias-rule", **line, "stroke": "currentColor", "stroke-opacity": 0.2})
    yield text(row.name, MARGIN, top + LINE // 2 + 5, room=NAME - 12, name="bias-name")
    for at, column in enumerate(heads):
        mark = row.marks.get(column.key)
        hint = f"{clean(row.name)}, {clean(column.title)}: {words(column, mark)}"
        yield tag("g", {}, tag("title", {}, escape(hint)) + _mark(column, mark, _x(at), top + LINE // 2))


def _mark(column: Column, mark: Mark | None, x: int, y: int) -> str:
    level = column.level(mark)
    if level is None or mark is None:
        spot = {"class": "bias-open", "x1": x - 4, "x2": x + 4, "y1": y, "y2": y, "stroke": "currentColor"}
        return tag("line", {**spot, "stroke-opacity": 0.6})
    return _disc(level, x, y, confirmed=mark.confirmed)


def _disc(level: Level, x: int, y: int, *, confirmed: bool = True) -> str:
    tone = TONES[level.tone]
    look = {"fill": tone.fill, "stroke": INK, "stroke-width": 0.8}
    if not confirmed:
        look = {"fill": "none", "stroke": "currentColor", "stroke-width": 1.4, "stroke-dasharray": "3 2.5"}
    name = f"bias-mark {tone.name}" + ("" if confirmed else " bias-proposed")
    disc = tag("circle", {"class": name, "cx": x, "cy": y, "r": RADIUS, **look})
    ink = {"fill": INK} if confirmed else {}
    shape = {"class": "bias-sign", "x": x, "y": y + 5, "text-anchor": "middle", "font-weight": "bold", **ink}
    return disc + (tag("text", shape, escape(level.sign)) if level.sign else "")


def _levels(heads: Sequence[Column]) -> tuple[Level, ...]:
    """The levels that a legend names: each tone with its sign once, in the order of their first domain."""
    every = {(level.tone, level.sign): level for column in reversed(heads) for level in reversed(column.levels)}
    first = {(level.tone, level.sign): level for level in heads[0].levels}
    return tuple({**first, **{key: level for key, level in every.items() if key not in first}}.values())


def _legend(heads: Sequence[Column], x: int, y: int) -> Iterator[str]:
    for level in _levels(heads) if len(_levels(heads)) <= FEW_LEVELS else ():
        yield _disc(level, x + RADIUS, y, confirmed=True)
        yield text(level.label, x + 2 * RADIUS + 6, y + 5, name="bias-legend")
        x += 2 * RADIUS + 18 + 8 * len(level.label)
    dashed = {"fill": "none", "stroke": "currentColor", "stroke-width": 1.4, "stroke-dasharray": "3 2.5"}
    yield tag("circle", {"class": "bias-mark bias-proposed", "cx": x + RADIUS, "cy": y, "r": RADIUS, **dashed})
    yield text("Not confirmed", x + 2 * RADIUS + 6, y + 5, name="bias-legend")


def _legend_end(heads: Sequence[Column]) -> int:
    levels = _levels(heads)
    shown = [level.label for level in levels] if len(levels) <= FEW_LEVELS else []
    return 2 * MARGIN + sum(2 * RADIUS + 18 + 8 * len(label) for label in [*shown, "Not confirmed"])


def _names(heads: Sequence[Column], y: int) -> Iterator[str]:
    for at, column in enumerate(heads):
        yield text(f"{column.head}: {column.title}", MARGIN, y + 19 * at + 14, name="bias-legend")


def summary(instrument: Instrument, rows: Sequence[Row], *, weighted: bool = False, standalone: bool = False) -> str:
    """Draw, for each domain, the share of rows at each level; by the rows' weights where `weighted`."""
    heads = columns(instrument)
    bottom = MARGIN + LINE * len(heads)
    parts = [
        part for at, column in enumerate(heads) for part in _bar(column, rows, MARGIN + LINE * at, weighted=weighted)
    ]
    parts += [part for tick in TICKS for part in _tick(tick, bottom)]
    parts += list(_legend(heads, MARGIN, bottom + 52))
    how = "weighted by each study's weight" if weighted else "each row counted once"
    said = "; ".join(_said(column, shares(column, rows, weighted=weighted)) for column in heads)
    title = f"{instrument.title}: share of each judgement, {how}"
    width = max(2 * MARGIN + BAR_NAME + BAR + 14, _legend_end(heads))
    return document(title, f"{said}.", width, bottom + 52 + RADIUS + MARGIN, parts, standalone=standalone)


def _said(column: Column, found: Sequence[Share]) -> str:
    spread = ", ".join(f"{share.level.label} {percent(share.part)}" for share in found)
    return f"{column.title}: {spread or 'nothing to count'}"


def _bar(column: Column, rows: Sequence[Row], top: int, *, weighted: bool) -> Iterator[str]:
    yield text(column.title, MARGIN, top + 17, room=BAR_NAME - 12, name="bias-name")
    left = Decimal(MARGIN + BAR_NAME)
    for share in shares(column, rows, weighted=weighted):
        wide = share.part * BAR
        yield _segment(column, share, left, wide, top)
        left += wide


def _segment(column: Column, share: Share, left: Decimal, wide: Decimal, top: int) -> str:
    tone = TONES[share.level.tone]
    frame = {"x": _short(left), "y": top, "width": _short(wide), "height": BAR_HEIGHT}
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


def _tick(tick: int, bottom: int) -> Iterator[str]:
    x = MARGIN + BAR_NAME + BAR * tick // 100
    yield tag("line", {"x1": x, "x2": x, "y1": bottom - 8, "y2": bottom - 2, "stroke": "currentColor"})
    yield text(f"{tick}%", x, bottom + 14, name="bias-tick", text_anchor="middle")


def _short(number: Decimal) -> str:
    """Write a coordinate with two decimals at most, so that the same plot has the same bytes everywhere."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
