"""Tables (CSV, TSV, sheets of workbooks): any delimiter, a header somewhere near the top, columns found by name or by a
person's mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from . import cells, clean
from .accessions import Accession, accession, in_url
from .citation import LOCAL, MAX_ENTRY, Entry, NotACitationFile, Reject, overlong
from .draft import Draft, finish
from .headers import ACCESSION_FIELDS, guess, is_wos, no_title, settle
from .notes import Notes
from .rows import Row, Rows

DELIMITERS = (",", ";", "\t", "|")
HEADER_WITHIN = 25
"""Rows. Embase puts its search strategy above the header."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read. `mapping` is our field -> column name; `skip` rows stand above the header.

    `sheet` is the name of a workbook's sheet, "" for a table of text.
    """

    delimiter: str
    columns: list[str]
    mapping: dict[str, str]
    skip: int
    sheet: str = ""

    @property
    def format(self) -> str:
        if self.sheet:
            return "xlsx"
        return "tsv" if self.delimiter == "\t" else "csv"


def find_layout(head: list[str], mapping: Mapping[str, str] | None) -> Layout | None:
    """The layout of the table that begins with these lines; None if this is no table that could hold citations.

    Raises NotACitationFile if the mapping names what does not exist.
    """
    best = max((_try(head, delimiter, mapping) for delimiter in DELIMITERS), key=_fit)
    if best is None:
        return None
    _, skip, columns, delimiter = best
    return Layout(delimiter, columns, settle(columns, mapping), skip)


_Trial = tuple[int, int, list[str], str]


def _fit(trial: _Trial | None) -> tuple[int, int]:
    return (trial[0], -trial[1]) if trial else (0, 0)


def _try(head: list[str], delimiter: str, mapping: Mapping[str, str] | None) -> _Trial | None:
    """(number of known columns, rows above, columns, delimiter) of the likeliest header for this delimiter."""
    return _header((row.cells for row in Rows(head, delimiter)), delimiter, mapping)


def _header(rows: Iterable[list[str]], delimiter: str, mapping: Mapping[str, str] | None) -> _Trial | None:
    best: _Trial | None = None
    for index, row in enumerate(islice(rows, HEADER_WITHIN)):
        columns = [" ".join(cell.split()) for cell in row]
        known = _known(columns, mapping)
        if known > _fit(best)[0]:
            best = known, index, columns, delimiter
    return best


def _known(columns: list[str], mapping: Mapping[str, str] | None) -> int:
    if mapping and mapping.get("title") in columns:
        return 100 + len(columns)
    found = guess(columns)
    # prose that happens to hold one of the names is not a header; a table of nothing but titles may be
    if "title" not in found or (len(found) < 2 and len(columns) > 1):
        return 0
    return len(found)


def sheet_layout(head: list[list[str]], sheet: str, mapping: Mapping[str, str] | None) -> Layout | None:
    """The same for the top rows of a workbook's sheet. Raises NotACitationFile as `find_layout` does."""
    best = _header(head, "", mapping)
    return Layout("", best[2], settle(best[2], mapping), best[1], sheet) if best else None


def refusal(head: list[str]) -> NotACitationFile | None:
    """For a table without titles: what to say. None if the lines don't look like a table."""
    for delimiter in DELIMITERS:
        rows = [row.cells for row in islice(Rows(head, delimiter), 4) if not row.fault]
        widths = {len(row) for row in rows}
        if rows and len(widths) == 1 and widths.pop() > 1 and max(map(len, rows[0])) < 100:
            return no_title([" ".join(cell.split()) for cell in rows[0]])
    return None


def read(lines: Iterable[str], layout: Layout, notes: Notes) -> Iterator[Entry]:
    """Every row below the header, as a citation or a reject; never raises."""
    rows = Rows(lines, layout.delimiter, quoted=not is_wos(layout.columns))
    yield from read_rows(_measured(rows, layout), layout, notes)
    if rows.blank:
        notes.add("row without any text, left out", 1, rows.blank)


def _measured(rows: Rows, layout: Layout) -> Iterator[Row]:
    """The rows as they are; from the header on it is known how wide they should be."""
    for index, row in enumerate(rows):
        if index == layout.skip:
            rows.width = len(row.cells)
        yield row


def read_rows(rows: Iterable[Row], layout: Layout, notes: Notes) -> Iterator[Entry]:
    """The same for rows that are not blank."""
    places = {field: layout.columns.index(column) for field, column in layout.mapping.items()}
    for index, row in enumerate(rows):
        if index > layout.skip:
            yield _entry(row, places, layout, notes)


def _entry(row: Row, places: dict[str, int], layout: Layout, notes: Notes) -> Entry:
    width = len(layout.columns)
    if len(row.raw) > MAX_ENTRY:
        return overlong(row.line, row.raw)
    if row.fault:
        return Reject(row.line, "", row.fault, row.raw)
    row_cells = _realigned(row, layout.columns, notes)
    if any(cell.strip() for cell in row_cells[width:]):
        reason = f"The row has {len(row.cells)} cells and the header {width}: a text holds an unquoted delimiter."
        return Reject(row.line, "", reason, row.raw)

    if row.remark:
        notes.add(row.remark, row.line)

    def cell(field: str) -> str:
        place = places.get(field, -1)
        return row_cells[place] if 0 <= place < len(row_cells) else ""

    glued = "Item Title" in layout.columns  # Springer
    return finish(_draft(cell, glued=glued), row.line, row.raw, notes)


def _realigned(row: Row, columns: list[str], notes: Notes) -> list[str]:
    """Scopus gives "Funding Text 2, 3 …" cells to rows that need them, and heads only as many as the first row has."""
    surplus = len(row.cells) - len(columns)
    last = max((place for place, name in enumerate(columns) if name.startswith("Funding Text")), default=-1)
    if surplus <= 0 or last < 0:
        return row.cells
    notes.add("row with more funding texts than the header names, put right", row.line)
    return row.cells[: last + 1] + row.cells[last + 1 + surplus :]


def _draft(cell: Callable[[str], str], *, glued: bool) -> Draft:
    return Draft(
        title=cell("title"),
        authors=cells.authors(cell("authors"), glued=glued),
        year=cell("year"),
        journal=cell("journal"),
        volume=cell("volume"),
        issue=cell("issue"),
        pages=clean.pages(cell("start_page"), cell("end_page")) or clean.text(cell("pages")),
        doi=cell("doi"),
        abstract=clean.paragraphs(cell("abstract")),
        url=cell("url"),
        language=cell("language"),
        type=cell("type"),
        keywords=cells.keywords(cell("keywords")) + cells.keywords(cell("index_keywords")),
        accessions=_accessions(cell),
    )


def _accessions(cell: Callable[[str], str]) -> list[Accession]:
    found = [pair for field in ACCESSION_FIELDS if (pair := _accession(field, cell(field)))]
    return found + in_url(cell("url"))


def _accession(scheme: str, value: str) -> Accession | None:
    value = clean.text(value)
    if not value or value == "0":  # Abstrackr writes 0 for "none"
        return None
    pair = accession(value, otherwise=scheme)
    if scheme in ("accession", LOCAL) or pair is None:
        return pair
    return pair if pair[0] == scheme else (scheme, value)
