"""Lines to BibTeX blocks, one at a time: bibtexparser wants a whole text, and a library of 250 MB is not to be one.

A block runs to the brace (or parenthesis) that closes it, or, if that is missing, to the next line that begins a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .citation import MAX_ENTRY

START = re.compile(r"\s*@[ \t]*([A-Za-z][\w-]*)[ \t]*([{(])")
_BARE_START = re.compile(r"\s*@[ \t]*[A-Za-z][\w-]*[ \t]*\r?\n?$")
_INK = re.compile(r"\S")
_MARK = re.compile(r"(?<!\\)[{}()\"]")
# Within an unclosed block more is asked of a start, for the lines of an abstract may begin with "@".
_ENTRY_START = re.compile(
    r"\s*@[ \t]*(?:(?:comment|preamble)[ \t]*[{(]|string[ \t]*[{(]\s*[\w-]+\s*=|\w+[ \t]*[{(][^=,{}()]*(?:,|\s$|$))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class BibBlock:
    """One @block: its kind in lower case, where it begins, its text, and whether its end was found."""

    line: int
    kind: str
    lines: list[str] = field(default_factory=list)
    closed: bool = False
    size: int = 0

    @property
    def raw(self) -> str:
        return "".join(self.lines)

    @property
    def overlong(self) -> bool:
        return self.size > MAX_ENTRY


class _Depth:
    """Follows braces (and, in a block in parentheses, quotes) through the lines of one block."""

    def __init__(self, opener: str) -> None:
        self._paren = opener == "("
        self._braces = 0
        self._quoted = False

    def end(self, line: str, start: int) -> int:
        """The position after the closing delimiter, or -1 if the block goes on."""
        for mark in _MARK.finditer(line, start):
            if self._closes(mark[0]):
                return mark.end()
        return -1

    def _closes(self, mark: str) -> bool:
        if mark == "{":
            self._braces += 1
        elif mark == "}":
            if not self._paren and self._braces == 0:
                return True
            self._braces = max(0, self._braces - 1)
        elif mark == '"' and self._paren and not self._braces:
            self._quoted = not self._quoted
        return mark == ")" and self._paren and not self._braces and not self._quoted


class Cutter:
    """Iterates over the blocks of a file; `outside` counts the lines of text between them (comments, to BibTeX)."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self._block: BibBlock | None = None
        self._depth = _Depth("{")
        self.outside = 0

    def __iter__(self) -> Iterator[BibBlock]:
        before = ""
        for number, line in enumerate(self._lines, 1):
            if not self._block and _BARE_START.match(line):  # "@article" with its brace on the next line
                before = line
                continue
            yield from self._take(before + line, number - bool(before))
            before = ""
        self.outside += bool(before)
        if self._block:
            yield self._block

    def _take(self, line: str, number: int) -> Iterator[BibBlock]:
        if self._block and _ENTRY_START.match(line):
            yield self._block  # not closed: the next one has begun
            self._block = None
        start = 0
        while start >= 0 and (self._block or _INK.search(line, start)):
            if not self._block:
                found = START.match(line, start)
                if not found:
                    self.outside += 1
                    return
                self._block = BibBlock(number, found[1].lower())
                self._depth = _Depth(found[2])
                end = self._depth.end(line, found.end())
            else:
                end = self._depth.end(line, start)
            self._keep(line[start:] if end < 0 else line[start:end])
            if end >= 0:
                self._block.closed = True
                yield self._block
                self._block = None
            start = end

    def _keep(self, text: str) -> None:
        block = self._block
        if block:
            if not block.overlong:
                block.lines.append(text)
            block.size += len(text)
