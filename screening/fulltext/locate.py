"""Where a quote stands in a document: on which page, from where to where; and whether a number stands in a quote.

What counts as the same text is `screening.prompts.quotes`, no more and no less. A quote may cross the end of a page;
then running heads, feet and page numbers between its halves are passed over, and nothing else is. To look only in what
a reader sees, hand in `Page.visible` instead of the text: its places are the same.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from screening.fulltext.furniture import bodies
from screening.fulltext.numbers import Number, holds_number, numbers_in
from screening.prompts import quotes

__all__ = ["Found", "Number", "PagedText", "holds_number", "locate", "numbers_in"]

_BETWEEN = "\n\n"
_BROKEN = "\x02"  # stands for a break in a folded text; folding leaves no such character of a text's own


@dataclass(frozen=True, slots=True)
class Found:
    """A quote and its place, `text[start:end]` of page `page`; page 0 where it was not found.

    A quote that crosses a page has several `parts` (page, start, end); `page`, `start`, `end` are those of the first.
    """

    text: str
    page: int
    start: int
    end: int
    verified: bool
    parts: tuple[tuple[int, int, int], ...] = ()


class PagedText:
    """The text of a document by page, as (number, text); indexed at the first search and quick from then on."""

    def __init__(self, pages: Sequence[tuple[int, str]]) -> None:
        self.pages = tuple(pages)

    @cached_property
    def whole(self) -> "_Joined":
        """Everything."""
        return _Joined([(number, text, 0) for number, text in self.pages])

    @cached_property
    def flowing(self) -> "_Joined":
        """Without running heads, feet and page numbers."""
        spans = bodies([text for _, text in self.pages])
        return _Joined(
            [(number, text[start:end], start) for (number, text), (start, end) in zip(self.pages, spans, strict=True)]
        )


def locate(quote: str, paged: PagedText) -> Found:
    """The first place in the document where `quote` stands; not verified where there is none."""
    if quote.strip():
        for text in (paged.whole, paged.flowing):
            parts = text.find(quote)
            if parts:
                return Found(quote, *parts[0], verified=True, parts=parts)
    return Found(quote, 0, 0, 0, verified=False)


class _Joined:
    """Texts of pages in a row. The index is kept here: the cache of `quotes` is for the short texts of one record."""

    def __init__(self, pieces: Sequence[tuple[int, str, int]]) -> None:
        self.places: list[tuple[int, int, int, int]] = []  # start and end here, page, start on the page
        at = 0
        for number, text, offset in pieces:
            self.places.append((at, at + len(text), number, offset))
            at += len(text) + len(_BETWEEN)
        self.text = _BETWEEN.join(text for _, text, _ in pieces)

    def find(self, quote: str) -> tuple[tuple[int, int, int], ...]:
        """The parts of the first place, by page; none where there is none."""
        span = self._span(quote)
        if span is None:
            return ()
        start, end = span
        reached = [place for place in self.places if max(start, place[0]) < min(end, place[1])]
        if len(reached) == 1:
            low, high, number, offset = reached[0]
            return ((number, max(start, low) - low + offset, min(end, high) - low + offset),)
        return tuple(part for place in reached if (part := self._part(place, start, end)))

    def _part(self, place: tuple[int, int, int, int], start: int, end: int) -> tuple[int, int, int] | None:
        """What of a span lies on one of its pages, without the white space where the page ends."""
        low, high, number, offset = place
        start, end = max(start, low), min(end, high)
        cut = self.text[start:end]
        left, right = len(cut) - len(cut.lstrip()), len(cut) - len(cut.rstrip())
        return (number, start + left - low + offset, end - right - low + offset) if cut.strip() else None

    def _span(self, quote: str) -> tuple[int, int] | None:
        at = self.text.find(quote)
        if at >= 0:
            return at, at + len(quote)
        breaks = self.folded.breaks or quotes._BREAK.search(quote)
        for joined in quotes._BREAKS if breaks else quotes._BREAKS[:1]:
            span = self.folded.span(quotes._folded(quote, joined).text.strip(), joined)
            if span:
                return span
        return None

    @cached_property
    def folded(self) -> "_Folded":
        return _Folded(self.text)


class _Folded:
    """A text as `quotes` compares it, folded once for all ways in which a word broken at a line end may be one."""

    def __init__(self, text: str) -> None:
        self.base = quotes._folded(text, _BROKEN)
        self.breaks = [found.start() for found in re.finditer(_BROKEN, self.base.text)]
        self.joined: dict[str, str] = {}

    def span(self, needle: str, joined: str) -> tuple[int, int] | None:
        """Where `needle` stands in the original text, if each broken word is put together by `joined`."""
        if joined not in self.joined:
            self.joined[joined] = self.base.text.replace(_BROKEN, joined)
        at = self.joined[joined].find(needle) if needle else -1
        if at < 0:
            return None
        first, last = self._origin(at, len(joined)), self._origin(at + len(needle) - 1, len(joined))
        return self.base.starts[first], self.base.ends[last]

    def _origin(self, at: int, width: int) -> int:
        """Which character of the base text stands at `at` when every break takes `width` characters."""
        passed = bisect_right(range(len(self.breaks)), at, key=lambda k: self.breaks[k] + k * (width - 1) + width)
        if passed < len(self.breaks) and self.breaks[passed] + passed * (width - 1) <= at:
            return self.breaks[passed]
        return at - passed * (width - 1)
