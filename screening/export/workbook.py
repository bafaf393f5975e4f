"""Tables as an Excel workbook, written as it is sent: a review of 50,000 records takes no more memory than one of 50.

Office Open XML (ECMA-376) with inline strings. Every text is a string cell, which no spreadsheet runs, and is made
safe besides, for those who save the sheet as CSV (SEC-05).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from audit.export import safe
from screening.export.tables import Row, Sheet

LONGEST_CELL = 32_767  # characters, by Excel
CHUNK = 64 * 1024
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>'
)
_VIEW = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"'
    ' state="frozen"/></sheetView></sheetViews><sheetData>'
)


class _Pipe:
    """What the archive writes into, and what is sent from; it can't be sought in."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        data, self.parts = b"".join(self.parts), []
        return data


def workbook(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The workbook in pieces, each sheet's rows read as its piece is made."""
    pipe = _Pipe()
    with ZipFile(pipe, "w") as archive:
        for name, text in _frame(sheets):
            archive.writestr(_named(name), text)
        for number, sheet in enumerate(sheets, 1):
            with archive.open(_named(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as file:
                for chunk in _chunks(sheet):
                    file.write(chunk)
                    yield pipe.taken()
    yield pipe.taken()


def _named(name: str) -> ZipInfo:
    info = ZipInfo(name, date_time=datetime(2020, 1, 1).timetuple()[:6])  # noqa: DTZ001 (the same bytes each time)
    info.compress_type = ZIP_DEFLATED
    return info


def _chunks(sheet: Sheet) -> Iterator[bytes]:
    parts = [f'{_HEAD}<worksheet xmlns="{_MAIN}">{_VIEW}', _row(sheet.header, ' s="1"')]
    size = 0
    for row in sheet.rows:
        parts.append(_row(row))
        size += len(parts[-1])
        if size > CHUNK:
            yield "".join(parts).encode()
            parts, size = [], 0
    parts.append("</sheetData></worksheet>")
    yield "".join(parts).encode()


def _row(cells: Iterable[object] | Row, style: str = "") -> str:
    return f"<row>{''.join(_cell(cell, style) for cell in cells)}</row>"


def _cell(value: object, style: str) -> str:
    if value is None or value == "":
        return f"<c{style}/>"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c{style}><v>{value}</v></c>"
    text = escape(_NOT_XML.sub("\ufffd", safe(value)[:LONGEST_CELL]))
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _frame(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    """The parts of the package that say what is where."""
    numbers = range(1, len(sheets) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>' for n in numbers
    )
    types = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{parts}</Types>'
    )
    yield "[Content_Types].xml", types
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    names = "".join(
        f'<sheet name="{escape(sheet.name[:31], {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    yield "xl/workbook.xml", f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{names}</sheets></workbook>'
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
