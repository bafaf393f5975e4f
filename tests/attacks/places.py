"""An attack on a page of a PDF: where everybody reads it, and where nobody does."""

from collections.abc import Callable
from textwrap import wrap

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.attacks.corpus import ATTACKS, FAMILIES, Attack
from tests.screening.fulltext.papers import WIDTH, Draw, column

HONEST = [
    "We included adults with asthma and randomised them by computer.",
    "Symptoms fell in all groups. Nobody was lost to follow-up.",
]
UNDRAWN = ("zero_width", "tag_characters", "bidi")  # families of characters that no font draws
_FONT = "HeiseiMin-W3"  # of the reader's machine: letters of Japanese, Russian and Latin


def _visible(canvas: Canvas, lines: list[str]) -> None:
    column(canvas, 50, 400, lines)


def _white(canvas: Canvas, lines: list[str]) -> None:
    canvas.setFillGray(1)
    column(canvas, 50, 400, lines)


def _off_page(canvas: Canvas, lines: list[str]) -> None:
    column(canvas, WIDTH + 50, 400, lines)


def _tiny(canvas: Canvas, lines: list[str]) -> None:
    canvas.setFont(canvas._fontname, 0.8)
    column(canvas, 50, 400, lines, leading=1)


PLACES: dict[str, Callable[[Canvas, list[str]], None]] = {
    "visible": _visible,
    "white": _white,
    "off_page": _off_page,
    "tiny": _tiny,
}


def page_with(attack: Attack, place: str) -> Draw:
    """A page of an honest paper with the attack in that place."""

    def draw(canvas: Canvas) -> None:
        column(canvas, 50, 780, HONEST)
        if not attack.text.isascii():
            pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
            canvas.setFont(_FONT, 10)
        lines = [line for part in attack.text.split("\n") for line in wrap(part, 80, break_on_hyphens=False)]
        PLACES[place](canvas, lines)

    return draw


def drawable() -> list[Attack]:
    """One attack of each family that a font can draw; of some families a Russian or Japanese one."""
    wanted = {"order": "ru", "reader": "ja", "quote_bait": "ja", "multi_turn": "ru"}
    return [
        next(one for one in ATTACKS if one.family == family and one.language == wanted.get(family, "en"))
        for family in FAMILIES
        if family not in UNDRAWN
    ]
