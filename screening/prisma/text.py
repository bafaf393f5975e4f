"""Labels made safe to draw, and broken into lines that fit."""

import re
import unicodedata
from collections.abc import Iterator

from screening.prisma.font import is_wide, width

NAMELESS = "(no name)"
# Controls that turn the reading direction for the rest of the line would carry the count off to the other side.
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLOSING = ("Pe", "Pf", "Po")  # may not begin a line


def clean(label: str) -> str:
    """Return the label as one line that XML 1.0 can hold, without direction controls; never empty."""
    visible = _NOT_XML.sub(" ", label.translate(_BIDI_CONTROLS))
    return " ".join(unicodedata.normalize("NFC", visible).split()) or NAMELESS


def wrap(label: str, room: float, *, bold: bool = False) -> list[str]:
    """Break the label into lines no wider than `room` em: at spaces, beside ideographs, and inside words too long."""
    lines: list[str] = []
    line = ""
    for glue, piece in _pieces(label, room, bold=bold):
        if line and width(line + glue + piece, bold=bold) <= room:
            line += glue + piece
            continue
        if line:
            lines.append(line)
        line = piece
    return [*lines, line]


def _pieces(label: str, room: float, *, bold: bool) -> Iterator[tuple[str, str]]:
    """Yield (the space before it or nothing, unbreakable piece)."""
    for word in label.split():
        glue = " "
        for part in _breakable(word):
            for piece in _fitting(part, room, bold=bold):
                yield glue, piece
                glue = ""


def _breakable(word: str) -> Iterator[str]:
    """Split a word beside each ideograph, keeping closing punctuation and marks with what they close."""
    part = ""
    for char in word:
        stays = unicodedata.category(char) in _CLOSING or not _starts_cluster(char, part)
        if part and not stays and (is_wide(char) or is_wide(part[-1])):
            yield part
            part = ""
        part += char
    yield part


def _fitting(part: str, room: float, *, bold: bool) -> Iterator[str]:
    """Split what is wider than a line between characters, never between a letter and its mark."""
    piece = ""
    for char in part:
        if piece and _starts_cluster(char, piece) and width(piece + char, bold=bold) > room:
            yield piece
            piece = ""
        piece += char
    yield piece


def _starts_cluster(char: str, before: str) -> bool:
    return not (unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf") or before.endswith("\u200d"))
