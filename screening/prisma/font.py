"""Widths of text in the font that ships with the product, read from the TrueType file itself.

DejaVu Sans Condensed 2.37 (Bitstream Vera licence, in static/vendor/fonts/) has Latin, Greek, Cyrillic, Arabic and
Hebrew and is as wide as Arial or wider, so text that fits here fits in a browser's stand-in too.
Table layout: OpenType 1.9, tables head, hhea, hmtx and cmap (subtable format 12).
"""

import struct
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "fonts"
REGULAR = FONTS / "DejaVuSansCondensed.ttf"
BOLD = FONTS / "DejaVuSansCondensed-Bold.ttf"
FAMILY = "DejaVu Sans Condensed, Arial, Helvetica, sans-serif"
SAFETY = 1.06  # a stand-in font, hinting and rounding may make text a little wider than its advances
UNKNOWN_WIDTH = 0.8  # em, for scripts that the font lacks; emoji and ideographs count as WIDE
WIDE = 1.0


@dataclass(frozen=True, slots=True)
class Metrics:
    """Character ranges (start, end, first glyph), sorted by start, and the advance of every glyph in em."""

    starts: tuple[int, ...]
    ranges: tuple[tuple[int, int, int], ...]
    advances: tuple[float, ...]

    def glyph(self, char: str) -> int:
        """Return the glyph's index; 0 means that the font lacks the character."""
        at = bisect_right(self.starts, ord(char)) - 1
        if at < 0:
            return 0
        start, end, first = self.ranges[at]
        return first + ord(char) - start if ord(char) <= end else 0

    def advance(self, char: str) -> float:
        glyph = self.glyph(char)
        if glyph:
            return self.advances[min(glyph, len(self.advances) - 1)]
        if unicodedata.category(char) in ("Mn", "Me", "Cf"):
            return 0.0
        return WIDE if is_wide(char) or unicodedata.category(char) == "So" else UNKNOWN_WIDTH


def width(text: str, *, bold: bool = False) -> float:
    """Return a safe estimate of the text's width in em."""
    metrics = load(BOLD if bold else REGULAR)
    return SAFETY * sum(metrics.advance(char) for char in text)


def covers(text: str) -> bool:
    """Say whether the shipped font has every visible character of the text."""
    metrics = load(REGULAR)
    return all(metrics.glyph(char) or char.isspace() or unicodedata.category(char) == "Cf" for char in text)


def is_wide(char: str) -> bool:
    """Say whether the character is an ideograph or its like, beside which a line may break."""
    return unicodedata.east_asian_width(char) in "WF"


@lru_cache(maxsize=2)
def load(path: Path) -> Metrics:
    """Read one font file. Raises FileNotFoundError or ValueError with a sentence that says how to mend it."""
    if not path.exists():
        raise FileNotFoundError(
            f"The diagram's font {path.name} is missing from static/vendor/fonts; restore it from the repository."
        )
    data = path.read_bytes()
    tables = _tables(data)
    (units,) = struct.unpack_from(">H", data, tables["head"] + 18)
    (count,) = struct.unpack_from(">H", data, tables["hhea"] + 34)
    pairs = struct.unpack_from(f">{2 * count}H", data, tables["hmtx"])
    ranges = _ranges(data, tables["cmap"])
    return Metrics(tuple(start for start, _, _ in ranges), ranges, tuple(advance / units for advance in pairs[::2]))


def _tables(data: bytes) -> dict[str, int]:
    (count,) = struct.unpack_from(">H", data, 4)
    entries = [struct.unpack_from(">4sLLL", data, 12 + 16 * i) for i in range(count)]
    return {tag.decode("ascii"): offset for tag, _, offset, _ in entries}


def _ranges(data: bytes, cmap: int) -> tuple[tuple[int, int, int], ...]:
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for i in range(count):
        (offset,) = struct.unpack_from(">L", data, cmap + 4 + 8 * i + 4)
        table = cmap + offset
        if struct.unpack_from(">H", data, table) == (12,):
            (groups,) = struct.unpack_from(">L", data, table + 12)
            flat = struct.unpack_from(f">{3 * groups}L", data, table + 16)
            return tuple(sorted(zip(flat[::3], flat[1::3], flat[2::3], strict=True)))
    raise ValueError("The diagram's font has no full Unicode character map; restore static/vendor/fonts.")
