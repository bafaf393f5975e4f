"""Each citation that a check applies to, with the reason: what the file of the report lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from screening.enums import ImportStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.source import ImportedFile, RejectedEntry
from screening.quality.checks import BY_KEY, SHORT, problems
from screening.queries.quality.conditions import hinted, known, plain, repeated

BATCH = 2_000
TITLE_SHOWN = 300
WHERE = ("citation__source__name", "citation__file__name", "citation__line", "pk")
LOOKED_AT = ("title", "authors", "year", "journal", "doi", "language", "type")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the checks look at of a record; of its abstract so much as they need."""

    title: str
    authors: list[str]
    year: int | None
    journal: str
    doi: str
    language: str
    type: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Affected:
    """A citation by its place in a file, the label of a check, and why it applies. A rejected entry has no record."""

    source: str
    file: str
    line: int | None
    record_id: int | None
    title: str
    problem: str
    why: str


def affected(review: Review, file: ImportedFile | None = None) -> Iterator[Affected]:
    """Of one import by its citations, or of the records that count; then what was rejected. Streamed."""
    records = Record.objects.filter(citation__file=file) if file else Record.objects.filter(review=review, active=True)
    twice = _twice(file) if file else {}
    asked = reduce(or_, plain().values()) | hinted(review.pk)
    if twice:
        asked |= Q(pk__in=list(twice))
    rows = records.filter(asked).order_by("citation__file", "citation__position")
    values = rows.values_list(*WHERE, *LOOKED_AT, Left("abstract", SHORT))
    this_year = timezone.now().year
    for source, name, line, pk, *seen in values.iterator(BATCH):
        one = Seen(*seen)
        found = problems(one, this_year=this_year) | ({twice[pk]: BY_KEY[twice[pk]].so} if pk in twice else {})
        for key in (key for key in BY_KEY if key in found):
            yield Affected(source, name, line, pk, one.title[:TITLE_SHOWN], BY_KEY[key].label, found[key])
    yield from _rejected(review, file)


def _twice(file: ImportedFile) -> dict[int, str]:
    records = Record.objects.filter(citation__file=file).order_by()
    both = (("repeated", repeated()), ("known", known()))
    return {pk: key for key, asked in both for pk in records.filter(asked).values_list("pk", flat=True)}


def _rejected(review: Review, file: ImportedFile | None) -> Iterator[Affected]:
    of = Q(file=file) if file else Q(file__review=review) & ~Q(file__status=ImportStatus.UNDONE)
    rows = RejectedEntry.objects.filter(of).order_by("file", "line")
    values = rows.values_list("file__source__name", "file__name", "line", Left("raw", TITLE_SHOWN), "field", "reason")
    for source, name, line, raw, field, reason in values.iterator(BATCH):
        what = f"Rejected: {field}" if field else "Rejected"
        yield Affected(source, name, line, None, " ".join(raw.split()), what, reason)
