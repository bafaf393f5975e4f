"""Text of an XML file to the elements that are its entries, one at a time, each exactly as written and with its line.

The file as a whole is never parsed, so a fault costs the entry that has it and no other; nor is its prolog, so that no
entity a file declares (which is what XML bombs and stolen files are made of) exists for any reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .citation import MAX_ENTRY, RAW_KEPT
from .notes import Notes
from .xml_text import line_ends

_ASIDE = {"<!--": "-->", "<![CDATA[": "]]>"}
_TAGS = re.compile(r"<[^<>]*>")


@dataclass(slots=True)
class Element:
    """One entry's text: its element's name, the line it begins at, and whether its end tag was found."""

    name: str
    line: int
    raw: str
    closed: bool = True
    overlong: bool = False


class _Buffer:
    """The text that is not done with yet, and the number of the line at which it is read."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self.text = ""
        self.at = 0
        self.line = 1

    def more(self) -> bool:
        """Get another piece; False at the end of the file. What lies before `at` is forgotten."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self.text = self.text[self.at :] + piece
        self.at = 0
        return True

    def take(self, end: int) -> str:
        """The text from here to `end`, done with."""
        taken = self.text[self.at : end]
        self.line += line_ends(taken)
        self.at = end
        return taken


def elements(
    pieces: Iterable[str], names: Sequence[str], notes: Notes, *, enveloped: bool = False
) -> Iterator[Element]:
    """Every element of these names that is not inside another of them. Text between them is noted, unless they come in
    several replies one after the other, each with words of its own round its entries (`enveloped`)."""
    cutter = _Cutter(_Buffer(pieces), names, notes, enveloped=enveloped)
    while element := cutter.next():
        yield element


class _Cutter:
    def __init__(self, buffer: _Buffer, names: Sequence[str], notes: Notes, *, enveloped: bool) -> None:
        self._buffer = buffer
        self._enveloped = enveloped
        self._notes = notes
        starts = "|".join(names)
        self._start = re.compile(rf"<({starts})(?=[\s/>])[^<>]*>|<!--")
        # an article holds a MedlineCitation, which elsewhere is an entry itself
        self._marks = {
            name: re.compile(
                rf"</{name}\s*>|<(?:{'|'.join(names[: names.index(name) + 1])})(?=[\s/>])|<!--|<!\[CDATA\["
            )
            for name in names
        }
        self._begun = self._broken = False
        self._unclosed: set[str] = set()

    def next(self) -> Element | None:
        """The next entry; None at the end of the file."""
        buffer = self._buffer
        while True:
            found = self._start.search(buffer.text, buffer.at)
            if not found:
                self._skip(len(buffer.text))
                if not buffer.more():
                    return None
                continue
            self._skip(found.start())
            if found[1]:
                return self._element(found[1], found[0])
            end = self._aside(len("<!--"), "-->")  # first: it may move `at`
            buffer.take(buffer.at + end)

    def _element(self, name: str, tag: str) -> Element:
        buffer, line = self._buffer, self._buffer.line
        self._begun, self._broken = True, False
        if tag.endswith("/>"):
            return Element(name, line, buffer.take(buffer.at + len(tag)))
        end, closed = self._end(name, len(tag))
        raw = buffer.take(end)
        self._broken = not closed
        if len(raw) > MAX_ENTRY:
            return Element(name, line, raw[:RAW_KEPT], closed, overlong=True)
        return Element(name, line, raw, closed)

    def _end(self, name: str, searched: int) -> tuple[int, bool]:
        """Where the entry ends, and whether by its end tag; `searched` is how much of it has been looked at."""
        buffer = self._buffer
        while True:
            found = self._marks[name].search(buffer.text, buffer.at + searched)
            if found and found[0] in _ASIDE:
                searched = self._aside(found.end() - buffer.at, _ASIDE[found[0]])
                continue
            if found:
                closed = found[0].startswith("</")
                return (found.end() if closed else found.start()), closed
            searched = len(buffer.text) - buffer.at
            if searched > MAX_ENTRY or not buffer.more():
                return len(buffer.text), False

    def _aside(self, start: int, closing: str) -> int:
        """The end of a comment or CDATA section, counted from `at` as `start` is; `start` if it is never closed."""
        buffer, end = self._buffer, -1
        while closing not in self._unclosed and (end := buffer.text.find(closing, buffer.at + start)) < 0:
            if len(buffer.text) - buffer.at > MAX_ENTRY or not buffer.more():
                self._unclosed.add(closing)  # looked for once: a thousand of them would take for ever
        return start if end < 0 else end + len(closing) - buffer.at

    def _skip(self, end: int) -> None:
        """Pass over what stands between two entries: mark-up, as it should be."""
        line = self._buffer.line
        between = self._buffer.take(end)
        if self._enveloped or not self._begun or self._broken or between.isspace():
            return
        if _TAGS.sub("", between).strip():
            self._notes.add("text between two entries, left out", line)
