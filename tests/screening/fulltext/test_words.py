"""Each word knows its place in the text and on the page as it is displayed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from screening.fulltext.characters import cleaned, seen_hyphen
from screening.fulltext.page import Page, Word
from screening.fulltext.reading import read
from tests.screening.fulltext.papers import column, only_page, paper, prose, text, word_at


def test_words_cover_the_text_and_nothing_else(tmp_path: Path) -> None:
    page = only_page(tmp_path / "a.pdf", text(prose("word", 30)))
    rebuilt = [" "] * len(page.text)
    for word in page.words:
        rebuilt[word.start : word.end] = page.text[word.start : word.end]
    assert "".join(rebuilt) == page.text.replace("\n", " ")
    assert all(not page.text[word.start : word.end].isspace() for word in page.words)


def test_a_box_lies_where_the_word_is_drawn(tmp_path: Path) -> None:
    page = only_page(tmp_path / "a.pdf", text(["Here"], x=100, y=600), size=(500, 800))
    word = word_at(page, "Here")
    assert (page.width, page.height) == (500, 800)
    assert word.x0 == pytest.approx(100 / 500, abs=0.002)
    assert word.y0 < 1 - 600 / 800 < word.y1  # the base line
    assert word.x1 - word.x0 == pytest.approx(20.5 / 500, abs=0.005)
    assert word.y1 - word.y0 == pytest.approx(11 / 800, abs=0.004)


def rebuilt(path: Path, *, turn: int = 0, crop: tuple[float, float, float, float] | None = None) -> Page:
    writer = PdfWriter(clone_from=PdfReader(path))
    if crop:
        writer.pages[0].cropbox = RectangleObject(crop)
    writer.pages[0].rotate(turn)
    writer.write(path)
    (page,) = read(path)
    return page


@pytest.mark.parametrize(
    ("turn", "x", "y"),  # of the base line's start, which is drawn at (100, 600) of (500, 800)
    [(90, 600 / 800, 100 / 500), (180, 400 / 500, 600 / 800), (270, 200 / 800, 400 / 500)],
)
def test_a_box_of_a_rotated_page_is_as_displayed(tmp_path: Path, turn: int, x: float, y: float) -> None:
    page = rebuilt(paper(tmp_path / "a.pdf", text(["Here"], x=100, y=600), size=(500, 800)), turn=turn)
    word = word_at(page, "Here")
    assert (page.width, page.height) == ((500, 800) if turn == 180 else (800, 500))
    assert word.x0 - 0.01 <= x <= word.x1 + 0.01
    assert word.y0 - 0.01 <= y <= word.y1 + 0.01
    assert min(abs(word.x0 - x), abs(word.x1 - x), abs(word.y0 - y), abs(word.y1 - y)) < 0.002


def test_a_box_of_a_cropped_page_is_as_displayed(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", text(["Here"], x=100, y=600), size=(500, 800))
    page = rebuilt(path, crop=(50, 400, 300, 700))
    word = word_at(page, "Here")
    assert (page.width, page.height) == (250, 300)
    assert word.x0 == pytest.approx(50 / 250, abs=0.004)
    assert word.y0 < 100 / 300 < word.y1


def test_a_page_on_its_side_is_read_upright(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        column(canvas, 100, -200, ["First line of a table", "second line of it"])

    assert rebuilt(paper(tmp_path / "a.pdf", draw), turn=90).text == "First line of a table\nsecond line of it"
    assert only_page(tmp_path / "b.pdf", draw).text == "First line of a table\nsecond line of it"


def test_a_hyphen_at_the_end_of_a_line_stays(tmp_path: Path) -> None:
    page = only_page(tmp_path / "a.pdf", text(["were ran-", "domised to long-", "term care"]))
    assert page.text == "were ran-\ndomised to long-\nterm care"


def test_many_pages_are_numbered_from_one(tmp_path: Path) -> None:
    path = paper(tmp_path / "a.pdf", text(["one"]), text([]), text(["three"]))
    assert [(page.number, page.text) for page in read(path)] == [(1, "one"), (2, ""), (3, "three")]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("plain", "plain"),
        ("e\ufb03cacy", "efficacy"),
        ("\ufb02uoxetine", "fluoxetine"),
        ("ran\x02", "ran-"),
        ("a\x00b", "ab"),
        ("ran\xaddomised", "randomised"),
        ("ran\xad", "ran\xad"),
        ("x\ud800y", "xy"),
        ("\ud83d\ude42", "🙂"),
        ("\ufdd0\uffff", ""),
        ("β≥½", "β≥½"),
    ],
)
def test_characters_that_can_not_be_kept_are_replaced(raw: str, clean: str) -> None:
    assert cleaned(raw)[0] == clean


def test_a_soft_hyphen_is_seen_at_the_end_of_a_line_only() -> None:
    assert seen_hyphen("ran\xad", ends_line=True) == "ran-"
    assert seen_hyphen("ran\xad", ends_line=False) == "ran"


@given(st.text())
def test_cleaned_text_can_be_stored(raw: str) -> None:
    clean, odd = cleaned(raw)
    clean.encode("utf-8")
    assert "\x00" not in clean
    assert 0 <= odd <= len(raw)


def test_a_word_keeps_its_fields_in_the_order_in_which_they_are_stored() -> None:
    assert Word.__slots__ == ("start", "end", "x0", "y0", "x1", "y1")
