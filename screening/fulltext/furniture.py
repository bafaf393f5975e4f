"""Running heads, feet and page numbers: what stands between two halves of a sentence where a page ends."""

import re
from collections import Counter
from collections.abc import Sequence

_EDGE_LINES = 4
_LONGEST = 160  # characters of a line that may be a running head
_SHARE = 0.3  # of the pages, if there are more than a few
_BARE = re.compile(r"\s*(?:page|p\.|seite)?\s*[0-9ivxlc]{1,5}\s*(?:(?:of|/|von)\s*[0-9]{1,5})?\s*", re.IGNORECASE)
_LINE = re.compile(r"[^\n]*\S[^\n]*")  # hidden text that was blanked leaves lines of spaces
_DIGITS = re.compile(r"[0-9]+")


def bodies(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Start and end of each page's text without the lines at its edges that come again on other pages."""
    edges = [_edges(text) for text in texts]
    counts = Counter(key for tops, ends in edges for key in {_key(text) for text, _, _ in (*tops, *ends)})
    least = max(2, round(len(texts) * _SHARE)) if len(texts) > 2 else 2
    repeated = {key for key, count in counts.items() if count >= least}
    return [_body(len(text), *edge, repeated) for text, edge in zip(texts, edges, strict=True)]


Lines = list[tuple[str, int, int]]  # text, start, end


def _edges(text: str) -> tuple[Lines, Lines]:
    lines = [(found[0], found.start(), found.end()) for found in _LINE.finditer(text)]
    return lines[:_EDGE_LINES], lines[-_EDGE_LINES:][::-1]


def _body(length: int, tops: Lines, ends: Lines, repeated: set[str]) -> tuple[int, int]:
    start, end = 0, length
    for text, _, stop in tops:
        if not _is_furniture(text, repeated):
            break
        start = stop
    for text, begin, _ in ends:
        if begin < start or not _is_furniture(text, repeated):
            break
        end = begin
    return start, end


def _is_furniture(line: str, repeated: set[str]) -> bool:
    return len(line) <= _LONGEST and (_BARE.fullmatch(line) is not None or _key(line) in repeated)


def _key(line: str) -> str:
    return _DIGITS.sub("#", line.strip().casefold())
