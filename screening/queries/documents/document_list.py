"""The page of documents: records at full text with or without a file, and files by what is to be done about them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from screening.enums import DocumentStatus, Stage, StageStatus, TextLayer
from screening.models.document import Document
from screening.models.record import Record
from screening.models.retrieval import Retrieval
from screening.models.review import Review
from screening.models.stage import StageState
from screening.queries.documents.documents import current_documents, flags_said, quality_brief, quality_sentence
from screening.queries.documents.retrieval import not_retrieved, with_document

OF_RECORDS = {"all": "At full text", "missing": "Without a document"}
OF_FILES = {
    "tray": ("Tray", Q(record=None)),
    "failed": ("Can't be read", Q(status=DocumentStatus.FAILED)),
    "scans": ("Scans", Q(layer__in=(TextLayer.SCAN, TextLayer.MIXED, TextLayer.NONE))),
    "flagged": ("Flagged", ~Q(flags=[])),
}
BUSY = (DocumentStatus.WAITING, DocumentStatus.READING)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a record, its document, or one of them; `brief` is `quality` in a few words."""

    record: Record | None
    document: Document | None
    quality: str
    brief: str
    flags: list[str]
    not_retrieved: bool = False

    @property
    def busy(self) -> bool:
        return self.document is not None and self.document.status in BUSY


def found(review: Review, show: str) -> "QuerySet[Record] | QuerySet[Document]":
    """What a tab lists: records for `all` and `missing`, documents for the others."""
    if show in OF_FILES:
        return files(review).filter(OF_FILES[show][1]).select_related("record")
    records = at_full_text(review)
    return records.exclude(pk__in=with_document(review)) if show == "missing" else records


def lines(rows: list[Any]) -> list[Line]:
    """Lines for a page of `found`: two queries for records, none for documents."""
    if rows and isinstance(rows[0], Document):
        return [_line(document.record, document) for document in rows]
    ids = [record.pk for record in rows]
    documents, lost = current_documents(ids), not_retrieved(ids, Stage.FULL_TEXT)
    return [_line(record, documents.get(record.pk), lost=record.pk in lost) for record in rows]


def _line(record: Record | None, document: Document | None, *, lost: bool = False) -> Line:
    if document is None:
        return Line(record, None, "", "", [], lost)
    return Line(record, document, quality_sentence(document), quality_brief(document), flags_said(document), lost)


def files(review: Review) -> QuerySet[Document]:
    """The documents of a review that were not removed, newest first."""
    return Document.objects.filter(review=review, removed=False)


def at_full_text(review: Review) -> QuerySet[Record]:
    """Records whose reports are sought."""
    places = StageState.objects.filter(record=OuterRef("pk"), stage=Stage.FULL_TEXT)
    sought = Record.objects.filter(Exists(places.exclude(status=StageStatus.INACTIVE)), review=review, active=True)
    return sought.order_by("title", "id")


def counts(review: Review) -> dict[str, int]:
    """How many each tab lists; `busy` files are still to be read, `permitted` ones of all `files` AI may have."""
    tabs = {show: Count("pk", filter=condition) for show, (_, condition) in OF_FILES.items()}
    counted = files(review).aggregate(
        **tabs,
        busy=Count("pk", filter=Q(status__in=BUSY)),
        files=Count("pk"),
        permitted=Count("pk", filter=Q(may_be_sent_to_ai=True)),
    )
    return {**{show: found(review, show).count() for show in OF_RECORDS}, **counted}


def versions(document: Document) -> list[Document]:
    """All documents of the same record (or this one alone), newest first, removed ones too."""
    if document.record is None:
        return [document]
    root = document.record.merged_into_id or document.record_id
    family = Q(record=root) | Q(record__merged_into=root)
    return list(Document.objects.filter(family).select_related("created_by").order_by("-id"))


def alike(review: Review, words: str, *, most: int = 25) -> list[Record]:
    """Records at full text with the DOI, or with most of the longer words of the title; all where nothing is asked."""
    records = at_full_text(review)
    if words:
        longer = sorted({word for word in words.split() if len(word) > 3}, key=len, reverse=True)[:4]
        matches = Q(doi__iexact=words)
        if longer:
            matches |= Q(*(Q(title__icontains=word) for word in longer))
        records = records.filter(matches)
    return list(records[:most])


def tried(record: Record) -> list[Retrieval]:
    """What was said of the search for a record's report, newest first; of merged records too."""
    family = Q(record=record) | Q(record__merged_into=record)
    return list(Retrieval.objects.filter(family).select_related("created_by").order_by("-id"))
