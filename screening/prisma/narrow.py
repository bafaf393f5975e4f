"""Where everything stands on a phone: one column, each way out under the box that it leaves, beside the trunk."""

from itertools import pairwise

from screening.prisma.boxes import TITLE, Row
from screening.prisma.layout import COLUMN, LINE, MARGIN, SIZE, Arrow, Bar, PlacedBox, Plan, place, written
from screening.prisma.text import wrap

STEP = 26  # how far boxes of the way out stand to the right
TRUNK = MARGIN + STEP // 2
WIDTH = MARGIN + STEP + COLUMN + 2
GAP = 12
BAND = 26


def narrow_plan(rows: tuple[Row, ...], notes: tuple[tuple[str, str], ...] = ()) -> Plan:
    """Place the rows under each other as `layout.plan` does, in the breadth of a phone."""
    boxes: list[PlacedBox] = []
    bars = [_title()]
    y = bars[0].y + bars[0].height
    for row in rows:
        if row.phase != bars[-1].label:
            bars.append(Bar(row.phase, MARGIN, y + GAP, WIDTH - MARGIN, BAND, (row.phase,)))
            y += GAP + BAND
        for box, x in ((row.left, MARGIN), (row.right, MARGIN + STEP)):
            if box:
                boxes.append(place(box, x, y + GAP))
                y = boxes[-1].y + boxes[-1].height
    lines, end = written(notes, MARGIN, y, (WIDTH - MARGIN) / SIZE)
    return Plan(WIDTH, end + MARGIN, tuple(boxes), _arrows(boxes), tuple(bars), lines)


def _title() -> Bar:
    lines = tuple(wrap(TITLE, (WIDTH - MARGIN - 16) / SIZE, bold=True))
    return Bar(TITLE, MARGIN, MARGIN, WIDTH - MARGIN, 8 + LINE * len(lines), lines)


def _arrows(boxes: list[PlacedBox]) -> tuple[Arrow, ...]:
    """Down the trunk from box to box, and out of it to what leaves."""
    trunk = [box for box in boxes if box.x == MARGIN]
    aside = [box for box in boxes if box.x != MARGIN]
    out = [Arrow(TRUNK, box.y + box.height // 2, box.x, box.y + box.height // 2, open=box.box.open) for box in aside]
    down = [Arrow(TRUNK, upper.y + upper.height, TRUNK, lower.y) for upper, lower in pairwise(trunk)]
    return (*out, *down)
