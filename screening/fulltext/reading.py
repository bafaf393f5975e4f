"""Read a PDF page by page, in this process: a file from outside belongs into `child.read_limited`."""

import ctypes
import logging
import os
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from screening.fulltext import layout
from screening.fulltext.ink import ink_of
from screening.fulltext.page import Hidden, Page, Why, Word
from screening.fulltext.pdfium import library
from screening.fulltext.refusals import KINDS, Kind, NotReadable
from screening.fulltext.scene import scene_of
from screening.fulltext.sight import sight_of
from screening.fulltext.tables import has_table
from screening.fulltext.words import Token, TooMuch, tokens, view_of

__all__ = ["KINDS", "MOST_MEGABYTES", "MOST_PAGES", "PARSER_VERSION", "Kind", "NotReadable", "read"]

PARSER_VERSION = "2"  # raised whenever the same file would give other text, words or hidden spans

MOST_PAGES = 2_000
MOST_MEGABYTES = 300

_HEAD = 1024  # bytes in which readers look for the signature
_PARTS = b" obj", b"endobj", b"xref", b"startxref"
_ARCHIVES = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ"
_ERRORS: dict[int, Kind] = {4: "encrypted", 5: "encrypted"}  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


def read(path: str | os.PathLike[str], *, most_pages: int = MOST_PAGES) -> Iterator[Page]:
    """Pages of the PDF at `path`, one by one; a page that can't be read comes without text and says so (`broken`).

    Raises NotReadable (before the first page, or "damaged" where no page at all could be read).
    """
    _check(Path(path))
    import pypdfium2

    logging.getLogger("pypdfium2").setLevel(logging.ERROR)
    try:
        document = pypdfium2.PdfDocument(os.fspath(path))
    except pypdfium2.PdfiumError as error:
        raise NotReadable(_ERRORS.get(error.err_code or 0) or _second_opinion(path)) from error
    try:
        yield from _pages(document, most_pages)
    finally:
        document.close()


def _pages(document: Any, most_pages: int) -> Iterator[Page]:
    handle = ctypes.cast(document.raw, ctypes.c_void_p).value or 0
    count = len(document)
    if count == 0:
        raise NotReadable("empty")
    if count > most_pages:
        raise NotReadable("too_many_pages", most_pages)
    broken = 0
    for number in range(1, count + 1):
        page = _page(handle, number)
        broken += page.broken
        if broken == count:
            raise NotReadable("damaged")
        yield page


def _check(path: Path) -> None:
    """What the bytes say, before a parser is let near them."""
    size = path.stat().st_size
    if size == 0:
        raise NotReadable("empty")
    if size > MOST_MEGABYTES * 1_000_000:
        raise NotReadable("too_big", MOST_MEGABYTES)
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(_ARCHIVES) or b"%PDF-" not in head or not _has_parts(file, head):
            raise NotReadable("not_pdf")


def _has_parts(file: BinaryIO, head: bytes) -> bool:
    """Whether there is anything of a PDF behind the signature; reads no further than the first sign of it."""
    kept = head
    while kept:
        if any(part in kept for part in _PARTS):
            return True
        fresh = file.read(1 << 20)
        kept = kept[-16:] + fresh if fresh else b""
    return False


def _second_opinion(path: str | os.PathLike[str]) -> Kind:
    """pdfium says only that it can't; pypdf may still see that the document is there and has no pages."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = pypdf.PdfReader(os.fspath(path)).root_object["/Pages"]
        return "empty" if pages["/Count"] == 0 else "damaged"  # type: ignore[index]
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError):
        return "damaged"


def _page(document: int, number: int) -> Page:
    pdfium = library()
    handle = pdfium.FPDF_LoadPage(document, number - 1)
    if not handle:
        return Page(number, 0.0, 0.0, "", broken=True)
    try:
        return _read(handle, number)
    except TooMuch as error:
        raise NotReadable("bomb", MOST_MEGABYTES) from error
    finally:
        pdfium.FPDF_ClosePage(handle)


def _read(handle: int, number: int) -> Page:
    view = view_of(handle)
    width, height = view.size
    scene = scene_of(handle, view)
    found = tokens(handle, view, scene.differ)
    sight = sight_of(found, scene, partial(ink_of, handle, view))
    blocks = layout.blocks([token for at, token in enumerate(found) if at not in sight.hidden], scene.rules)
    text, placed = layout.written(blocks)
    text, placed, hidden = _with_hidden(text, placed, [(found[at], why) for at, why in sight.hidden.items()])
    return Page(
        number,
        width,
        height,
        text,
        words=tuple(_word(word, width, height) for word in placed),
        hidden=hidden,
        pictures=round(scene.pictured, 3),
        recognised=sight.recognised,
        table=has_table(blocks, scene.rules),
        odd=sum(token.odd for token in found),
    )


def _with_hidden(
    text: str, placed: list[layout.Placed], unseen: list[tuple[Token, Why]]
) -> tuple[str, list[layout.Placed], tuple[Hidden, ...]]:
    """Hidden text in blocks after the rest, each reason by itself."""
    spans = []
    for why, group in groupby(sorted(unseen, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        start = len(text) + 2 if text else 0
        more, words = layout.written(layout.blocks([token for token, _ in group]), start)
        if more:
            text = f"{text}\n\n{more}" if text else more
            placed = placed + words
            spans.append(Hidden(start, start + len(more), why))
    return text, placed, tuple(spans)


def _word(word: layout.Placed, width: float, height: float) -> Word:
    x0, y0, x1, y1 = word.token.box
    return Word(word.start, word.end, _share(x0, width), _share(y0, height), _share(x1, width), _share(y1, height))


def _share(value: float, whole: float) -> float:
    return round(value / whole, 5) if 0.0 < value < whole else float(value > 0.0)
