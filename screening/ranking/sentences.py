"""Text in, verbatim sentences out: every sentence is a slice of what was given, so that a quote can be found again."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A hostile or broken abstract must not cost seconds: what is longer is read up to here (characters, sentences).
LONGEST_TEXT = 40_000
MOST_SENTENCES = 300

_END = re.compile(r"[.!?][\"”’)\]]{0,2}\s+(?=[\"“‘(\[]?[A-Z0-9À-Þ<=≥])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:vs|e\.g|i\.e|al|fig|no|approx|dr|prof|st|cf|ca|resp|etc|ref|vol|pp)|\b[A-Z])\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as it stands in the text. `field` is "title" or "abstract"; offsets are characters in that field."""

    text: str
    field: str
    start: int
    end: int


def sentences(title: str, abstract: str) -> tuple[Sentence, ...]:
    """The title (as one sentence) and the sentences of the abstract, in reading order."""
    found = [_trimmed(title, "title", 0, min(len(title), LONGEST_TEXT))] if title.strip() else []
    return tuple((found + _split(abstract[:LONGEST_TEXT]))[:MOST_SENTENCES])


def _split(abstract: str) -> list[Sentence]:
    found, start = [], 0
    for end in _ends(abstract):
        if abstract[start:end].strip():
            found.append(_trimmed(abstract, "abstract", start, end))
        start = end
    return found


def _ends(abstract: str) -> list[int]:
    # Only the last word before the full stop decides whether it ends an abbreviation.
    stops = (m for m in _END.finditer(abstract))
    ends = [m.end() for m in stops if not _ABBREVIATION.search(abstract[max(0, m.start() - 8) : m.start() + 1])]
    return [*ends, len(abstract)]


def _trimmed(text: str, field: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Sentence(text=piece.strip(), field=field, start=start, end=start + len(piece.strip()))
