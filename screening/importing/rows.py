"""Lines to rows of a delimited table (RFC 4180 with the liberties of real exports), each with its text and its line.

A quote that is never closed swallows what follows. Such a row costs its first line only: the rest is read again.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from .citation import MAX_ENTRY

# The csv module's own limit is global and 131,072 by default; ours is on the entry. A C long on every platform.
csv.field_size_limit(8 * MAX_ENTRY)

_UNCLOSED = "A quote opens in this row and is not closed; the rows after it were read again on their own."


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row and their text. `fault` says why it can't be read, `remark` what is odd about it."""

    line: int
    cells: list[str]
    raw: str
    fault: str = ""
    remark: str = ""


class _Feed:
    """Lines for csv.reader that can be taken back, and that stop within a row that grows too long."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.size = 0
        self.number = 0
        self.cut = self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.size > MAX_ENTRY:
            self.cut = True
            raise StopIteration
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        self.size += len(line)
        return line

    def begin(self) -> None:
        """A new row begins at the next line."""
        self.number += len(self.taken)
        self.taken, self.size, self.cut = [], 0, False

    def take_back(self) -> None:
        """Let all but the first line of this row be read again."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


class Rows:
    """Iterates over the rows that are not blank. `width` (the header's number of cells) is set once it is known."""

    def __init__(self, lines: Iterable[str], delimiter: str, *, quoted: bool = True) -> None:
        self._feed = _Feed(lines)
        self._delimiter = delimiter
        self._quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
        self.width = 0
        self.blank = 0

    def __iter__(self) -> Iterator[Row]:
        while True:
            self._feed.begin()
            row = self._next()
            if row is None:
                return
            if any(cell and not cell.isspace() for cell in row.cells) or row.fault:
                yield row
            else:
                self.blank += 1

    def _next(self) -> Row | None:
        feed = self._feed
        cells, fault = self._cells()
        if not feed.taken:
            return None
        if not fault and feed.ended:  # asked for a line more than there was: the file ends inside a quoted cell
            fault = _UNCLOSED if self._mostly_rows() else ""
            return self._row(cells, fault, "row whose last text is not closed, perhaps cut off, kept as far as it goes")
        if not fault and self._swallows():
            fault = _UNCLOSED
        return self._row(cells, fault)

    def _row(self, cells: list[str], fault: str, remark: str = "") -> Row:
        feed = self._feed
        if fault == _UNCLOSED:
            feed.take_back()
        return Row(feed.number + 1, [] if fault else cells, "".join(feed.taken), fault, "" if fault else remark)

    def _cells(self) -> tuple[list[str], str]:
        feed = self._feed
        reader = csv.reader(feed, delimiter=self._delimiter, quoting=self._quoting, strict=False)
        try:
            cells = next(reader, [])
        except csv.Error as error:  # a field over the limit
            return [], f"The row cannot be read: {error}."
        if feed.cut:
            return (
                [],
                _UNCLOSED if self._mostly_rows() else f"A quoted text is not closed within {MAX_ENTRY:,} characters.",
            )
        return cells, ""

    def _mostly_rows(self) -> bool:
        """Are at least half of the lines after the first whole rows?"""
        rest = [line for line in self._feed.taken[1:] if not line.isspace()]
        return bool(rest) and 2 * sum(map(self._is_row, rest)) >= len(rest)

    def _swallows(self) -> bool:
        """Several lines in one row are a cell with line breaks, unless lines in its midst are whole rows themselves.

        Prose may have as many commas as a row: where the quotes and the cells are as they should be, it takes many.
        """
        if self.width < 4 or not any(map(self._is_row, self._feed.taken[1:-1])):
            return False
        return self._mostly_rows() or not self._is_whole()

    def _is_whole(self) -> bool:
        """A quote of a swallowed row mostly ends the cell in the midst of a text, which RFC 4180 does not know."""
        try:
            rows = list(csv.reader(self._feed.taken, delimiter=self._delimiter, quoting=self._quoting, strict=True))
        except csv.Error:
            return False
        return [len(cells) for cells in rows] == [self.width]

    def _is_row(self, line: str) -> bool:
        if line.count(self._delimiter) < self.width - 1:
            return False
        return len(next(csv.reader([line], delimiter=self._delimiter), [])) == self.width
