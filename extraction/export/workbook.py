"""The table as an Excel workbook of five sheets, written row by row to a file on disk, not to memory."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from audit.export import safe
from extraction.export.about import about, dictionary
from extraction.export.cells import cell_rows
from extraction.export.grids import laid_out, long_rows, wide_rows
from extraction.queries.cells_shown import STATES
from extraction.queries.table import Table
from extraction.queries.table_wanted import BY_STUDY

LONGEST = 32_767  # characters that a cell of Excel holds
BOLD = Font(bold=True)


def workbook(table: Table) -> IO[bytes]:
    """An open temporary file at its start. Sheets: Table, Long, Provenance, Fields, About."""
    book = Workbook(write_only=True)
    by_study = laid_out(table, BY_STUDY)
    counts: Counter[str] = Counter()
    _sheet(book, "Table", wide_rows(table))
    _sheet(book, "Long", long_rows(table))
    _sheet(book, "Provenance", _counted(cell_rows(by_study), counts))
    _sheet(book, "Fields", dictionary(by_study))
    codes = {label: code for code, label in STATES.items()}
    found = about(by_study, {codes[label]: number for label, number in counts.items()})
    told: list[list[object]] = [["About this file", ""]]
    _sheet(book, "About", told + [[title, said] for title, said in found.items()])
    file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _counted(rows: Iterable[list[object]], counts: Counter[str]) -> Iterable[list[object]]:
    for place, row in enumerate(rows):
        if place:
            counts[str(row[7])] += 1
        yield row


def _sheet(book: Any, title: str, rows: Iterable[list[object]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, row in enumerate(rows):
        sheet.append([_heading(sheet, value) if place == 0 else _written(sheet, value) for value in row])


def _heading(sheet: Any, value: object) -> WriteOnlyCell:
    cell = _text(sheet, value)
    cell.font = BOLD
    return cell


def _written(sheet: Any, value: object) -> object:
    return value if isinstance(value, int | Decimal) or value is None else _text(sheet, value)


def _text(sheet: Any, value: object) -> WriteOnlyCell:
    """Text that is text in the file itself, so that "=1+1" is never a formula, and safe if it is saved as CSV."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", safe(value))[:LONGEST])
    cell.data_type = "s"
    return cell
