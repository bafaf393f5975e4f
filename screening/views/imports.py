"""Importing files: drop them, look at the dry run, import, undo."""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import Seat, import_for, seat_for
from screening.actions import import_progress, import_turn, import_undo, imports, sources
from screening.enums import ImportStatus
from screening.forms.imports import MappingForm, SourceForm, UploadForm
from screening.models.source import ImportedFile, Source
from screening.page import render_review

OVER = (ImportStatus.DONE, ImportStatus.UNDONE, ImportStatus.DECISIONS)
BUSY = (*imports.WORKED_ON, ImportStatus.QUEUED)


@login_required
@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """Drop files here; what waits, what runs, and what was imported."""
    seat = seat_for(request.user, review_id, "import" if request.method == "POST" else "see_review")
    form, refusals = UploadForm(), []
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            refusals = _upload(seat, form)
            if not refusals:
                return redirect("screening:imports", review_id)
            form = UploadForm(initial={**form.source_details(), "source": form.cleaned_data["source"]})
    files = ImportedFile.objects.filter(review=seat.review).select_related("source", "created_by", "review")
    going = list(files.exclude(status__in=OVER))
    waiting = import_turn.waiting(going)
    context = {
        "form": form,
        "refusals": refusals,
        "sources": Source.objects.filter(review=seat.review),
        "cards": [_card(seat, file, waiting=waiting) for file in going],
        "page": Paginator(files.filter(status__in=OVER), 25).get_page(request.GET.get("page")),
        "can_import": seat.can("import"),
    }
    return render_review(request, seat, "screening/imports.html", context)


def _upload(seat: Seat, form: UploadForm) -> list[dict[str, str]]:
    """Take the files one by one: one that is refused does not stop the others."""
    source = sources.describe(review=seat.review, by=seat.user, **form.source_details())
    refusals = []
    for file in form.cleaned_data["files"]:
        try:
            imports.upload(review=seat.review, source=source, file=file, by=seat.user)
        except imports.ImportRefusedError as error:
            refusals.append({"text": str(error), "url": _url(error.earlier), "label": "Open the earlier import"})
    return refusals


def _url(file: ImportedFile | None) -> str:
    return reverse("screening:import", args=[file.review_id, file.pk]) if file else ""


def _card(
    seat: Seat,
    file: ImportedFile,
    problem: str = "",
    form: MappingForm | None = None,
    waiting: Collection[int] | None = None,
) -> dict[str, Any]:
    waits = file.status in (ImportStatus.CHECKED, ImportStatus.REFUSED)
    return {
        "file": file,
        "busy": file.status in BUSY,
        "problem": problem,
        "mapping": form or (MappingForm(file=file) if waits and file.columns else None),
        "progress": import_progress.of(file),
        "waits": file.pk in (import_turn.waiting([file]) if waiting is None else waiting),
        "can_import": seat.can("import"),
    }


@login_required
@require_GET
def import_detail(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """One import: where it came from, what was found, what was rejected."""
    seat = seat_for(request.user, review_id)
    file = import_for(seat, file_id)
    rejects: Any = file.rejected_entries.all() if file.stored else file.rejects
    blamed = request.GET.get("field", "")
    if blamed:
        rejects = _because_of(rejects, "" if blamed == "entry" else blamed)
    context = {
        "card": _card(seat, file),
        "file": file,
        "page": Paginator(rejects, 50).get_page(request.GET.get("page")),
        "blamed": "the whole entry" if blamed == "entry" else blamed,
        "can_import": seat.can("import"),
        "undoable": file.status in import_undo.UNDOABLE,
        "decision_imports": file.decision_imports.select_related("author"),
    }
    return render_review(request, seat, "screening/import.html", context)


def _because_of(rejects: Any, field: str) -> Any:
    """The rejected entries that one field is to blame for, "" for the whole entry; of a dry run those that it kept."""
    if isinstance(rejects, list):
        return [reject for reject in rejects if reject["field"] == field]
    return rejects.filter(field=field)


@login_required
@require_GET
def import_card(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """The part of the page that is asked for again while a file is being read or imported."""
    seat = seat_for(request.user, review_id)
    return render(
        request, "screening/_import_card.html", {"card": _card(seat, import_for(seat, file_id)), "review": seat.review}
    )


@login_required
@require_POST
def commit(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """Import what the dry run showed."""
    seat = seat_for(request.user, review_id, "import")
    return _changed(request, seat, file_id, lambda file: imports.commit(file=file, by=seat.user))


@login_required
@require_POST
def set_mapping(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """Correct which column is which, and read the table anew."""
    seat = seat_for(request.user, review_id, "import")
    form = MappingForm(request.POST, file=import_for(seat, file_id))
    if not form.is_valid():
        return _answer(request, seat, file_id, "One of the columns is not in this table. Nothing was changed.")
    return _changed(
        request, seat, file_id, lambda file: imports.set_mapping(file=file, mapping=form.mapping(), by=seat.user)
    )


def _changed(request: HttpRequest, seat: Seat, file_id: int, change: Callable[[ImportedFile], object]) -> HttpResponse:
    problem = ""
    try:
        change(import_for(seat, file_id))
    except imports.ImportRefusedError as error:
        problem = str(error)
    return _answer(request, seat, file_id, problem)


def _answer(request: HttpRequest, seat: Seat, file_id: int, problem: str) -> HttpResponse:
    """The card alone for htmx, the page for a plain form."""
    if getattr(request, "htmx", False):
        context = {"card": _card(seat, import_for(seat, file_id), problem), "review": seat.review}
        return render(request, "screening/_import_card.html", context)
    if problem:
        messages.error(request, problem)
    return redirect("screening:imports", seat.review.pk)


@login_required
@require_POST
def discard(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """Drop a dry run."""
    seat = seat_for(request.user, review_id, "import")
    file = import_for(seat, file_id)
    try:
        imports.discard(file=file, by=seat.user)
    except imports.ImportRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{file.name}” was discarded. Nothing of it was imported.")
    return redirect("screening:imports", review_id)


@login_required
@require_POST
def undo(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """Take a whole import back; refused, with the names, while a decision would be lost."""
    seat = seat_for(request.user, review_id, "import")
    file = import_for(seat, file_id)
    try:
        count = import_undo.undo(file=file, by=seat.user, reason=request.POST.get("reason", "")[:500])
    except import_undo.UndoRefusedError as error:
        context = {"file": file, "problem": str(error), "records": error.records, "imports": error.imports}
        return render_review(request, seat, "screening/import_undo_refused.html", context, status=409)
    if count is not None:
        what = f"The import of “{file.name}” was undone: {count} records are out; their rows are kept."
        messages.success(request, what)
    return redirect("screening:import", review_id, file_id)


@login_required
@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, review_id: int, source_id: int) -> HttpResponse:
    """Correct what is said of a source: PRISMA counts by its kind."""
    seat = seat_for(request.user, review_id, "import")
    found = Source.objects.filter(review=seat.review, pk=source_id).first()
    if found is None:
        raise Http404("There is no such source in this review.")
    form = SourceForm(request.POST or None, instance=Source.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid():
        sources.change(source=found, by=seat.user, **form.cleaned_data)
        messages.success(request, f"Saved what is known of {form.cleaned_data['name']}.")
        return redirect("screening:imports", review_id)
    return render_review(request, seat, "screening/import_source.html", {"form": form, "source": found})
