"""Files of the table as answers of the server, streamed."""

from collections.abc import Iterator

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from audit.export import csv_lines
from extraction.export.cells import cell_rows
from extraction.export.document import pieces
from extraction.export.grids import Row, laid_out, long_rows, wide_rows
from extraction.export.revman import revman_rows
from extraction.export.workbook import workbook as written
from extraction.queries.table import Table
from extraction.queries.table_wanted import BY_STUDY

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wide(table: Table, name: str) -> HttpResponseBase:
    return _csv(wide_rows(table), f"{name}-table.csv")


def long(table: Table, name: str) -> HttpResponseBase:
    return _csv(long_rows(table), f"{name}-long.csv")


def cells(table: Table, name: str) -> HttpResponseBase:
    return _csv(cell_rows(laid_out(table, BY_STUDY)), f"{name}-provenance.csv")


def revman(table: Table, name: str) -> HttpResponseBase:
    return _csv(revman_rows(table), f"{name}-revman.csv")


def workbook(table: Table, name: str) -> HttpResponseBase:
    return FileResponse(written(table), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def document(table: Table, name: str) -> HttpResponseBase:
    return _sent(pieces(table), "application/json", f"{name}.json")


def _csv(rows: Iterator[Row], name: str) -> HttpResponseBase:
    heading = next(rows)
    return _sent(csv_lines([str(title) for title in heading], rows), "text/csv; charset=utf-8", name)


def _sent(text: Iterator[str], kind: str, name: str) -> HttpResponseBase:
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse((part.encode() for part in text), content_type=kind, headers=attached)
