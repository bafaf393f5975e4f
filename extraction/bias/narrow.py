"""The two plots for a phone: each name above its marks or its bar, so that nothing lies outside the screen.

Beside the wide plots in a page, which shows one or the other by its width; files are always wide.
"""

from collections.abc import Sequence

from extraction.bias.bars import HEIGHT, bar, scale, spread
from extraction.bias.instrument import Instrument
from extraction.bias.marks import RADIUS, head, judgement, legend_item, legend_items
from extraction.bias.plots import described, summary_title, title_of
from extraction.bias.rows import NOT_JUDGED, Column, Row, columns
from extraction.bias.svg import LEADING, document, tag, text, wrap

MARGIN, ROOM, STEP = 4, 332, 2 * RADIUS + 4  # a mark with a little air, where an instrument has many
NAME_LINES = 4


def narrow_traffic_light(instrument: Instrument, rows: Sequence[Row]) -> str:
    """Draw every judgement of every row under the row's name; a row without any says so in a line."""
    heads = columns(instrument)
    sheet = _Sheet(max(ROOM, STEP * len(heads)))
    for row in rows:
        sheet.rule()
        sheet.words(row.name, "bias-name")
        if any(column.level(row.marks.get(column.key)) for column in heads):
            _marks(sheet, row, heads)
        else:
            sheet.words(NOT_JUDGED, "bias-legend")
        sheet.top += 8
    _legend(sheet, heads)
    for column in heads:
        sheet.words(f"{column.head}: {column.title}", "bias-legend")
    return sheet.drawn(title_of(instrument), described(heads, rows))


def narrow_summary(instrument: Instrument, rows: Sequence[Row], *, weighted: bool = False) -> str:
    """Draw the shares of each domain under its name."""
    heads = columns(instrument)
    sheet = _Sheet(ROOM)
    for column in heads:
        sheet.words(column.title, "bias-name")
        sheet.parts += bar(column, rows, MARGIN, sheet.top + 2, ROOM, weighted=weighted)
        sheet.top += HEIGHT + 12
    sheet.parts += scale(MARGIN, sheet.top - 6, ROOM, inside=True)
    sheet.top += 30
    _legend(sheet, heads)
    return sheet.drawn(summary_title(instrument, weighted=weighted), spread(heads, rows, weighted=weighted))


class _Sheet:
    """What is drawn so far from the top down, and how far down that is."""

    def __init__(self, room: int) -> None:
        self.room, self.top = room, MARGIN
        self.parts: list[str] = []

    def rule(self) -> None:
        line = {"x1": MARGIN, "x2": MARGIN + self.room, "y1": self.top, "y2": self.top}
        self.parts.append(tag("line", {"class": "bias-rule", **line, "stroke": "currentColor", "stroke-opacity": 0.2}))
        self.top += 6

    def words(self, said: str, name: str) -> None:
        for line in wrap(said, self.room, NAME_LINES):
            self.parts.append(text(line, MARGIN, self.top + 14, name=name))
            self.top += LEADING + 3

    def drawn(self, title: str, description: str) -> str:
        width, height = self.room + 2 * MARGIN, self.top + MARGIN
        return document(title, description, width, height, self.parts, look="is-narrow")


def _marks(sheet: _Sheet, row: Row, heads: Sequence[Column]) -> None:
    step = sheet.room // len(heads)
    for at, column in enumerate(heads):
        x = MARGIN + step * at + step // 2
        sheet.parts.append(head(column, x, sheet.top + 18))
        sheet.parts.append(judgement(row, column, x, sheet.top + 26 + RADIUS))
    sheet.top += 26 + 2 * RADIUS + 2


def _legend(sheet: _Sheet, heads: Sequence[Column]) -> None:
    x = MARGIN
    for level, width in legend_items(heads):
        if x > MARGIN and x + width > MARGIN + sheet.room:
            x, sheet.top = MARGIN, sheet.top + 2 * RADIUS + 6
        sheet.parts += legend_item(level, x, sheet.top + RADIUS + 4)
        x += width
    sheet.top += 2 * RADIUS + 12
