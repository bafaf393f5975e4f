"""The traffic-light plot (studies × domains) and the summary plot (share of each judgement by domain), as SVG.

After McGuinness LA, Higgins JPT. Risk-of-bias VISualization (robvis). Res Synth Methods 2021;12:55–61. The same input
gives the same bytes. A judgement that nobody confirmed is an empty, dashed mark and is not counted in the summary.
"""

from collections.abc import Iterator, Sequence

from extraction.bias.bars import HEIGHT, bar, scale, spread
from extraction.bias.instrument import Instrument
from extraction.bias.marks import RADIUS, head, judgement, legend_item, legend_items
from extraction.bias.rows import Column, Row, columns
from extraction.bias.svg import document, lines, tag, text

MARGIN, NAME, STEP, LINE = 12, 440, 58, 36
BAR_NAME, BAR = 330, 520


def traffic_light(instrument: Instrument, rows: Sequence[Row], *, standalone: bool = False) -> str:
    """Draw every judgement of every row; a row that lacks one has an open place. Rows keep their order."""
    heads = columns(instrument)
    legend = list(_legend(heads, MARGIN + LINE * (len(rows) + 1) + 24))
    names = list(_names(heads, MARGIN + LINE * (len(rows) + 1) + 24 + 26))
    width = 2 * MARGIN + NAME + STEP * len(heads) + 10
    height = MARGIN + LINE * (len(rows) + 1) + 24 + 26 + 19 * len(heads) + MARGIN
    parts = [
        *(head(column, _x(at), MARGIN + 22) for at, column in enumerate(heads)),
        *(part for at, row in enumerate(rows) for part in _row(row, heads, MARGIN + LINE * (at + 1))),
        *legend,
        *names,
    ]
    wide = max(width, _legend_end(heads))
    return document(title_of(instrument), described(heads, rows), wide, height, parts, standalone=standalone)


def title_of(instrument: Instrument) -> str:
    """Name a traffic-light plot."""
    return f"{instrument.title}: risk of bias of each study"


def described(heads: Sequence[Column], rows: Sequence[Row]) -> str:
    """Say how large a traffic-light plot is, and where the same stands in words."""
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return f"{count} by {len(heads)} judgements. The table beside this plot says the same in words."


def _x(at: int) -> int:
    return MARGIN + NAME + STEP * at + STEP // 2


def _row(row: Row, heads: Sequence[Column], top: int) -> Iterator[str]:
    line = {"x1": MARGIN, "x2": _x(len(heads) - 1) + STEP // 2, "y1": top, "y2": top}
    yield tag("line", {"class": "bias-rule", **line, "stroke": "currentColor", "stroke-opacity": 0.2})
    yield from lines(row.name, MARGIN, top + LINE // 2, room=NAME - 12, name="bias-name")
    for at, column in enumerate(heads):
        yield judgement(row, column, _x(at), top + LINE // 2)


def _legend(heads: Sequence[Column], y: int) -> Iterator[str]:
    x = MARGIN
    for level, width in legend_items(heads):
        yield from legend_item(level, x, y)
        x += width


def _legend_end(heads: Sequence[Column]) -> int:
    return 2 * MARGIN + sum(width for _, width in legend_items(heads))


def _names(heads: Sequence[Column], y: int) -> Iterator[str]:
    for at, column in enumerate(heads):
        yield text(f"{column.head}: {column.title}", MARGIN, y + 19 * at + 14, name="bias-legend")


def summary(instrument: Instrument, rows: Sequence[Row], *, weighted: bool = False, standalone: bool = False) -> str:
    """Draw, for each domain, the share of rows at each level; by the rows' weights where `weighted`."""
    heads = columns(instrument)
    bottom = MARGIN + LINE * len(heads)
    parts: list[str] = []
    for at, column in enumerate(heads):
        top = MARGIN + LINE * at
        parts += lines(column.title, MARGIN, top + HEIGHT // 2, room=BAR_NAME - 12, name="bias-name")
        parts += bar(column, rows, MARGIN + BAR_NAME, top, BAR, weighted=weighted)
    parts += scale(MARGIN + BAR_NAME, bottom - 8, BAR)
    parts += _legend(heads, bottom + 52)
    width = max(2 * MARGIN + BAR_NAME + BAR + 14, _legend_end(heads))
    said = spread(heads, rows, weighted=weighted)
    height = bottom + 52 + RADIUS + MARGIN
    return document(summary_title(instrument, weighted=weighted), said, width, height, parts, standalone=standalone)


def summary_title(instrument: Instrument, *, weighted: bool) -> str:
    """Name a summary plot, and say what was counted."""
    how = "weighted by each study's weight" if weighted else "each row counted once"
    return f"{instrument.title}: share of each judgement, {how}"
