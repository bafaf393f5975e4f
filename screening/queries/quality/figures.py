"""How many citations of an import, or records of a review, each check applies to: counted by PostgreSQL.

An import is counted by its citations, whatever became of their records; a review by the records that count now: merged
ones and those of imports that were undone are out. So a list of records with the same filter is as long as its number.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet

from screening.enums import CandidateStatus, ImportStatus
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record
from screening.models.review import Review
from screening.models.source import ImportedFile, RejectedEntry
from screening.quality import languages
from screening.queries.quality.conditions import SEPARATORS, hinted, known, marked, plain, read_whole, repeated


@dataclass(frozen=True, slots=True)
class Figures:
    """`counts` by key of a check. `languages` and `types` are counted once for each of several that a record names.

    `foreign` are those that name languages, but not English; `years` the first and the last.
    """

    total: int
    counts: Mapping[str, int]
    languages: Mapping[str, int] = field(default_factory=dict)
    types: Mapping[str, int] = field(default_factory=dict)
    foreign: int = 0
    years: tuple[int | None, int | None] = (None, None)


def of_import(file: ImportedFile) -> Figures:
    """Of the citations that were stored. Six queries."""
    records = Record.objects.filter(citation__file=file)
    twice = {"repeated": records.filter(repeated()).count(), "known": records.filter(known()).count()}
    return _figures(records, file.review_id, twice)


def of_review(review: Review) -> Figures:
    """Of the records that count. Four queries."""
    return _figures(Record.objects.filter(review=review, active=True), review.pk, {})


def of_dry_run(file: ImportedFile) -> Figures:
    """Of what the dry run read: nothing is stored yet. No query."""
    found = file.quality
    counts = {f"no_{name}": number for name, number in found.get("missing", {}).items()} | found.get("problems", {})
    spoken = {name: number for name, number in found.get("languages", {}).items() if name != "not said"}
    counts["repeated"] = found.get("repeated", 0)
    return Figures(file.parsed, counts, _ordered(spoken), _ordered(found.get("types", {})), found.get("foreign", 0))


def _figures(records: "QuerySet[Record]", review_id: int, twice: dict[str, int]) -> Figures:
    whole = records.aggregate(
        total=Count("pk"), first=Min("year"), last=Max("year"),
        **{key: Count("pk", filter=asked) for key, asked in plain().items()},
    )  # fmt: skip
    marks = records.filter(hinted(review_id)).aggregate(
        **{key: Count("pk", filter=asked) for key, asked in marked(review_id).items()}
    )
    total, years = whole.pop("total"), (whole.pop("first"), whole.pop("last"))
    spoken = _spread(records, "language", languages.names)
    foreign = sum(number for names, number in spoken if names and "English" not in names)
    types = _spread(records, "type", lambda low: tuple(dict.fromkeys(filter(None, re.split(SEPARATORS["type"], low)))))
    return Figures(total, whole | marks | twice, _each(spoken), _each(types), foreign, years)


def _spread(
    records: "QuerySet[Record]", column: str, read: Callable[[str], tuple[str, ...]]
) -> list[tuple[tuple[str, ...], int]]:
    """What the column says, read apart, with the number of records that say it. One query."""
    said = records.order_by().values_list(read_whole(column)).annotate(number=Count("pk"))
    return [(read(low), number) for low, number in said]


def _ordered(counted: Mapping[str, int]) -> dict[str, int]:
    """The most first, equals by name."""
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _each(spread: Iterable[tuple[tuple[str, ...], int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for names, number in spread:
        found.update(dict.fromkeys(names, number))
    return _ordered(found)


@dataclass(frozen=True, slots=True)
class OfSource:
    """What a source's records lack: those that it brought, alone or with others."""

    id: int
    name: str
    total: int
    counts: Mapping[str, int]


LACKING = ("no_abstract", "no_title", "no_year", "no_doi")
OF_SOURCES = """
WITH brought AS (
  SELECT DISTINCT c.source_id, COALESCE(m.merged_into_id, m.id) AS root
    FROM screening_citation c JOIN screening_record m ON m.id = c.record_id WHERE m.review_id = %s
)
SELECT s.id, s.name, count(*), count(*) FILTER (WHERE r.abstract = ''), count(*) FILTER (WHERE r.title = ''),
       count(*) FILTER (WHERE r.year IS NULL), count(*) FILTER (WHERE r.doi = '')
  FROM brought b JOIN screening_record r ON r.id = b.root AND r.active JOIN screening_source s ON s.id = b.source_id
 GROUP BY s.id, s.name ORDER BY s.name
"""


def by_source(review: Review) -> list[OfSource]:
    """A record of several sources counts for each. One query."""
    with connection.cursor() as cursor:
        cursor.execute(OF_SOURCES, [review.pk])
        rows = cursor.fetchall()
    return [OfSource(pk, name, total, dict(zip(LACKING, counts, strict=True))) for pk, name, total, *counts in rows]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Entries of a file that could not be read, by the field that was to blame ("" for the whole entry)."""

    file_id: int
    name: str
    field: str
    number: int


def rejected(review: Review, file: ImportedFile | None = None) -> list[Rejected]:
    """Of one import, or of all that stand; the most first. One query."""
    of = Q(file=file) if file else Q(file__review=review) & ~Q(file__status=ImportStatus.UNDONE)
    rows = RejectedEntry.objects.filter(of).order_by().values_list("file_id", "file__name", "field")
    counted = rows.annotate(number=Count("pk")).order_by("-number", "file_id", "field")
    return [Rejected(*row) for row in counted]


def mended(review: Review) -> list[ImportedFile]:
    """Imports that stand, of whose files something was mended or odd while they were read. One query."""
    files = ImportedFile.objects.filter(review=review, stored__gt=0).exclude(status=ImportStatus.UNDONE)
    return list(files.exclude(notes=[]).only("pk", "review_id", "name", "encoding", "notes").order_by("pk"))


def merged(review: Review) -> tuple[int, int]:
    """(citations that were merged into another's record, all that were imported and stand). One query."""
    away = Q(merged_into__isnull=False)
    stand = Record.objects.filter(Q(active=True) | away, review=review)  # as the flow has it (prisma.flow.identified)
    found = stand.aggregate(merged=Count("pk", filter=away), whole=Count("pk"))
    return found["merged"], found["whole"]


def open_pairs(review: Review) -> int:
    """Possible duplicates that wait for a person. One query."""
    return DuplicateCandidate.objects.filter(review=review, status=CandidateStatus.OPEN).count()
