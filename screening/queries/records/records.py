"""Lists of records: by words, box of the flow, stage, status, people, source, tag, year and what a record has."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.expressions import RawSQL

from screening.models.record import Record
from screening.models.record_index import RecordIndex
from screening.models.review import Review
from screening.queries.documents.retrieval import with_document
from screening.queries.marks.annotations import visible_taggings
from screening.queries.prisma import flow
from screening.queries.quality.conditions import condition, says
from screening.queries.records import search, standing
from screening.searching.terms import Node, Words, wanted_words

ORDERS: dict[str, tuple[str, ...]] = {
    "newest": ("-year", "record_id"),
    "oldest": ("year", "record_id"),
    "title": ("record__title", "record_id"),
    "imported": ("record_id",),
}
NARROWING = ("words", "tag", "source", "year_from", "year_to", "language", "type", "abstract", "problem", "document")
"""The parts of a filter that may narrow what a workbench gives out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; empty means any. `box` is a key of the PRISMA flow and includes merged records.

    So does `file`, an import: it is listed by its citations, whatever became of them. `problem` is the key of a check
    (screening.quality).

    `screened_by`, `waits_for`, `mine`, `waived`, `since`, `changed_from`, `in_hand`, `pilot` and `elsewhere` are asked
    of the stage (title and abstract where none is named); see `queries.records.standing` for their words.
    """

    box: str = ""
    stage: str = ""
    status: str = ""
    source: int | None = None
    file: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    words: Node | None = None
    order: str = ""
    tag: int | None = None
    language: str = ""
    type: str = ""
    abstract: str = ""
    problem: str = ""
    document: str = ""
    screened_by: int | None = None
    waits_for: str = ""
    mine: str = ""
    waived: bool = False
    since: str = ""
    changed_from: date | None = None
    in_hand: bool = False
    pilot: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whose eyes a list is for: a filter must not tell of what may not be seen (SCR-02)."""

    user_id: int
    roles: Collection[str]


@dataclass(slots=True)
class Found:
    """The records that a list was asked for, as rows of RecordIndex, and how they are ordered."""

    rows: "QuerySet[RecordIndex]"
    order: str = ""
    words: list[Words] = field(default_factory=list)
    searched: bool = False
    _count: int | None = None
    _seen: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def look(self, start: int, stop: int) -> None:
        """Count the matches of a search and take a stretch of them in one pass: going over them is what costs.

        Few matches are asked for by their ids from then on, to be ranked by all their words.
        """
        if not self.searched:
            return
        counted = self._ordered(whole=False).annotate(of=Window(Count("*")))
        first = list(counted.values_list("record_id", "of")[: max(stop, search.RANKED_WHOLE)])
        self._count = first[0][1] if first else 0
        ids = [pk for pk, _ in first]
        if self._ranks and self.ranked_whole:
            self.rows = RecordIndex.objects.filter(record_id__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))
        else:
            self._seen[start, stop] = ids[start:stop]

    def count(self) -> int:
        """How many there are; counted once."""
        if self._count is None:
            self._count = self.rows.count()
        return self._count

    def stretch(self, start: int, stop: int) -> list[int]:
        """Record ids from a place to another, in the order asked for."""
        if (start, stop) in self._seen:
            return self._seen[start, stop]
        return list(self.ids()[start:stop])

    @property
    def ranked_whole(self) -> bool:
        """Whether abstracts take part in the ranking (see search.RANKED_WHOLE)."""
        return self.count() <= search.RANKED_WHOLE

    @property
    def _ranks(self) -> bool:
        return bool(self.words) and not self.order

    def ids(self) -> "QuerySet[Any, int]":
        """Record ids in the order asked for: the best match first where words are looked for, else as imported."""
        return self._ordered(whole=self._ranks and self.ranked_whole).values_list("record_id", flat=True)

    def _ordered(self, *, whole: bool) -> "QuerySet[RecordIndex]":
        if not self._ranks:
            return self.rows.order_by(*ORDERS.get(self.order, ORDERS["imported"]))
        score: Any = search.rank(self.words, whole=whole)
        return self.rows.order_by(score.desc(), "-year", "record_id")


def listed(review: Review, wanted: Wanted, eyes: Eyes) -> Found | None:
    """The records asked for; None for a box that the flow does not have."""
    rows: QuerySet[RecordIndex] = RecordIndex.objects.filter(review=review)
    if wanted.box:
        boxed = flow.box(review, wanted.box)
        if boxed is None:
            return None
        rows = rows.filter(record_id__in=boxed.order_by().values("pk"))
    elif wanted.file is None:
        rows = rows.filter(active=True)
    taggings = visible_taggings(review_id=review.pk, user_id=eyes.user_id, roles=eyes.roles)
    rows = _of_its_own(rows, review, wanted, taggings)
    if (places := standing.places(review, wanted, eyes)) is not None:
        rows = rows.filter(record_id__in=places.order_by().values("record_id"))
    if wanted.words is not None:
        rows = rows.filter(search.condition(wanted.words, review_id=review.pk, taggings=taggings))
    return Found(rows, wanted.order, wanted_words(wanted.words), wanted.words is not None)


def restriction(review: Review, wanted: Wanted, eyes: Eyes) -> "QuerySet[Any, int] | None":
    """Ids of the records that a workbench is narrowed to, as a subquery; None where nothing narrows it (SCR-10).

    Only what a record says and has counts (words, tag, source, year, language, type, abstract, problem, document):
    whose turn it is, the queue itself knows. `query.sql_with_params()` of it is its SQL.
    """
    of_records = Wanted(**{name: getattr(wanted, name) for name in NARROWING})
    if of_records == Wanted():
        return None
    found = listed(review, of_records, eyes)
    return found.rows.order_by().values_list("record_id", flat=True) if found else None


def _of_its_own(
    rows: "QuerySet[RecordIndex]", review: Review, wanted: Wanted, taggings: "QuerySet[Any]"
) -> "QuerySet[RecordIndex]":
    """By what a record says and has, whoever screens it."""
    if wanted.year_from is not None:
        rows = rows.filter(year__gte=wanted.year_from)
    if wanted.year_to is not None:
        rows = rows.filter(year__lte=wanted.year_to)
    if wanted.source is not None:
        rows = rows.filter(search.of_sources([wanted.source]))
    if wanted.tag is not None:
        rows = rows.filter(search.with_root_in(taggings.filter(tag=wanted.tag).values("root")))
    if wanted.file is not None:
        rows = rows.filter(record__citation__file=wanted.file)
    if asked := _said_by_it(review, wanted):
        rows = rows.filter(record_id__in=Record.objects.filter(asked, review=review).order_by().values("pk"))
    if wanted.abstract:
        empty = Record.objects.filter(review=review, abstract="").order_by().values("pk")
        rows = rows.exclude(record__in=empty) if wanted.abstract == "yes" else rows.filter(record__in=empty)
    if wanted.document:
        there = search.with_root_in(with_document(review))
        rows = rows.filter(there) if wanted.document == "yes" else rows.exclude(there)
    return rows


def _said_by_it(review: Review, wanted: Wanted) -> Q:
    asked = Q()
    if wanted.language:
        asked &= says("language", wanted.language)
    if wanted.type:
        asked &= says("type", wanted.type)
    if wanted.problem:
        asked &= condition(wanted.problem, review.pk)
    return asked
