"""Documents over HTTP: the list of a review, and the words of a page with their places."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reviewapp.rest import Pagination
from screening.access import document_for, seat_for
from screening.models.document import Document
from screening.queries.documents.documents import document_shown, page_shown

A_YEAR = "private, max-age=31536000, immutable"


class DocumentsView(APIView):
    """The documents of a review that were not removed, newest first, each with the record it belongs to."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int) -> Response:
        seat = seat_for(request.user, review_id, "read_documents")
        pages = Pagination()
        rows = pages.paginate_queryset(Document.objects.filter(review=seat.review, removed=False), request) or []
        return pages.get_paginated_response([_listed(row) for row in rows])


def _listed(document: Document) -> dict[str, Any]:
    facts = {"record": document.record_id, "matched_by": document.matched_by, "sha256": document.sha256}
    return {**document_shown(document), **facts, "size": document.size, "created_at": document.created_at}


class PageView(APIView):
    """One page: its text, and [start, end, x0, y0, x1, y1] of each word as fractions of the page as displayed."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int, document_id: int, number: int) -> Response:
        seat = seat_for(request.user, review_id, "read_documents")
        page = page_shown(document_for(seat, document_id).pk, number)
        if page is None:
            raise NotFound("This page was not read, or there is no such page.")
        return Response(page, headers={"Cache-Control": A_YEAR})
