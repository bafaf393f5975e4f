"""Where everything stands: boxes as tall as their text, rows as tall as their boxes. Units: SVG user units (px)."""

from dataclasses import dataclass
from itertools import pairwise

from screening.prisma.boxes import TITLE, Box, Entry, Row
from screening.prisma.font import width
from screening.prisma.text import clean, wrap

SIZE = 13  # font
LINE = 18
PAD_X, PAD_Y = 12, 10
MARGIN = 10
BAR = 30  # breadth of the phase bars and of the title
COLUMN = 330
LEFT = MARGIN + BAR + 16
RIGHT = LEFT + COLUMN + 60
WIDTH = RIGHT + COLUMN + MARGIN
TRUNK = LEFT + COLUMN // 2
INDENT = 16
ROW_GAP = 30
ENTRY_GAP = 4
LOWEST_ARROW = 22  # how far below the top of a row the arrow to the right may start, at least


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text by its left baseline point; `count` is drawn after `text`."""

    x: int
    y: int
    text: str
    count: str = ""


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    entry: Entry
    top: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PlacedBox:
    box: Box
    x: int
    y: int
    height: int
    entries: tuple[PlacedEntry, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    x1: int
    y1: int
    x2: int
    y2: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of a phase, or of the title: its label runs upwards, or stands across it on `lines`."""

    label: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    width: int
    height: int
    boxes: tuple[PlacedBox, ...]
    arrows: tuple[Arrow, ...]
    bars: tuple[Bar, ...]
    notes: tuple[tuple[str, Line], ...]


def plan(rows: tuple[Row, ...], notes: tuple[tuple[str, str], ...] = ()) -> Plan:
    """Place the rows under each other, then the notes, each a (class name, sentence)."""
    boxes: list[PlacedBox] = []
    arrows: list[Arrow] = []
    spans: dict[str, tuple[int, int]] = {}
    y = MARGIN + BAR + 16
    for row in rows:
        left = place(row.left, LEFT, y) if row.left else None
        right = place(row.right, RIGHT, y) if row.right else None
        placed = [box for box in (left, right) if box]
        bottom = max(box.y + box.height for box in placed)
        if rows[-1] is row or row.phase == "Identification":
            bottom = max(bottom, y + _bar_need(row.phase))
        boxes += placed
        arrows += [_sideways(left, right)] if right else []
        spans[row.phase] = (spans.get(row.phase, (y, y))[0], bottom)
        y = bottom + ROW_GAP
    title = Bar(TITLE, LEFT, MARGIN, WIDTH - LEFT - MARGIN, BAR, (TITLE,))
    phases = [Bar(phase, MARGIN, top, BAR, bottom - top) for phase, (top, bottom) in spans.items()]
    lines, end = written(notes, LEFT, y - ROW_GAP, (WIDTH - LEFT - MARGIN - 2 * PAD_X) / SIZE)
    return Plan(WIDTH, end + MARGIN, tuple(boxes), (*arrows, *_downwards(boxes)), (title, *phases), lines)


def place(box: Box, x: int, y: int) -> PlacedBox:
    """Break a box's entries into lines and stack them."""
    top = y + PAD_Y
    entries: list[PlacedEntry] = []
    for entry in box.entries:
        entries.append(PlacedEntry(entry, top, _lines(entry, x + PAD_X, top)))
        top += LINE * len(entries[-1].lines) + ENTRY_GAP
    return PlacedBox(box, x, y, top - ENTRY_GAP + PAD_Y - y, tuple(entries))


def _lines(entry: Entry, x: int, top: int) -> tuple[Line, ...]:
    x += entry.indent * INDENT
    room = (COLUMN - 2 * PAD_X - entry.indent * INDENT) / SIZE
    texts = [(text, "") for text in wrap(clean(entry.label) + entry.mark, room, bold=entry.n is None)]
    if entry.n is not None:
        count = f"(n = {entry.n:,})"
        last = texts[-1][0]
        fits = not entry.below and width(last + " ") + width(count, bold=True) <= room
        texts = [*texts[:-1], (last, count)] if fits else [*texts, ("", count)]
    return tuple(Line(x, top + LINE * i + SIZE, text, count) for i, (text, count) in enumerate(texts))


def _bar_need(phase: str) -> int:
    return round(width(phase, bold=True) * SIZE) + 16


def _sideways(left: PlacedBox | None, right: PlacedBox) -> Arrow:
    """From the box at the left, or for an open box from the trunk that passes it."""
    reach = min(left.height, right.height) if left else right.height
    y = right.y + max(reach // 2, LOWEST_ARROW)
    return Arrow(LEFT + COLUMN if left else TRUNK, y, RIGHT, y, open=right.box.open)


def _downwards(boxes: list[PlacedBox]) -> tuple[Arrow, ...]:
    trunk = [box for box in boxes if box.x == LEFT]
    pairs = pairwise(trunk)
    return tuple(Arrow(TRUNK, upper.y + upper.height, TRUNK, lower.y) for upper, lower in pairs)


def written(
    notes: tuple[tuple[str, str], ...], x: int, y: int, room: float
) -> tuple[tuple[tuple[str, Line], ...], int]:
    """Break the notes into lines of `room` em below `y`; the lines, and where they end."""
    lines: list[tuple[str, Line]] = []
    for kind, sentence in notes:
        y += LINE // 2
        for text in wrap(clean(sentence), room, bold=True):
            y += LINE
            lines.append((kind, Line(x, y, text)))
    return tuple(lines), y
