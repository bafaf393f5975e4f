"""The audit browser: the story of a review and of a record, its export, and what was sent to models."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from audit.export import csv_lines
from audit.models.model_call import ModelCall
from audit.timeline import registry, story
from audit.timeline.entry import CALL, COLUMNS, Entry, Page, Subject, Wanted, as_row
from audit.timeline.reading import call_entry
from screening.access import Seat, record_for, seat_for
from screening.forms.audit import TimelineFilter
from screening.models.record import Record
from screening.page import render_review
from screening.queries.assistants.sent import texts_sent
from screening.queries.audited.veil import binds, shown, veiled
from screening.queries.records.record import family_ids

PLACES = {  # where an object without a record can be looked at
    "screening.review": "screening:review",
    "screening.membership": "screening:team",
    "screening.protocolversion": "screening:protocol",
    "screening.exclusionreason": "screening:settings",
    "screening.stagerule": "screening:settings",
}


@login_required
@require_GET
def timeline(request: HttpRequest, review_id: int) -> HttpResponse:
    """Everything that happened in a review."""
    seat = seat_for(request.user, review_id, "see_audit")
    return _page(request, seat, _subject(seat), None)


@login_required
@require_GET
def record_timeline(request: HttpRequest, review_id: int, record_id: int) -> HttpResponse:
    """Everything that happened to a record and to all that was merged into it."""
    seat = seat_for(request.user, review_id, "see_audit")
    record = record_for(seat, record_id)
    return _page(request, seat, _subject(seat, record), record)


@login_required
@require_GET
def timeline_csv(request: HttpRequest, review_id: int, record_id: int | None = None) -> StreamingHttpResponse:
    """The filtered story as CSV, streamed. A filter that can't be read is an error: a file must not say less unseen."""
    seat = seat_for(request.user, review_id, "see_audit")
    record = record_for(seat, record_id) if record_id else None
    form = TimelineFilter(request.GET, review=seat.review)
    if not form.is_valid():
        raise Http404("This filter can't be read. Nothing was exported; set it again on the timeline.")
    subject = _subject(seat, record)
    name = f"{slugify(seat.review.title)[:60] or seat.review.pk}{f'-record-{record.pk}' if record else ''}-timeline.csv"
    lines = csv_lines(COLUMNS, _rows(seat, subject, form.wanted()))
    return StreamingHttpResponse(
        (line.encode() for line in lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_GET
def model_call(request: HttpRequest, review_id: int, call_id: int) -> HttpResponse:
    """What was sent to a model, and what came back."""
    seat = seat_for(request.user, review_id, "see_audit")
    told = shown(seat.review, seat.user.pk, seat.roles).get(CALL, Q())
    calls = ModelCall.objects.filter(told, review_id=seat.review.pk)  # of others not even the number is told
    call = calls.filter(pk=call_id).select_related("outcome").first()
    if call is None:
        raise Http404("There is no such model call in this review.")
    place = registry.places(call.subject_type, [call.subject_id]).get(call.subject_id, registry.Place(None, ""))
    (entry,) = _veiled(seat, [call_entry(call, place)])
    if entry.hidden:
        raise PermissionDenied(
            "You screen or extract in this review: this call is not shown before your own vote or entry."
        )
    record = Record.objects.filter(pk=entry.record_id or 0, review=seat.review).first()
    others = calls.filter(subject_type=call.subject_type, subject_id=call.subject_id).exclude(pk=call.pk)
    context = {
        "call": call,
        "texts": texts_sent(call.sends),
        "outcome": getattr(call, "outcome", None),
        "state": entry.type,
        "record": record,
        "others": others.defer("messages").order_by("id"),
    }
    return render_review(request, seat, "screening/model_call.html", context)


def _subject(seat: Seat, record: Record | None = None) -> Subject:
    """The story of the review or of a record, as far as it is told to this person at all."""
    told = shown(seat.review, seat.user.pk, seat.roles)
    return Subject(seat.review.pk, family_ids(record) if record else None, told)


def _page(request: HttpRequest, seat: Seat, subject: Subject, record: Record | None) -> HttpResponse:
    form = TimelineFilter(request.GET or None, review=seat.review)
    wanted = _wanted(form)
    start = request.GET.get("from", "")
    found = story.page(subject, wanted, start=start) if wanted else Page()
    entries = _shown(seat, wanted or Wanted(), found.entries)
    here = [seat.review.pk, record.pk] if record else [seat.review.pk]
    context = {
        "record": record,
        "form": form,
        "lines": [{"entry": entry, "url": _url(seat, entry, record)} for entry in entries],
        "next": found.next,
        "started": bool(start),
        "filtered": bool(set(request.GET) - {"from"}),
        "bound": binds(seat.roles),
        "here": reverse("screening:record-timeline" if record else "screening:timeline", args=here),
        "csv": reverse("screening:record-timeline-csv" if record else "screening:timeline-csv", args=here),
        "query": request.GET.urlencode(),
    }
    return render_review(request, seat, "screening/timeline.html", context)


def _wanted(form: TimelineFilter) -> Wanted | None:
    """The filter; None for one that can't be read."""
    if not form.is_bound:
        return Wanted()
    return form.wanted() if form.is_valid() else None


def _rows(seat: Seat, subject: Subject, wanted: Wanted) -> Iterator[tuple[object, ...]]:
    for entries in story.walk(subject, wanted):
        yield from map(as_row, _shown(seat, wanted, entries))


def _shown(seat: Seat, wanted: Wanted, entries: list[Entry]) -> Iterable[Entry]:
    """Lines as this person may see them. A filter must not say of a hidden line what it is: then it is left out."""
    narrowed = bool(wanted.source or wanted.who or wanted.person or wanted.kind or wanted.type)
    return [entry for entry in _veiled(seat, entries) if not (entry.hidden and narrowed)]


def _veiled(seat: Seat, entries: list[Entry]) -> list[Entry]:
    return veiled(entries, review=seat.review, user_id=seat.user.pk, roles=seat.roles)


def _url(seat: Seat, entry: Entry, record: Record | None) -> str:
    """Where the object of a line can be looked at."""
    if entry.call is not None:
        return reverse("screening:model-call", args=[seat.review.pk, entry.call.id])
    if entry.record_id and (record is None or entry.record_id != record.pk):
        return reverse("screening:record", args=[seat.review.pk, entry.record_id])
    name: Any = PLACES.get(entry.kind)
    return reverse(name, args=[seat.review.pk]) if name else ""
