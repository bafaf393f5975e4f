"""The report of the data's quality as a file: the counts, and every citation with what is wrong with it (IMP-05)."""

from collections.abc import Iterator
from dataclasses import astuple

from audit.export import csv_lines
from screening.export.tables import Row, Sheet
from screening.export.workbook import workbook
from screening.models.review import Review
from screening.models.source import ImportedFile
from screening.quality.checks import CHECKS
from screening.quality.summary import share
from screening.queries.quality.affected import affected
from screening.queries.quality.figures import Figures, of_import, of_review

FORMATS = ("csv", "xlsx")
COUNTS = ("check", "number", "of", "share", "what_it_means")
AFFECTED = ("source", "file", "line", "record_id", "title", "problem", "why")


def pieces(review: Review, file: ImportedFile | None, form: str) -> Iterator[bytes]:
    """The file in pieces; CSV has the list alone, a workbook the counts before it. For one import or for the review."""
    listed = Sheet("Citations", AFFECTED, (astuple(one) for one in affected(review, file)))
    if form == "csv":
        return (line.encode() for line in csv_lines(listed.header, listed.rows))
    figures = of_import(file) if file else of_review(review)
    return workbook([Sheet("Counts", COUNTS, _counts(figures)), listed])


def _counts(figures: Figures) -> Iterator[Row]:
    for check in CHECKS:
        if (number := figures.counts.get(check.key)) is not None:
            yield check.label, number, figures.total, share(number, figures.total), check.so
    for kind, counted in (("Language", figures.languages), ("Type", figures.types)):
        for name, number in counted.items():
            yield f"{kind}: {name}", number, figures.total, share(number, figures.total), ""
