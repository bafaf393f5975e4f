"""Excel workbooks (.xlsx) as tables: the first sheet with a header, its rows one by one, cells as people see them.

An .xlsx is a zip of XML. What it unpacks to is bounded before anything of it is read, and no part of it may declare
entities: Excel never does.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from . import table
from .citation import Entry, NotACitationFile
from .headers import no_title
from .notes import Notes
from .rows import Row

UNPACKED = 150_000_000
"""Bytes. All texts of a workbook are held in memory while it is read, so no part of it may be larger."""

SMALL = 20_000_000
"""Bytes. Styles and the like are held as trees, which take many times their size."""

COLUMNS = 500
LAST_ROW = 1_048_576  # Excel's own limit
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ERRORS = frozenset(("#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"))
_RANGES = ("volume", "issue", "pages", "start_page", "end_page")

DAMAGED = (
    "This Excel workbook is damaged and can't be read. Open it in Excel, save it again as .xlsx or as CSV (UTF-8), "
    "and import that."
)
TOO_LARGE = (
    f"This Excel workbook unpacks to more than {UNPACKED // 10**6} MB. Save the sheet as CSV (UTF-8) and import that, "
    "or split it."
)
# What zipfile, zlib, expat, lxml and openpyxl raise on files that aren't what they say.
_FAULTS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, InvalidFileException, ParseError, LxmlError,
    LookupError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError, EOFError, ArithmeticError,
    AssertionError, OSError,
)  # fmt: skip


def is_workbook(stream: BinaryIO) -> bool:
    """Is this zip an Excel workbook?"""
    try:
        with zipfile.ZipFile(stream) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _FAULTS:
        return False


def find_layout(stream: BinaryIO, mapping: Mapping[str, str] | None) -> table.Layout:
    """The first sheet whose top rows have a header with a title, and how it is laid out.

    Raises NotACitationFile, with the columns of the first sheet that has any where no header is known.
    """
    columns: list[str] = []
    with _opened(stream) as book:
        for sheet in book.worksheets:
            head = [row.cells for row in islice(_rows(sheet), table.HEADER_WITHIN) if not row.fault]
            if layout := table.sheet_layout(head, sheet.title, mapping):
                return layout
            columns = columns or [" ".join(cell.split()) for cell in (head[0] if head else [])]
    if columns:
        raise no_title(columns)
    raise NotACitationFile("This Excel workbook has no sheet with any text. Check that it is the file you meant.")


def read(stream: BinaryIO, layout: table.Layout, notes: Notes) -> Iterator[Entry]:
    """Every row below the header, as a citation or a reject; damage further down is a reject at its row.

    Raises NotACitationFile for a workbook that can't be opened.
    """
    with _opened(stream) as book:
        sheet = next((sheet for sheet in book.worksheets if sheet.title == layout.sheet), None)
        if sheet is None:
            raise NotACitationFile(DAMAGED)
        if len(book.worksheets) > 1:
            notes.add(f"sheet read, “{layout.sheet}”, of the {len(book.worksheets)} in the workbook", 1)
        ranges = frozenset(layout.columns.index(layout.mapping[field]) for field in _RANGES if field in layout.mapping)
        rows = (_fitting(row, layout, notes) for row in _rows(sheet, ranges, notes))
        yield from table.read_rows(rows, layout, notes)


@contextmanager
def _opened(stream: BinaryIO) -> Iterator[Any]:
    """The workbook, read-only. Raises NotACitationFile for one that is damaged or too large."""
    try:
        _check(stream)
        book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except _FAULTS as error:
        raise NotACitationFile(DAMAGED) from error
    try:
        yield book
    finally:
        book.close()


def _check(stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream) as archive:
        for part in archive.infolist():
            if not part.filename.endswith((".xml", ".rels")):
                continue
            large = part.filename.startswith("xl/worksheets/") or part.filename == "xl/sharedStrings.xml"
            # zipfile reads no more of a part than it declares, so the declared size is a bound
            if part.file_size > (UNPACKED if large else SMALL):
                raise NotACitationFile(TOO_LARGE)
            with archive.open(part) as content:
                if _ENTITIES.search(content.read(4096)):
                    raise NotACitationFile(DAMAGED)
    stream.seek(0)


def _rows(sheet: Any, ranges: frozenset[int] = frozenset(), notes: Notes | None = None) -> Iterator[Row]:
    """Rows with any text, each with its number in the sheet; in the columns `ranges` a date was a range of numbers."""
    sheet.reset_dimensions()  # many programs write a wrong one, and rows outside it would be lost
    number, rows = 0, iter(sheet.iter_rows())
    while number < LAST_ROW:
        number += 1
        try:
            cells = next(rows, None)
        except _FAULTS:
            yield Row(number, [], "", "The workbook is damaged from this row on; the rows above were read.")
            return
        if cells is None:
            return
        row = _row(number, cells[:COLUMNS], ranges, notes)
        if row.cells:
            yield row


def _row(number: int, cells: Sequence[Any], ranges: frozenset[int], notes: Notes | None) -> Row:
    shown = [_shown(cell.value) for cell in cells]
    while shown and not shown[-1].strip():
        shown.pop()
    raw = "\t".join(cell.replace("\t", " ") for cell in shown) + "\n"
    for place in ranges:
        if place < len(shown) and isinstance(cells[place].value, date):
            shown[place] = _range(cells[place].value, cells[place].number_format or "")
            if notes:
                notes.add("page or issue numbers that Excel had made a date of, put back", number)
    return Row(number, shown, raw)


def _shown(value: object) -> str:
    """A cell as Excel shows it, as far as that matters: no ".0", dates as ISO, errors as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    text = str(value)
    return "" if text in _ERRORS else text.replace("\0", "\ufffd")


def _range(value: date, number_format: str) -> str:
    """What somebody typed that Excel took for a date: "1-10" is shown as 1 Oct or 10 Jan, "10-35" as Oct-35.

    A range rises, so of day and month the smaller comes first.
    """
    if number_format.lower().startswith("mmm") and "d" not in number_format.lower():
        return f"{value.month}-{value.year % 100}"
    low, high = sorted((value.day, value.month))
    return f"{low}-{high}"


def _fitting(row: Row, layout: table.Layout, notes: Notes) -> Row:
    """Without the cells to the right of the last heading."""
    width = len(layout.columns)
    if len(row.cells) <= width:
        return row
    notes.add("row with text to the right of the last heading, which was left out", row.line)
    return Row(row.line, row.cells[:width], row.raw)
