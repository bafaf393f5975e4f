"""Where one cell of the evidence table comes from: a panel over the table, and a page with the document beside it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from extraction.access import form_for
from extraction.models.form import FormVersion
from extraction.queries.provenance import Provenance, provenance
from extraction.queries.table_wanted import Eyes
from screening.access import Seat, seat_for
from screening.models.study import Study
from screening.page import render_review
from screening.queries.documents.documents import document_shown


@login_required
@require_GET
def cell(request: HttpRequest, review_id: int, study_id: int, form_id: int, cell: str) -> HttpResponse:
    """One cell; as a part of the page where the table asks for it (`HX-Request`), else with the document beside it."""
    seat = seat_for(request.user, review_id, "see_extraction")
    found = _found(seat, study_id, form_id, cell)
    context = {
        "found": found,
        "form_id": form_id,
        "address": reverse("extraction:cell", args=[review_id, study_id, form_id, cell]),
    }
    if request.headers.get("HX-Request"):
        return render(request, "extraction/_provenance.html", context | {"review": seat.review, "panel": True})
    return render_review(request, seat, "extraction/provenance.html", context | _documents(seat, found))


def _found(seat: Seat, study_id: int, form_id: int, cell: str) -> Provenance:
    form = form_for(seat, form_id)
    study = Study.objects.filter(pk=study_id, review=seat.review).first()
    version = FormVersion.objects.filter(form=form).select_related("form__review").order_by("-number").first()
    found = provenance(study, version, cell, Eyes(seat.user.pk, seat.roles)) if study and version else None
    if found is None:
        raise Http404("There is no such cell in this review.")
    return found


def _documents(seat: Seat, found: Provenance) -> dict[str, Any]:
    """The documents that values and proposals point into; the one behind the value that stands comes first."""
    if not seat.can("read_documents"):
        return {"document": None, "documents": []}
    pointed = [one.value.document for one in sorted(found.said, key=lambda one: not one.stands)]
    pointed += [one.proposal.document for one in found.proposed]
    shown = {document.pk: document for document in pointed if document is not None and not document.removed}
    documents = [document_shown(document) for document in shown.values()]
    return {"document": documents[0] if documents else None, "documents": documents}
