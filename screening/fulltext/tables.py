"""Does a page hold a table? A guess from ruled lines and from words that stand under each other in columns."""

from collections.abc import Sequence
from itertools import pairwise

from screening.fulltext.layout import Line
from screening.fulltext.words import Box

_RULES = 3  # above the head, under the head, at the end
_APART = 24.0  # points between the first and the last of them
_EDGE = 4.0  # points by which edges of a column may differ
_ROWS = 3
_CELLS = 3
_CELL_GAP = 0.9  # of a line's height, between two cells of a row


def has_table(blocks: Sequence[Sequence[Line]], rules: Sequence[Box]) -> bool:
    """Three rules of the same width under each other, or three rows of three cells in line."""
    return _ruled(rules) or _aligned([line for block in blocks for line in block])


def _ruled(rules: Sequence[Box]) -> bool:
    for first in rules:
        alike = [rule for rule in rules if abs(rule[0] - first[0]) <= _EDGE and abs(rule[2] - first[2]) <= _EDGE]
        heights = sorted({round(rule[1]) for rule in alike})
        if len(heights) >= _RULES and heights[-1] - heights[0] >= _APART:
            return True
    return False


def _aligned(lines: Sequence[Line]) -> bool:
    rows = 1
    for above, below in pairwise([_cells(line) for line in lines]):
        alike = len(above) >= _CELLS and len(below) >= _CELLS and _matches(above, below) >= _CELLS
        rows = rows + 1 if alike else 1
        if rows >= _ROWS:
            return True
    return False


def _cells(line: Line) -> list[tuple[float, float]]:
    cells: list[tuple[float, float]] = []
    for token in line:
        left, _, right, _ = token.line
        if cells and left - cells[-1][1] < _CELL_GAP * token.height:
            cells[-1] = cells[-1][0], right
        else:
            cells.append((left, right))
    return cells


def _matches(above: Sequence[tuple[float, float]], below: Sequence[tuple[float, float]]) -> int:
    """Cells of a row that begin, end or are centred under one of the row above."""
    return sum(1 for cell in below if any(_in_line(cell, other) for other in above))


def _in_line(cell: tuple[float, float], other: tuple[float, float]) -> bool:
    left, right = cell[0] - other[0], cell[1] - other[1]
    return min(abs(left), abs(right), abs(left + right) / 2) <= _EDGE
