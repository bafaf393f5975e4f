"""The documents of a study: of all its reports, the main one's first."""

from screening.fulltext.locate import Found, PagedText, locate
from screening.models.document import Document
from screening.models.study import Study, StudyReport
from screening.queries.documents.documents import all_documents, pages_of


def documents_of(study: Study) -> list[Document]:
    """Every document of every report, the one that is read first at the head. Two queries."""
    reports = StudyReport.objects.filter(study=study).order_by("-main", "id")
    records = list(reports.values_list("record_id", flat=True))
    found = all_documents(records)
    return [document for record in records for document in found.get(record, [])]


def place_of(study: Study, quote: str, document_id: int | None) -> tuple[Document | None, Found | None]:
    """Where a quote stands in the study's documents: first in the one that it was taken from, then in the others."""
    documents = sorted(documents_of(study), key=lambda document: document.pk != document_id)
    pages = pages_of([document.pk for document in documents])
    for document in documents:
        texts = [(page.number, page.visible) for page in pages.get(document.pk, [])]
        found = locate(quote, PagedText(texts))
        if found.verified:
            return document, found
    return None, None
