"""PDFs made for a test, so that it is known what a reader of them sees and where."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from screening.fulltext.page import Page, Word
from screening.fulltext.reading import read

WIDTH, HEIGHT = 595.0, 842.0
Draw = Callable[[Canvas], None]


def paper(path: Path, *pages: Draw, size: tuple[float, float] = (WIDTH, HEIGHT), encrypt: object = None) -> Path:
    """A PDF with a page for each function, which draws on it from the lower left as PDF does."""
    canvas = Canvas(str(path), pagesize=size, encrypt=encrypt, pageCompression=1, invariant=1)
    for draw in pages:
        canvas.setFont("Times-Roman", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def only_page(path: Path, draw: Draw, size: tuple[float, float] = (WIDTH, HEIGHT)) -> Page:
    """The one page of a paper that `draw` fills, as read."""
    (page,) = read(paper(path, draw, size=size))
    return page


def column(canvas: Canvas, x: float, y: float, lines: Sequence[str], leading: float = 12.0) -> None:
    for at, line in enumerate(lines):
        canvas.drawString(x, y - at * leading, line)


def text(draw_lines: Sequence[str], x: float = 50, y: float = 780) -> Draw:
    return lambda canvas: column(canvas, x, y, draw_lines)


def prose(word: str, lines: int, length: int = 42) -> list[str]:
    """Lines of about the same length whose words say which line they are from."""
    return [" ".join(f"{word}{at}" for _ in range(length // (len(word) + 3))) for at in range(lines)]


def picture(width: int = 60, height: int = 80, *, marks: Sequence[tuple[int, int, int, int]] = ()) -> ImageReader:
    """A grey picture with black boxes (left, top, right, bottom), as a scan has letters."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (width, height), 245)
    for mark in marks:
        ImageDraw.Draw(image).rectangle(mark, fill=0)
    stored = BytesIO()
    image.save(stored, "PNG")
    return ImageReader(stored)


def word_at(page: Page, wanted: str) -> Word:
    return next(word for word in page.words if page.text[word.start : word.end] == wanted)


def hidden_text(page: Page) -> dict[str, str]:
    return {span.why: page.text[span.start : span.end] for span in page.hidden}
