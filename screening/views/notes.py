"""Writing notes and tagging from a record's page, by plain forms."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from screening import policies
from screening.access import Seat, record_for, seat_for, tag_for
from screening.actions import notes
from screening.forms.notes import NoteChangeForm, NoteForm, TagForm
from screening.models.record import Record


@login_required
@require_POST
def note(request: HttpRequest, review_id: int, record_id: int) -> HttpResponse:
    """Write a note, replace one of one's own, or remove it (replaced by nothing)."""
    seat, record = _annotated(request, review_id, record_id)
    form = NoteChangeForm(request.POST) if "replaces" in request.POST else NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first(form))
        return redirect(record)
    data = form.cleaned_data
    try:
        stored = notes.write(
            record=record,
            text=data["text"],
            private=data["private"] == "yes",
            by=seat.user,
            idempotency_key=data["idempotency_key"],
            replaces_id=data.get("replaces"),
        )
    except notes.AnnotationRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The note is saved." if stored.text else "The note is removed.")
    return redirect(record)


@login_required
@require_POST
def tag(request: HttpRequest, review_id: int, record_id: int) -> HttpResponse:
    """Put a tag on a record."""
    seat, record = _annotated(request, review_id, record_id)
    form = TagForm(request.POST)
    try:
        if not form.is_valid():
            raise notes.AnnotationRefusedError(_first(form))
        notes.tag(record=record, name=form.cleaned_data["name"], by=seat.user, roles=seat.roles)
    except notes.AnnotationRefusedError as error:
        messages.error(request, str(error))
    return redirect(record)


@login_required
@require_POST
def untag(request: HttpRequest, review_id: int, record_id: int, tag_id: int) -> HttpResponse:
    """Take a tag off a record."""
    seat, record = _annotated(request, review_id, record_id)
    notes.untag(record=record, tag=tag_for(seat, tag_id), by=seat.user, roles=seat.roles)
    return redirect(record)


def _annotated(request: HttpRequest, review_id: int, record_id: int) -> tuple[Seat, Record]:
    """The seat and the record: strangers and other reviews' records get 404, those who only read 403."""
    seat = seat_for(request.user, review_id)
    record = record_for(seat, record_id)
    policies.check("annotate", seat.roles)
    return seat, record


def _first(form: NoteForm | TagForm) -> str:
    """The first thing that is wrong, as a sentence."""
    return f"Nothing was stored: {next(iter(form.errors.values()))[0]}"
