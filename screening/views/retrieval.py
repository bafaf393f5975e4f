"""Whether the report of a record could be had: what was tried, and what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from screening.access import record_for, seat_for
from screening.actions import retrievals
from screening.enums import Stage
from screening.page import render_review
from screening.queries.documents.document_list import tried
from screening.queries.documents.documents import current_documents
from screening.queries.documents.retrieval import not_retrieved


@login_required
@require_http_methods(["GET", "POST"])
def retrieval(request: HttpRequest, review_id: int, record_id: int) -> HttpResponse:
    """Record that a report was not retrieved, or that it is sought again."""
    seat = seat_for(request.user, review_id, "add_documents" if request.method == "POST" else "read_documents")
    record = record_for(seat, record_id)
    record, note, problem = record.merged_into or record, request.POST.get("note", ""), ""
    if request.method == "POST":
        try:
            retrievals.mark(record=record, outcome=request.POST.get("outcome", ""), note=note, by=seat.user)
        except retrievals.RetrievalRefusedError as error:
            problem = str(error)
        else:
            messages.success(request, "Recorded what came of the search for this report.")
            return redirect("screening:retrieval", review_id, record.pk)
    context = {
        "record": record,
        "note": note,
        "problem": problem,
        "lost": record.pk in not_retrieved([record.pk], Stage.FULL_TEXT),
        "document": current_documents([record.pk]).get(record.pk),
        "tried": tried(record),
        "can_add": seat.can("add_documents"),
    }
    return render_review(request, seat, "screening/retrieval.html", context, status=409 if problem else 200)
