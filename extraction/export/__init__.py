"""What leaves of the evidence table: CSV, XLSX, JSON and a file for RevMan (EXT-10, SEC-05)."""

from collections.abc import Callable

from django.http.response import HttpResponseBase

from extraction.export import answers
from extraction.queries.table import Table

FILES: dict[str, Callable[[Table, str], HttpResponseBase]] = {
    "table.csv": answers.wide,
    "long.csv": answers.long,
    "cells.csv": answers.cells,
    "evidence.xlsx": answers.workbook,
    "evidence.json": answers.document,
    "revman.csv": answers.revman,
}
LABELS = {
    "evidence.xlsx": ("Excel", "The table, the long table, where every value comes from, and the fields"),
    "table.csv": ("CSV, a line per study", "Arms and outcomes side by side"),
    "long.csv": ("CSV, long", "A line per study, outcome and arm: for R and Stata"),
    "cells.csv": ("CSV, provenance", "A line per value: who, when, quote, page"),
    "evidence.json": ("JSON", "Everything with its provenance and the form's schema"),
    "revman.csv": ("RevMan", "A line per pair of arms and outcome"),
}
