"""Where the words of a search stand in a text: pieces to be marked, and the stretch of a long text that shows most."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from screening.searching.fold import fold

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
ROOM = 280  # characters of a snippet


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text as it stands; `hit`: a word that was looked for."""

    text: str
    hit: bool = False


def words_in(text: str) -> set[str]:
    """The folded words of a text."""
    return set(_WORD.findall(fold(text)))


def _plain(word: str) -> str:
    return word.lower() if word.isascii() else fold(word)


def pieces(text: str, hits: Collection[str]) -> list[Piece]:
    """The text in pieces; those whose folded word is in `hits` are marked. Joined, they are the text."""
    found, done = list[Piece](), 0
    for match in _WORD.finditer(text) if hits else ():
        if _plain(match[0]) not in hits:
            continue
        if match.start() > done:
            found.append(Piece(text[done : match.start()]))
        found.append(Piece(match[0], hit=True))
        done = match.end()
    return [*found, Piece(text[done:])] if done < len(text) else found


def snippet(text: str, hits: Collection[str], room: int = ROOM) -> list[Piece]:
    """The stretch of a text with most hits, about `room` characters from word to word; nothing where there is none."""
    if not hits:
        return []
    places = [match.start() for match in _WORD.finditer(text) if _plain(match[0]) in hits]
    if not places:
        return []
    best = max(places, key=lambda start: (sum(start <= place < start + room * 3 // 4 for place in places), -start))
    start = _word_start(text, max(0, best - room // 5))
    end = _word_end(text, start + room)
    shown = pieces(text[start:end], hits)
    before = [Piece("… ")] if start else []
    return [*before, *shown, *([Piece(" …")] if end < len(text) else [])]


def _word_start(text: str, place: int) -> int:
    """The next beginning of a word, but not far off: some texts have no spaces."""
    space = text.find(" ", place, place + 30) if place else -1
    return space + 1 if space >= 0 else place


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", place - 30, place)
    return space if space > 0 else place
