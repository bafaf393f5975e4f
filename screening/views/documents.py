"""Full texts: drop them in, see how they were read, give them to records, say which may be sent to AI."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviewapp import uploads
from screening.access import Seat, document_for, record_for, seat_for
from screening.actions import documents
from screening.actions.documents import DocumentRefusedError
from screening.models.document import Document
from screening.models.record import Record
from screening.page import render_review
from screening.queries.documents import document_list as listing
from screening.queries.documents.documents import document_shown, flags_said, quality_sentence

Refusal = dict[str, str]


@login_required
@require_http_methods(["GET", "POST"])
def document_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """Every report that is sought, and its file; POST takes files, one or a folder full."""
    seat = seat_for(request.user, review_id, "add_documents" if request.method == "POST" else "read_documents")
    refusals: list[Refusal] = []
    if request.method == "POST":
        taken, refusals = _take(request, seat)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"taken": [document_shown(one) for one in taken], "refused": refusals})
        if not refusals:
            messages.success(request, _said(taken))
            return redirect(_list_url(seat, request.GET.get("show", "")))
    return render_review(request, seat, "screening/documents.html", _context(request, seat, refusals))


def _context(request: HttpRequest, seat: Seat, refusals: list[Refusal]) -> dict[str, Any]:
    show = request.GET.get("show", "")
    show = show if show in listing.OF_RECORDS or show in listing.OF_FILES else "all"
    counts = listing.counts(seat.review)
    page = Paginator(listing.found(seat.review, show), 50).get_page(request.GET.get("page"))
    labels = listing.OF_RECORDS | {name: label for name, (label, _) in listing.OF_FILES.items()}
    return {
        "show": show,
        "tabs": [
            {"name": name, "label": label, "count": counts[name], "active": name == show}
            for name, label in labels.items()
        ],
        "counts": counts,
        "page": page,
        "lines": listing.lines(list(page.object_list)),
        "refusals": refusals,
        "record": _asked_record(seat, request.GET.get("record", "")),
        "most": settings.DOCUMENT_MAX_BYTES,
        "megabytes": settings.DOCUMENT_MAX_BYTES // 2**20,
        "can_add": seat.can("add_documents"),
        "can_permit": seat.can("permit_documents"),
    }


def _asked_record(seat: Seat, asked: str) -> Record | None:
    """None where none was named; a name that is no record's is a 404, never "none"."""
    return record_for(seat, _id(asked)) if asked else None


def _id(asked: str) -> int:
    """What was sent as an id; 0, which no row has, where it is none."""
    return int(asked) if asked.isdecimal() and len(asked) < 18 else 0


def _take(request: HttpRequest, seat: Seat) -> tuple[list[Document], list[Refusal]]:
    """Take the files one by one: one that is refused does not stop the others."""
    record = _asked_record(seat, request.POST.get("record", ""))
    files = request.FILES.getlist("files")
    taken, refusals = [], [_refusal(documents.too_large(name)) for name in uploads.dropped(request)]
    for file in files:
        try:
            taken.append(documents.upload(review=seat.review, file=file, by=seat.user, record=record))
        except DocumentRefusedError as error:
            refusals.append(_refusal(str(error), error.earlier))
    if not taken and not refusals:
        refusals.append(_refusal("No file was chosen. Choose PDFs, or drop them on this page."))
    return taken, refusals


def _refusal(text: str, earlier: Document | None = None) -> Refusal:
    url = reverse("screening:document", args=[earlier.review_id, earlier.pk]) if earlier else ""
    return {"text": text, "url": url, "label": "Open it"}


def _said(taken: list[Document]) -> str:
    what = f"“{taken[0].name}” is" if len(taken) == 1 else f"{len(taken)} files are"
    return f"{what} kept, and being read now."


def _list_url(seat: Seat, show: str) -> str:
    query = f"?{urlencode({'show': show})}" if show in listing.OF_FILES or show in listing.OF_RECORDS else ""
    return reverse("screening:documents", args=[seat.review.pk]) + query


@login_required
@require_GET
def document(request: HttpRequest, review_id: int, document_id: int) -> HttpResponse:
    """One document: its pages, what was read of it, its versions, who brought it and when."""
    seat = seat_for(request.user, review_id, "read_documents")
    row = document_for(seat, document_id)
    context = {
        "row": row,
        "document": document_shown(row),
        "quality": quality_sentence(row),
        "flags": flags_said(row),
        "versions": listing.versions(row),
        "can_add": seat.can("add_documents"),
        "can_permit": seat.can("permit_documents"),
    }
    return render_review(request, seat, "screening/document.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, review_id: int, document_id: int) -> HttpResponse:
    """Give a document of the tray to a record that is looked for by title or DOI."""
    seat = seat_for(request.user, review_id, "add_documents")
    row = document_for(seat, document_id)
    if request.method == "POST":
        record = record_for(seat, _id(request.POST.get("record", "")))
        return _changed(request, seat, row, lambda: documents.attach(document=row, record=record, by=seat.user))
    words = request.GET.get("q", "").replace("\0", "").strip()  # PostgreSQL knows no NUL
    found = listing.alike(seat.review, words)
    context = {"row": row, "q": words, "lines": listing.lines(found), "document": document_shown(row)}
    return render_review(request, seat, "screening/document_place.html", context)


SAID = {
    "tray": "“{name}” is in the tray now.",
    "remove": "“{name}” was removed. Its file and its text are kept.",
    "restore": "“{name}” is back.",
}


@login_required
@require_POST
def change(request: HttpRequest, review_id: int, document_id: int, verb: str) -> HttpResponse:
    """Back to the tray, remove, restore."""
    seat = seat_for(request.user, review_id, "add_documents")
    row = document_for(seat, document_id)
    act: dict[str, Callable[[], object]] = {
        "tray": lambda: documents.detach(document=row, by=seat.user),
        "remove": lambda: documents.remove(document=row, by=seat.user),
        "restore": lambda: documents.restore(document=row, by=seat.user),
    }
    if verb not in act:
        raise Http404("There is no such verb.")
    return _changed(request, seat, row, act[verb], verb)


def _changed(
    request: HttpRequest, seat: Seat, row: Document, act: Callable[[], object], verb: str = ""
) -> HttpResponse:
    try:
        act()
    except DocumentRefusedError as error:
        messages.error(request, str(error))
    else:
        undo = reverse("screening:document-change", args=[seat.review.pk, row.pk, "restore"])
        said = SAID.get(verb, "“{name}” is with its record now.").format(name=row.name)
        messages.success(request, said, extra_tags=f"undo:{undo}" if verb == "remove" else "")
    return redirect(_back(request, seat, row))


def _back(request: HttpRequest, seat: Seat, row: Document) -> str:
    if request.POST.get("back") == "document":
        return reverse("screening:document", args=[seat.review.pk, row.pk])
    return _list_url(seat, request.POST.get("back", ""))


@login_required
@require_POST
def permit(request: HttpRequest, review_id: int) -> HttpResponse:
    """Say whether a document, or every one of the review, may be sent to AI. Default: none may (SEC-04)."""
    seat = seat_for(request.user, review_id, "permit_documents")
    may, asked = request.POST.get("may") == "yes", request.POST.get("document", "")
    rows = [document_for(seat, _id(asked))] if asked else None  # all are meant only where none is named
    if rows and rows[0].removed:
        messages.error(request, documents.was_removed(rows[0]))
    else:
        count = documents.permit(review=seat.review, by=seat.user, may=may, documents=rows)
        what = f"“{rows[0].name}”" if rows else f"{count} documents" if count != 1 else "1 document"
        messages.success(request, f"{what} {'may be sent to AI' if may else 'stays on this server'}.")
    if rows and request.POST.get("back") == "document":
        return redirect("screening:document", review_id, rows[0].pk)
    return redirect(_list_url(seat, request.POST.get("back", "")))
