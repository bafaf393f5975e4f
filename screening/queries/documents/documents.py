"""Documents of records: which one counts, what stands on its pages, and what a page is told of it."""

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from screening.enums import DocumentStatus
from screening.fulltext.page import Hidden, Page, Quality
from screening.models.document import Document, DocumentPage
from screening.models.record import Record

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

FLAGS = {
    "hidden_text": "holds text that a reader of the page does not see",
    "instruction": "holds text that reads like orders to a language model",
    "role": "holds text that speaks in the name of a language model's operator",
    "asks_for_verdict": "holds text that asks for a verdict",
    "talks_to_ai": "holds text that speaks to an AI rather than to readers",
    "fake_delimiter": "holds text that pretends to be the end of a document",
    "calls_tool": "holds text that calls a program as a language model would",
}
_READY_FIRST = Case(When(status=DocumentStatus.READY, then=Value(0)), default=Value(1), output_field=IntegerField())


class Rooted(TypedDict):
    root: int


def of_records(
    record_ids: Collection[int], *, removed_too: bool = False
) -> "QuerySet[WithAnnotations[Document, Rooted]]":
    """All documents of these records and of what was merged into them, with their `root`; removed ones if asked for."""
    family = Record.objects.filter(pk__in=record_ids) | Record.objects.filter(merged_into__in=record_ids)
    documents = Document.objects.filter(record__in=family.order_by().values("pk"))
    if not removed_too:
        documents = documents.filter(removed=False)
    return documents.annotate(root=Coalesce("record__merged_into_id", "record_id"))


def current_documents(record_ids: Collection[int]) -> dict[int, Document]:
    """Record id -> the document that counts: the newest that could be read, else the newest. One query.

    A newer version that can't be read does not take the place of one that can: people and models keep what they have.
    """
    if not record_ids:
        return {}
    chosen = of_records(record_ids).order_by("root", _READY_FIRST, "-id").distinct("root")
    return {document.root: document for document in chosen}


def all_documents(record_ids: Collection[int]) -> dict[int, list[Document]]:
    """Record id -> all its documents that were not removed, the one that counts first. One query."""
    found: dict[int, list[Document]] = defaultdict(list)
    for document in of_records(record_ids).order_by("root", _READY_FIRST, "-id"):
        found[document.root].append(document)
    return found


def pages_of(document_ids: Collection[int]) -> dict[int, list[Page]]:
    """Document id -> its pages in order, without word boxes: number, size, text, hidden, visible. One query."""
    rows = DocumentPage.objects.filter(document__in=document_ids).order_by("document_id", "number")
    pages: dict[int, list[Page]] = defaultdict(list)
    for document_id, number, width, height, text, hidden in rows.values_list(
        "document_id", "number", "width", "height", "text", "hidden"
    ):
        spans = tuple(Hidden(*span) for span in hidden)
        pages[document_id].append(Page(number, width, height, text, hidden=spans))
    return pages


def page_shown(document_id: int, number: int) -> dict[str, Any] | None:
    """One page with the place of each word, as the viewer reads it; None where there is none."""
    fields = ("number", "width", "height", "text", "words", "hidden")
    page: dict[str, Any] | None = (
        DocumentPage.objects.filter(document=document_id, number=number).values(*fields).first()
    )
    return page


def document_shown(document: Document) -> dict[str, Any]:
    """A document as JSON for viewers and lists; `words` is the address of a page's words, with 0 for its number."""
    place = [document.review_id, document.pk]
    return {
        "id": document.pk,
        "name": document.name,
        "url": reverse("screening:document-file", args=place),
        "words": reverse("screening-api:document-page", args=[*place, 0]),
        "pages": document.page_count,
        "layer": document.layer,
        "quality": quality_sentence(document),
        "flags": document.flags,
        "may_be_sent_to_ai": document.may_be_sent_to_ai,
        "status": document.status,
        "error": document.error,
        "version": document.version,
    }


def flags_said(document: Document) -> list[str]:
    """What looks meant for a model in it, in words that follow "It"."""
    return [FLAGS.get(flag, flag) for flag in document.flags]


def quality_sentence(document: Document) -> str:
    """How well it could be read, for people; empty until it was."""
    return Quality(**document.quality).sentence() if document.quality else ""


def quality_brief(document: Document) -> str:
    """The same in a few words, for a list; empty until it was read."""
    return Quality(**document.quality).brief() if document.quality else ""
