"""Columns: a page's words parted into regions, in the order in which a person reads them.

A gutter is a strip free of words that runs down through several lines. The tallest one with prose on both sides parts
the page: what stands above it, its left, its right, what stands below; each part again. A table has such strips too,
but its cells do not fill their columns as prose does, so it stays whole and is read row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from screening.fulltext.words import Box, Token

_GUTTER = 0.65  # least width, in line heights; a word space in justified text is seldom as wide, and never for long
_LEAST_LINES = 3
_FILLED = 0.55  # of a column's width that is words, on average: 0.8 for justified prose, 0.7 for ragged
_CELL_GAP = 0.9  # line heights between two words: more than a space
_CELL = 6.0  # line heights: a shorter piece of text between such gaps is a cell
_CELLED = 0.4  # of the lines have one: they are rows
_NARROWEST = 12.0  # line heights
_ALIKE = 0.6  # widths of two columns of which only one is prose
_TALL = 8.0  # lines, from which on such a pair is believed
_FEWEST_WORDS = 12
_MOST_SLICES = 2_000
_MOST_STRIPS = 48
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Strip:
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def regions(tokens: Sequence[Token], rules: Sequence[Box] = (), depth: int = 0) -> list[list[Token]]:
    """Tokens by region in reading order. `rules` are drawn horizontal lines, in the tokens' own `line` frame."""
    gutter = _gutter(tokens, rules) if len(tokens) >= _FEWEST_WORDS and depth < _DEEPEST else None
    if gutter is None:
        return [list(tokens)] if tokens else []
    parts: list[list[Token]] = [[], [], [], []]
    for token in tokens:
        parts[_part(token.line, gutter)].append(token)
    return [region for part in parts for region in regions(part, rules, depth + 1)]


def _part(box: Box, gutter: _Strip) -> int:
    height = (box[1] + box[3]) / 2
    if height < gutter.top:
        return 0
    if height > gutter.bottom:
        return 3
    return 1 if (box[0] + box[2]) / 2 < gutter.middle else 2


def _gutter(tokens: Sequence[Token], rules: Sequence[Box]) -> _Strip | None:
    boxes = [token.line for token in tokens]
    height = median(box[3] - box[1] for box in boxes)
    if height <= 0:
        return None
    strips = [strip for strip in _strips(boxes, rules, height) if strip.bottom - strip.top >= _LEAST_LINES * height]
    strips.sort(key=lambda strip: (strip.top - strip.bottom, strip.left - strip.right))
    return next((strip for strip in strips if _parts_prose(boxes, strip, height)), None)


def _parts_prose(boxes: Sequence[Box], strip: _Strip, height: float) -> bool:
    beside = [box for box in boxes if strip.top <= (box[1] + box[3]) / 2 <= strip.bottom]
    left = _Side.of([box for box in beside if (box[0] + box[2]) / 2 < strip.middle], height)
    right = _Side.of([box for box in beside if (box[0] + box[2]) / 2 >= strip.middle], height)
    if left.is_prose and right.is_prose:
        return True
    tall = strip.bottom - strip.top >= _TALL * height
    alike = min(left.width, right.width) >= _ALIKE * max(left.width, right.width)
    return tall and alike and (left.is_prose or right.is_prose)


@dataclass(frozen=True, slots=True)
class _Side:
    width: float
    is_prose: bool

    @classmethod
    def of(cls, boxes: Sequence[Box], height: float) -> "_Side":
        if not boxes:
            return cls(0.0, is_prose=False)
        width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
        lines = _rows(boxes, height)
        filled = sum(box[2] - box[0] for box in boxes) / (len(lines) * width) if width > 0 else 0.0
        celled = sum(1 for line in lines if _has_cells(line, height)) / len(lines)
        wide = width >= _NARROWEST * height and len(lines) >= _LEAST_LINES - 1
        return cls(width, is_prose=wide and filled >= _FILLED and celled < _CELLED)


def _rows(boxes: Sequence[Box], height: float) -> list[list[Box]]:
    rows: list[list[Box]] = []
    last = -inf
    for box in sorted(boxes, key=lambda box: box[1] + box[3]):
        middle = (box[1] + box[3]) / 2
        if middle - last > height / 2:
            rows.append([])
        rows[-1].append(box)
        last = middle
    return rows


def _has_cells(row: Sequence[Box], height: float) -> bool:
    """A piece of text that is short and stands apart. Two columns within a side are long pieces."""
    pieces = [[box[0], box[2]] for box in sorted(row)]
    for before, piece in pairwise(pieces):
        if piece[0] - before[1] <= _CELL_GAP * height:
            piece[0] = before[0]
            before[0] = inf  # goes on in the next
    whole = [right - left for left, right in pieces if left < inf]
    return len(whole) > 1 and min(whole) < _CELL * height


def _strips(boxes: Sequence[Box], rules: Sequence[Box], height: float) -> list[_Strip]:
    """Strips free of words and rules, as tall as they go; a strip may get narrower on its way down, to the least."""
    least = _GUTTER * height
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    step = max(height * 0.35, (bottom - top) / _MOST_SLICES)
    count = int((bottom - top) / step) + 1
    taken: list[list[tuple[float, float]]] = [[] for _ in range(count)]
    for box in boxes:
        inset = (box[3] - box[1]) * 0.2  # letters hardly reach the edges of their box; lines may overlap there
        _take(taken, box[0], box[2], int((box[1] + inset - top) / step), int((box[3] - inset - top) / step))
    for rule in rules:
        at = int((rule[1] - top) / step)
        _take(taken, rule[0], rule[2], at, at)
    found: list[_Strip] = []
    going: dict[tuple[float, float], int] = {}
    for at, spans in enumerate([*taken, [(left, right)]]):
        if not spans:
            continue
        free = _free(sorted(spans), left, right, least)
        going, ended = _carried(going, free, at, least)
        found += [_Strip(a, b, top + start * step, top + at * step) for (a, b), start in ended]
    return found


def _take(taken: list[list[tuple[float, float]]], left: float, right: float, first: int, last: int) -> None:
    for at in range(max(first, 0), min(last, len(taken) - 1) + 1):
        taken[at].append((left, right))


def _free(spans: Sequence[tuple[float, float]], left: float, right: float, least: float) -> list[tuple[float, float]]:
    free, at = [], left
    for start, end in spans:
        if start - at >= least:
            free.append((at, start))
        at = max(at, end)
    if right - at >= least:
        free.append((at, right))
    return free


def _carried(
    going: dict[tuple[float, float], int], free: Sequence[tuple[float, float]], at: int, least: float
) -> tuple[dict[tuple[float, float], int], list[tuple[tuple[float, float], int]]]:
    """Strips that go on through one more slice, as wide as it leaves them, and those that end before it."""
    onward: dict[tuple[float, float], int] = dict.fromkeys(free, at)
    ended = []
    for (left, right), start in going.items():
        kept = [(max(left, a), min(right, b)) for a, b in free if min(right, b) - max(left, a) >= least]
        if not kept:
            ended.append(((left, right), start))
        for strip in kept:
            onward[strip] = min(start, onward.get(strip, at))
    if len(onward) > _MOST_STRIPS:
        onward = dict(sorted(onward.items(), key=lambda item: item[1])[:_MOST_STRIPS])
    return onward, ended
