"""Words of one page from pdfium's characters: their text, and where they stand.

Two frames: `box` is in points of the page as displayed, from the top left; `line` is the same box turned so that the
word reads from left to right, whatever way it runs on the page. Layout works in the second, viewers in the first.
"""

import ctypes
import math
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from screening.fulltext.characters import BROKEN_WORD, cleaned
from screening.fulltext.pdfium import Rectangle, library

Box = tuple[float, float, float, float]  # x0, y0, x1, y1; y0 is the upper edge

MOST_CHARACTERS = 400_000  # on one page; a page of print has 10,000

_RUN = re.compile(rf"[^\s\x00{BROKEN_WORD}]+[{BROKEN_WORD}]?|[{BROKEN_WORD}]")
_UNKNOWN = re.compile("\ufffd")  # pdfium's text says so for a broken word too
_PAIRED = re.compile("[\ud800-\udfff]")
_JUMP = 0.8  # of a line's height: more than a subscript, less than a line
_WIDE = 2.0  # line heights from the start of a character to the end of the next
_WIDEST = 3.0  # characters of a word are on average never wider than this many heights


class TooMuch(ValueError):
    """More on one page than a page can hold."""


@dataclass(slots=True)
class Token:
    """A word as found; `quarter` is its direction, in quarter turns to the left of what is displayed."""

    text: str
    box: Box
    line: Box
    quarter: int
    paint: int  # address of the text object that draws it
    odd: int = 0

    @property
    def height(self) -> float:
        """Of its line, whatever letters are in the word."""
        return self.line[3] - self.line[1]


@dataclass(frozen=True, slots=True)
class View:
    """A page as displayed: its crop box in the PDF's own coordinates, its rotation in quarter turns to the right."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        across, up = self.right - self.left, self.top - self.bottom
        return (up, across) if self.turns % 2 else (across, up)

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the PDF's coordinates as displayed."""
        if self.turns == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.turns == 1:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.turns == 2:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left


def view_of(page: int) -> View:
    """How `page` (a pdfium handle) is displayed: crop box cut to the media box, rotation."""
    pdfium, box = library(), Rectangle()
    if not pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(box)) or not _sound(box):
        box = Rectangle(0.0, 792.0, 612.0, 0.0)
    return View(box.left, box.bottom, box.right, box.top, pdfium.FPDFPage_GetRotation(page) % 4)


def tokens(page: int, view: View, differ: Callable[[int, int], bool]) -> list[Token]:
    """Words of `page` in the order in which the PDF draws them.

    `differ` says of two text objects whether one is seen and the other is not: a word is parted there. Raises TooMuch.
    """
    pdfium = library()
    text_page = pdfium.FPDFText_LoadPage(page)
    if not text_page:
        return []
    try:
        return list(_Reader(text_page, view, differ).tokens())
    finally:
        pdfium.FPDFText_ClosePage(text_page)


class _Reader:
    """One text page of pdfium, read run by run: most words cost two boxes, one angle and two objects."""

    def __init__(self, text_page: int, view: View, differ: Callable[[int, int], bool]) -> None:
        self.pdfium, self.handle, self.view, self.differ = library(), text_page, view, differ
        self.rectangle = Rectangle()
        self.reference = ctypes.byref(self.rectangle)
        self.codes = self._codes()

    def tokens(self) -> Iterator[Token]:
        for run in _RUN.finditer(self.codes):
            start, end = run.span()
            whole = self._token(start, end, _WIDEST * (end - start))
            if whole:
                yield whole
            else:
                yield from self._parted(start, end)

    def _codes(self) -> str:
        """One character for each of pdfium's, so that an index in the one is an index in the other."""
        count = self.pdfium.FPDFText_CountChars(self.handle)
        if count > MOST_CHARACTERS:
            raise TooMuch
        units = (ctypes.c_ushort * (count + 1))()
        written = self.pdfium.FPDFText_GetText(self.handle, 0, count, units) - 1
        text = "".join(map(chr, units[: max(written, 0)]))
        if written != count or _PAIRED.search(text):
            return "".join(self._unicode(at) for at in range(max(count, 0)))
        return _UNKNOWN.sub(lambda found: self._unicode(found.start()), text)

    def _unicode(self, at: int) -> str:
        code = self.pdfium.FPDFText_GetUnicode(self.handle, at)
        return chr(code) if code <= sys.maxunicode else "\ufffd"

    def _parted(self, start: int, end: int) -> Iterator[Token]:
        """A run of characters without a space, parted where it jumps, turns or goes out of sight."""
        first = start
        for at in range(start + 1, end + 1):
            if at == end or self._token(at - 1, at + 1, _WIDE) is None:
                token = self._token(first, at, math.inf, whole=True)
                if token:
                    yield token
                first = at

    def _token(self, start: int, end: int, widest: float, *, whole: bool = False) -> Token | None:
        """Characters as one word; None where they are not one, unless `whole` says that they are."""
        last = end - 1
        a, quarter, paint = self._box(start), self._quarter(start), self._object(start)
        b = box = a
        if last != start:
            b = self._box(last)
            box = min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
        if not math.isfinite(sum(box)):
            return None
        if last != start and not whole:
            other = self._object(last)
            apart = paint != other and self.differ(paint, other)
            if apart or quarter != self._quarter(last) or _jumps(_turned(a, quarter), _turned(b, quarter), widest):
                return None
        text, odd = cleaned(self.codes[start:end])
        return Token(text, box, _turned(box, quarter), quarter, paint, odd) if text else None

    def _box(self, at: int) -> Box:
        self.pdfium.FPDFText_GetLooseCharBox(self.handle, at, self.reference)
        found = self.rectangle
        return self.view.box(found.left, found.bottom, found.right, found.top)

    def _quarter(self, at: int) -> int:
        angle = self.pdfium.FPDFText_GetCharAngle(self.handle, at)
        turns = round(-angle / (math.pi / 2)) if math.isfinite(angle) else 0
        return (turns - self.view.turns) % 4 if self.view.turns else turns % 4

    def _object(self, at: int) -> int:
        return self.pdfium.FPDFText_GetTextObject(self.handle, at) or 0


def _jumps(first: Box, last: Box, widest: float) -> bool:
    """Another line, backwards, or further away than a word is wide (in line heights)."""
    height = max(first[3] - first[1], last[3] - last[1])
    if height <= 0 or last[2] <= last[0]:  # a character without a box says nothing
        return False
    if abs((first[1] + first[3]) - (last[1] + last[3])) / 2 > _JUMP * height:
        return True
    return last[0] < first[0] - height / 2 or last[2] - first[0] > widest * height + first[2] - first[0]


def _turned(box: Box, quarter: int) -> Box:
    x0, y0, x1, y1 = box
    if quarter == 0:
        return box
    if quarter == 1:
        return -y1, x0, -y0, x1
    return (-x1, -y1, -x0, -y0) if quarter == 2 else (y0, -x1, y1, -x0)


def _sound(box: Rectangle) -> bool:
    return all(map(math.isfinite, (box.left, box.bottom, box.right, box.top))) and (
        box.right > box.left and box.top > box.bottom
    )
