"""Reading order: a page's words as regions, blocks and lines, and these as one text with the place of each word."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from screening.fulltext.characters import seen_hyphen
from screening.fulltext.columns import regions
from screening.fulltext.words import Box, Token

_SAME_LINE = 0.5  # of the lower word's height
_BLOCK_GAP = 0.6  # of a line's height, between blocks
_LOOSE = 1.6  # times the usual gap of a region, where that is wide already
_RESIZED = 1.3  # a heading's size against the text's
_HEAD_GAP = 0.9  # of a line's height, between a running head or foot and the text
_MOST_HEADS = 3  # lines of a head or foot
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")  # Hebrew, Arabic and their neighbours

Line = list[Token]


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of the text: `text[start:end]`, drawn by `token`."""

    start: int
    end: int
    token: Token


def blocks(tokens: Sequence[Token], rules: Sequence[Box] = ()) -> list[list[Line]]:
    """Tokens as blocks of lines in reading order. Text that runs in another direction comes after the main one."""
    by_quarter: dict[int, list[Token]] = defaultdict(list)
    for token in tokens:
        by_quarter[token.quarter].append(token)
    found: list[list[Line]] = []
    for quarter, group in sorted(by_quarter.items(), key=lambda item: -len(item[1])):
        for region in _page_regions(group, rules if quarter == 0 else ()):
            found += _blocks(_lines(region))
    return found


def written(parts: Iterable[list[Line]], offset: int = 0) -> tuple[str, list[Placed]]:
    """The text of blocks and the place of each word in it, counted from `offset`."""
    pieces: list[str] = []
    placed: list[Placed] = []
    at = offset
    for block in parts:
        between = "\n\n" if pieces else ""
        for line in block:
            for position, token in enumerate(line):
                word = seen_hyphen(token.text, ends_line=position == len(line) - 1)
                if not word:
                    continue
                at += len(between) + len(word)
                pieces += (between, word)
                placed.append(Placed(at - len(word), at, token))
                between = " "
            between = "\n"
    return "".join(pieces), placed


def _page_regions(tokens: Sequence[Token], rules: Sequence[Box]) -> list[list[Token]]:
    """Running heads and feet apart, because they would stand between two columns otherwise; then columns."""
    heads, rest = _peeled(list(tokens), upper=True)
    feet, body = _peeled(rest, upper=False)
    return [*heads, *regions(body, rules), *reversed(feet)]


def _peeled(tokens: list[Token], *, upper: bool) -> tuple[list[list[Token]], list[Token]]:
    """Up to three lines at an edge that a gap over the whole width parts from the rest."""
    ends = sorted(tokens, key=lambda token: token.line[1] if upper else -token.line[3])
    found: list[list[Token]] = []
    start = 0
    for at in range(1, len(ends)):
        if len(found) == _MOST_HEADS:
            break
        here, before = ends[at].line, ends[start:at]
        edge = max(token.line[3] for token in before) if upper else min(token.line[1] for token in before)
        gap = here[1] - edge if upper else edge - here[3]
        tall = max(token.height for token in before)
        reach = max(token.line[3] for token in before) - min(token.line[1] for token in before)
        if reach > 2 * tall:  # not a line any more
            break
        if gap >= _HEAD_GAP * tall:
            found.append(before)
            start = at
    return found, ends[start:]


def _lines(tokens: Sequence[Token]) -> list[Line]:
    lines: list[tuple[list[float], Line]] = []  # top and bottom of the tallest word, words
    for token in sorted(tokens, key=lambda token: token.line[1] + token.line[3]):
        top, bottom = token.line[1], token.line[3]
        for reach, line in reversed(lines[-2:]):
            overlap = min(bottom, reach[1]) - max(top, reach[0])
            if overlap > _SAME_LINE * min(bottom - top, reach[1] - reach[0]):
                line.append(token)
                if bottom - top > reach[1] - reach[0]:
                    reach[:] = top, bottom
                break
        else:
            lines.append(([top, bottom], [token]))
    return [_in_order(line) for _, line in lines]


def _in_order(line: Line) -> Line:
    letters = "".join(token.text for token in line)
    backward = not letters.isascii() and len(_RTL.findall(letters)) > len(letters) / 2
    return sorted(line, key=lambda token: -token.line[2] if backward else token.line[0])


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines parted where the gap or the size of the letters changes more than from line to line."""
    if not lines:
        return []
    reach = [
        (min(t.line[1] for t in line), max(t.line[3] for t in line), max(t.height for t in line)) for line in lines
    ]
    gaps = [below[0] - above[1] for above, below in pairwise(reach)]
    usual = median(gaps) if gaps else 0.0
    found = [[lines[0]]]
    for gap, (above, below), line in zip(gaps, pairwise(reach), lines[1:], strict=True):
        low, high = sorted((above[2], below[2]))
        if gap > max(_BLOCK_GAP * low, _LOOSE * usual) or high > _RESIZED * low:
            found.append([])
        found[-1].append(line)
    return found
