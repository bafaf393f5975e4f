"""What goes out: records, decisions, suggestions, exclusions, amendments; for people, spreadsheets, programs (REP-07).

Untrusted text is safe in a spreadsheet (SEC-05). Whoever still screens is told of records that are settled (SCR-02).
"""

from collections.abc import Iterator, Sequence

from audit.export import csv_lines
from screening.export import as_json, tables
from screening.export.bibtex import bibtex
from screening.export.data import Telling
from screening.export.opinions import suggestions
from screening.export.ris import ris
from screening.export.workbook import workbook

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
}
"""Ending of a file -> its content type."""
FORMATS = {
    "records": ("csv", "xlsx", "ris", "bib", "json"),
    "decisions": ("csv", "xlsx", "json"),
    "suggestions": ("csv", "xlsx", "json"),
    "excluded": ("csv", "xlsx", "json"),
    "amendments": ("csv", "xlsx", "json"),
}
"""What can be had -> in which formats."""


def pieces(telling: Telling, what: str, form: str, ids: Sequence[int]) -> Iterator[bytes]:
    """The file in pieces, made as they are sent. `ids` are the records of a list; other exports ask for none."""
    if what == "records" and form in ("ris", "bib", "json"):
        writers = {"ris": ris, "bib": bibtex, "json": as_json.records}
        return (text.encode() for text in writers[form](telling, ids))
    if (what, form) == ("amendments", "json"):
        return (text.encode() for text in as_json.amendments(telling))
    sheets = _sheets(telling, what, ids)
    if form == "xlsx":
        return workbook(sheets)
    if form == "json":
        return (text.encode() for text in as_json.table(telling, what, sheets[0]))
    return (line.encode() for line in csv_lines(sheets[0].header, sheets[0].rows))


def _sheets(telling: Telling, what: str, ids: Sequence[int]) -> list[tables.Sheet]:
    if what == "records":
        return [tables.records(telling, ids)]
    if what == "decisions":
        return [tables.decisions(telling)]
    if what == "suggestions":
        return [suggestions(telling)]
    return [tables.excluded(telling) if what == "excluded" else tables.amendments(telling)]
