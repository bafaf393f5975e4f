"""How the invented journals print: fonts, colour, and the ways in which they write numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).resolve().parents[3] / "static" / "vendor" / "fonts"
UNICODE, UNICODE_BOLD = "DemoSans", "DemoSans-Bold"


@dataclass(frozen=True, slots=True)
class Look:
    """`point` is the decimal mark, `to` stands between the ends of an interval, `equals` between a letter and its figure."""

    name: str
    body: str
    bold: str
    italic: str
    heading: str
    size: float
    leading: float
    colour: str
    point: str = "."
    to: str = " to "
    equals: str = " = "
    thousands: str = ","
    justified: bool = True

    @property
    def ink(self) -> Color:
        """The journal's colour."""
        return HexColor(self.colour)

    def number(self, value: Decimal | str | int) -> str:
        """A figure in the journal's hand: "1,204", "−3·8", "0.05"."""
        text = f"{value:,}" if isinstance(value, int) and value >= 1000 else str(value)
        return text.replace(",", "\0").replace(".", self.point).replace("\0", self.thousands).replace("-", "−")

    def signed(self, low: Decimal, high: Decimal) -> str:
        """The ends of an interval; never a dash between negative ends, which nobody could read."""
        between = " to " if low < 0 or high < 0 else self.to
        return f"{self.number(low)}{between}{self.number(high)}"

    def p(self, p: float) -> str:
        """A p value, as papers round it."""
        if p < 0.001:
            return f"p{'<' if self.equals == '=' else ' < '}{self.number('0.001')}"
        return f"p{self.equals}{self.number(f'{p:.3f}' if p < 0.01 else f'{p:.2f}')}"

    def n(self, count: int) -> str:
        """As in "n=52"."""
        return f"n{self.equals}{self.number(count)}"

    def prose(self, text: str) -> str:
        """A text from elsewhere with this journal's decimal mark; addresses and register numbers stay as they are."""
        return re.sub(r"(?<![\w./-])(−?\d+)\.(\d+)(?![\w/])", rf"\1{self.point}\2", text)


LOOKS = {
    "lancet": Look("lancet", "Times-Roman", "Times-Bold", "Times-Italic", "Helvetica-Bold", 9.8, 12.3, "#8c1d2b", "·", "–", "="),
    "classic": Look("classic", "Times-Roman", "Times-Bold", "Times-Italic", "Times-Bold", 10.4, 12.9, "#1d3f73"),
    "plain": Look("plain", "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-Bold", 9.4, 13.0, "#26604a", thousands=" ", justified=False),
    "modern": Look("modern", UNICODE, UNICODE_BOLD, UNICODE, UNICODE_BOLD, 8.8, 12.4, "#5b3a86", to="–", thousands="\u2009"),
}  # fmt: skip


@cache
def register_fonts() -> None:
    """The vendored sans, for journals that use it and for letters that the base fonts lack."""
    for name, file in ((UNICODE, "DejaVuSansCondensed.ttf"), (UNICODE_BOLD, "DejaVuSansCondensed-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, FONTS / file))
    pdfmetrics.registerFontFamily(UNICODE, normal=UNICODE, bold=UNICODE_BOLD, italic=UNICODE, boldItalic=UNICODE_BOLD)


def markup(text: str, font: str) -> str:
    """Text for a paragraph: escaped, and letters that a base font lacks set in the vendored one."""
    if font.startswith(UNICODE):
        return escape(text)
    fallback = UNICODE_BOLD if "Bold" in font else UNICODE
    return "".join(
        escape(run) if plain else f'<font name="{fallback}">{escape(run)}</font>' for plain, run in runs(text)
    )


def runs(text: str) -> list[tuple[bool, str]]:
    """Pieces of a text: those that the base fonts can print, and those that they can't."""
    found: list[tuple[bool, str]] = []
    for letter in text:
        plain = _printable(letter)
        if found and found[-1][0] == plain:
            found[-1] = (plain, found[-1][1] + letter)
        else:
            found.append((plain, letter))
    return found


@cache
def _printable(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
