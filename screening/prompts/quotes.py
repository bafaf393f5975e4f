"""Where a quote stands in the stored text (AI-05).

A quote is verified if it stands in the text as it is, or if both are equal after: Unicode NFKC (which also undoes
ligatures), every dash and hyphen as "-", every quotation mark as ' or ", any white space as one space, invisible
characters and soft hyphens left out, and a word broken at a line end joined again. Nothing else: not letter case, not
an ellipsis that joins two places, not a word more or less.

One exception to NFKC: a superscript digit or a fraction right after a digit stays what it is, because 10² is not 102.

Offsets are code points of the *original* text, so that `text[start:end]` is what the page lights up.
"""

import re
import unicodedata
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from screening.prompts.hygiene import INVISIBLE

_DASHES = "‐‑‒–—―⁃−﹘﹣－"
_SINGLE = "‘’‚‛′‵`´＇‹›"
_DOUBLE = "“”„‟″‶«»＂〝〞"
_SIMPLE = (
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_SINGLE, "'")
    | dict.fromkeys(_DOUBLE, '"')
    | dict.fromkeys(INVISIBLE, "")
)
# A hyphen at the end of a line inside a word: the word may be one ("ran-/domised") or two ("long-/term").
_BREAK = re.compile(rf"(?<=[^\W\d_])[-{_DASHES[:2]}][ \t]*\r?\n\s*(?=[^\W\d_])")
_BREAKS = ("- ", "-", "")
_ASCII_RUN = re.compile(r"(?:[!-~]+ ?)+")  # single spaces inside


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote and its place, `text[start:end]` of the searched text; 0 and 0 where it was not found."""

    text: str
    start: int
    end: int
    verified: bool


def locate(quote: str, text: str) -> Quote:
    """The first place in `text` where `quote` stands. Linear in the text; a text searched before is not read again."""
    if not quote.strip():
        return Quote(quote, 0, 0, verified=False)
    start = text.find(quote)
    if start >= 0:
        return Quote(quote, start, start + len(quote), verified=True)
    for joined in _BREAKS if _has_breaks(text) or _BREAK.search(quote) else _BREAKS[:1]:
        span = _search(quote, text, joined)
        if span:
            return Quote(quote, *span, verified=True)
    return Quote(quote, 0, 0, verified=False)


def locate_in(quote: str, fields: Mapping[str, str]) -> tuple[str, Quote]:
    """The first field that holds the quote, and its place there; an empty name where none does."""
    for name, text in fields.items():
        found = locate(quote, text)
        if found.verified:
            return name, found
    return "", Quote(quote, 0, 0, verified=False)


def normalised(text: str) -> str:
    """`text` in the form in which quotes are compared."""
    return _folded(text, _BREAKS[0]).text.strip()


@dataclass(frozen=True, slots=True)
class _Folded:
    """Normalised text; its i-th character came from `starts[i]` to `ends[i]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def _search(quote: str, text: str, joined: str) -> tuple[int, int] | None:
    needle = _folded(quote, joined).text.strip()
    folded = _cached(text, joined)
    at = folded.text.find(needle) if needle else -1
    if at < 0:
        return None
    return folded.starts[at], folded.ends[at + len(needle) - 1]


def _folded(text: str, joined: str) -> _Folded:
    out = _Output(len(text))
    position = 0
    for found in _BREAK.finditer(text):
        _fold_into(out, text, position, found.start())
        out.add(joined, found.start(), found.end())
        position = found.end()
    _fold_into(out, text, position, len(text))
    return _Folded("".join(out.pieces), out.starts, out.ends)


class _Output:
    """Normalised pieces with the place that each character came from; never two spaces in a row."""

    def __init__(self, length: int) -> None:
        self.places = array("l", range(length + 1))  # of the original; runs are cut from it
        self.pieces: list[str] = []
        self.starts, self.ends = array("l"), array("l")
        self.last = " "  # so that leading white space is dropped

    def add(self, piece: str, start: int, end: int) -> None:
        """One unit of the original, whatever it became."""
        for character in piece:
            if character != " " or self.last != " ":
                self.pieces.append(character)
                self.starts.append(start)
                self.ends.append(end)
                self.last = character

    def add_run(self, piece: str, start: int) -> None:
        """Many characters that each stayed one: the fast way for most of a text."""
        if piece:
            end = start + len(piece)
            self.pieces.append(piece)
            self.starts += self.places[start:end]
            self.ends += self.places[start + 1 : end + 1]
            self.last = piece[-1]


@lru_cache(maxsize=8)
def _has_breaks(text: str) -> bool:
    return _BREAK.search(text) is not None


@lru_cache(maxsize=8)  # the texts of one record, asked again for each of its quotes
def _cached(text: str, joined: str) -> _Folded:
    return _folded(text, joined)


def _fold_into(out: _Output, text: str, start: int, stop: int) -> None:
    """Normalise `text[start:stop]`: runs of ASCII at once, anything else by character with its marks."""
    while start < stop:
        run = _ASCII_RUN.match(text, start, stop)
        end = run.end() if run else start
        if run and end < stop and _belongs(text[end]):
            end -= 1  # the last letter goes with its accent
        if end > start:
            out.add_run(text[start:end].replace("`", "'"), start)
            start = end
            continue
        end = start + 1
        while end < stop and _belongs(text[end]):
            end += 1
        out.add(_fold(text[start:end], out.last), start, end)
        start = end


@lru_cache(maxsize=4096)
def _belongs(character: str) -> bool:
    """Marks (Unicode category M) and trailing Hangul letters compose with what stands before them.

    Invisible characters belong too, because there may be one between a letter and its mark.
    """
    mark = unicodedata.category(character).startswith("M") or "\u1160" <= character <= "\u11ff"
    return mark or character in INVISIBLE


def _fold(unit: str, last: str) -> str:
    seen = _visible(unit)
    return seen if last.isdigit() and _changes_number(seen[:1]) else _fold_seen(seen)


@lru_cache(maxsize=8192)
def _visible(unit: str) -> str:
    return "".join(character for character in unit if character not in INVISIBLE)


@lru_cache(maxsize=8192)
def _fold_seen(seen: str) -> str:
    """Dashes and quotation marks first, because NFKC takes some of them apart; then again what NFKC brought out."""
    simple = _SIMPLE.get(seen)
    return _plain(unicodedata.normalize("NFKC", seen)) if simple is None else simple


def _plain(text: str) -> str:
    return "".join(_SIMPLE.get(character, " " if character.isspace() else character) for character in text)


@lru_cache(maxsize=1024)
def _changes_number(character: str) -> bool:
    """Superscript digits and fractions, which NFKC would glue to the number before them."""
    kind = unicodedata.decomposition(character).partition(" ")[0] if character else ""
    return kind == "<fraction>" or (kind == "<super>" and unicodedata.digit(character, None) is not None)
