"""The PNG: of the stated size, with text in it, and the same bytes wherever the shipped font suffices."""

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from screening.prisma import Flow, Source, font, image, needs_system_font, png
from screening.prisma.boxes import rows
from screening.prisma.layout import WIDTH, plan
from tests.screening.prisma.flows import FINISHED, HARD


def size(content: bytes) -> tuple[int, int]:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def pixels(content: bytes) -> bytes:
    """The filtered scan lines: equal exactly when the pictures are."""
    at, data = 8, b""
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        data += content[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return zlib.decompress(data)


@pytest.mark.parametrize("width", [100, 783, 1600])
def test_a_png_has_the_stated_width_and_the_drawings_proportions(width: int) -> None:
    drawn = size(png(FINISHED, width=width))
    assert drawn[0] == width
    assert abs(drawn[1] - plan(rows(FINISHED)).height * width / WIDTH) <= 1


def test_text_is_drawn_because_another_name_or_number_gives_another_picture() -> None:
    first, *others = FINISHED.sources
    renamed = replace(FINISHED, sources=(replace(first, name="PubMeb"), *others))
    assert pixels(png(renamed)) != pixels(png(FINISHED))
    assert pixels(png(replace(FINISHED, included_studies=32))) != pixels(png(FINISHED))
    assert png(FINISHED) == png(FINISHED)


def test_the_hardest_names_are_drawn() -> None:
    width, height = size(png(HARD, width=800))
    assert width == 800
    assert height > 1500


def test_only_scripts_that_the_shipped_font_lacks_ask_for_the_machines_fonts() -> None:
    assert not needs_system_font(FINISHED)
    assert needs_system_font(Flow(sources=(Source("医中誌Web", "database", 1),)))


@pytest.mark.parametrize("width", [0, 99, 4001])
def test_an_absurd_width_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match="100 to 4000 pixels wide"):
        png(FINISHED, width=width)


def test_a_missing_font_is_an_error_and_not_a_picture_without_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "REGULAR", Path("/nowhere/Lost.ttf"))
    with pytest.raises(FileNotFoundError, match=r"Lost\.ttf is missing from static/vendor/fonts"):
        png(FINISHED)


def test_the_shipped_font_has_its_licence_beside_it() -> None:
    assert "Bitstream Vera Fonts Copyright" in (font.FONTS / "DejaVu-LICENSE.txt").read_text(encoding="utf-8")
