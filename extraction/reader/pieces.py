"""A document as sentences and table rows: what a value stands in, and what is quoted for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from screening.fulltext.locate import numbers_in
from screening.fulltext.passages import Passage, nearest, split

Pages = Mapping[int, Sequence[tuple[int, str]]]

_NUMBER = r"[<>=]?[ ]?[−–-]?\d[\d.,·∙]*%?"
_TAIL = re.compile(rf"(?:[ \t]+(?:{_NUMBER}|\([^()\n]*\d[^()\n]*\)))+[ \t]*$")
_CELL = re.compile(rf"(?P<number>{_NUMBER})(?:[ \t]?\((?P<inside>[^()]*)\))?")
_INTERVAL = re.compile(r"\d\s*(?:to|–|-|,|;)\s*[−–-]?\d")
_ENDS = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[^a-z\s])")
_LONGEST_LABEL, _LONGEST_ROW = 90, 400
_LONGEST = 1_500  # of a sentence: patterns take time by its square, and a file may hold a million digits in a row


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a row with what stands in brackets behind it; `interval` where that is a range: a contrast."""

    text: str
    inside: str = ""

    @property
    def interval(self) -> bool:
        return bool(_INTERVAL.search(self.inside))


@dataclass(frozen=True)
class Piece:
    """A sentence, or a row of a table with its label and cells. `above` are the lines over a row, `under` a heading."""

    text: str
    label: str = ""
    cells: tuple[Cell, ...] = ()
    above: tuple[str, ...] = ()
    under: str = ""

    @cached_property
    def folded(self) -> str:
        """For looking: one line, lower case, plain hyphens."""
        return " ".join(re.sub(r"[‐‑]", "-", self.text).split()).casefold()

    @property
    def row(self) -> bool:
        return bool(self.cells)


def pieces_of(pages: Pages) -> list[Piece]:
    """All sentences and rows of all documents, in order."""
    return [
        piece
        for found in pages.values()
        for _, text in found
        for block in re.split(r"\n{2,}", text)
        for piece in _of_block(block.split("\n"))
    ]


def ranked(pieces: Sequence[Piece], query: str, *, limit: int = 6) -> list[Piece]:
    """The pieces that speak most about the query, best first."""
    passages = [Passage(1, at, at + 1, piece.text) for at, piece in enumerate(pieces)]
    best: list[int] = []
    for size in range(1, limit + 1):
        best += [one.start for one in nearest(passages, [query], limit=size) if one.start not in best]
    return [pieces[at] for at in best]


def _of_block(lines: Sequence[str]) -> list[Piece]:
    found: list[Piece] = []
    prose: list[str] = []
    for at, line in enumerate(lines):
        row = _row(line, lines[max(0, at - 12) : at])
        if row is None:
            prose.append(line)
            continue
        found += _sentences(prose)
        prose = []
        found.append(row)
    return found + _sentences(prose)


def _row(line: str, above: Sequence[str]) -> Piece | None:
    tail = _TAIL.search(line) if len(line) <= _LONGEST_ROW else None
    if tail is None or not re.search(r"[^\W\d_]", line[: tail.start()]) or tail.start() > _LONGEST_LABEL:
        return None
    cells = tuple(Cell(one["number"].strip(), one["inside"] or "") for one in _CELL.finditer(tail[0]))
    return Piece(line.strip(), line[: tail.start()].strip(), cells, tuple(above)) if len(cells) > 1 else None


def _sentences(lines: Sequence[str]) -> list[Piece]:
    if len(lines) > 1 and _is_heading(lines[0], lines[1]):
        return [Piece(one.text, under=lines[0].strip().casefold()) for one in _sentences(lines[1:])]
    text = "\n".join(lines)
    return [Piece(part.strip()) for whole in _ENDS.split(text) for part in _cut(whole) if len(part.strip()) > 3]


def _cut(sentence: str) -> list[str]:
    """A sentence that no one writes in passages; one that is mostly blanks is none."""
    parts = [sentence] if len(sentence) <= _LONGEST else [one.text for one in split([(1, sentence)])]
    return [part for part in parts if len(part) <= _LONGEST]


def _is_heading(line: str, following: str) -> bool:
    """A short line without an end, before one that begins a sentence."""
    short = len(line.strip()) < min(48, 0.85 * len(following))
    return short and line.strip()[-1:] not in ".,;:-" and following.strip()[:1].isupper()


def value_of(text: str) -> Decimal | None:
    """The number that a cell begins with."""
    found = numbers_in(text)
    return found[0].value if found else None
