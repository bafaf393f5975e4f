"""The risk-of-bias page of a review: what is judged, two plots with their tables, choosing an instrument (EXT-08)."""

from collections.abc import Iterable, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from audit.export import csv_lines
from extraction.actions.bias import InstrumentRefusedError, add_instrument
from extraction.bias import (
    INSTRUMENTS,
    Row,
    narrow_summary,
    narrow_traffic_light,
    summary,
    summary_rows,
    table_rows,
    traffic_light,
)
from extraction.bias.rows import Column, columns, words
from extraction.forms.bias import InstrumentForm
from extraction.models.form import Form
from extraction.queries.bias import Judged, bias_forms, judged
from screening.access import Seat, seat_for
from screening.page import render_review

FILES = ("traffic-light.svg", "summary.svg", "judgements.csv", "summary.csv")


@login_required
@require_GET
def bias(request: HttpRequest, review_id: int) -> HttpResponse:
    """The judgements of one instrument; `?form=` chooses among several, `?weighted=1` weighs by participants."""
    seat = seat_for(request.user, review_id, "see_extraction")
    forms = bias_forms(seat.review)
    shown = _chosen(forms, request.GET.get("form", ""))
    taken = {form.instrument for form in forms}
    context = {
        "can_add": seat.can("design_forms"),
        "add": InstrumentForm(taken=taken),
        "forms": _tabs(seat, forms, shown),
    }
    if shown is not None:
        context |= _shown(request, seat, shown)
    return render_review(request, seat, "extraction/bias.html", context)


@login_required
@require_POST
def add(request: HttpRequest, review_id: int) -> HttpResponse:
    """Add an instrument to the review, ready to be filled in."""
    seat = seat_for(request.user, review_id, "design_forms")
    form = InstrumentForm(request.POST, taken=())
    if not form.is_valid():
        messages.error(request, "Choose an instrument from the list; nothing was added.")
        return redirect("extraction:bias", review_id)
    try:
        made = add_instrument(review=seat.review, instrument=form.cleaned_data["instrument"], by=seat.user)
    except InstrumentRefusedError as error:
        messages.error(request, str(error))
        return redirect("extraction:bias", review_id)
    messages.success(request, f"{made.name} is ready to be filled in.")
    return redirect(f"{reverse('extraction:bias', args=[review_id])}?form={made.pk}")


@login_required
@require_GET
def bias_file(request: HttpRequest, review_id: int, form_id: int, name: str) -> HttpResponseBase:
    """A plot as SVG, or the table behind it as CSV."""
    seat = seat_for(request.user, review_id, "see_extraction")
    form = next((form for form in bias_forms(seat.review) if form.pk == form_id), None)
    if form is None or name not in FILES:
        raise Http404("There is no such file of this review.")
    rows = [found.row for found in judged(form, seat.roles)]
    weighted = _weighted(request, rows)
    instrument = INSTRUMENTS[form.instrument]
    what = "Result" if instrument.repeats == "measure" else "Study"
    if name == "traffic-light.svg":
        return _svg(seat, form, name, traffic_light(instrument, rows, standalone=True))
    if name == "summary.svg":
        return _svg(seat, form, name, summary(instrument, rows, weighted=weighted, standalone=True))
    if name == "judgements.csv":
        return _csv(seat, form, name, table_rows(instrument, rows, what=what))
    return _csv(seat, form, name, summary_rows(instrument, rows, weighted=weighted))


def _chosen(forms: Sequence[Form], wanted: str) -> Form | None:
    return next((form for form in forms if str(form.pk) == wanted), forms[0] if forms else None)


def _tabs(seat: Seat, forms: Sequence[Form], shown: Form | None) -> list[dict[str, object]]:
    page = reverse("extraction:bias", args=[seat.review.pk])
    return [{"label": form.name, "url": f"{page}?form={form.pk}", "active": form == shown} for form in forms]


def _shown(request: HttpRequest, seat: Seat, form: Form) -> dict[str, object]:
    instrument = INSTRUMENTS[form.instrument]
    everything = judged(form, seat.roles)
    rows = [found.row for found in everything]
    page = Paginator(everything, 50).get_page(request.GET.get("page"))
    weighted = _weighted(request, rows)
    heads = columns(instrument)
    drawn = [found.row for found in page.object_list]
    return {
        "form": form,
        "instrument": instrument,
        "columns": heads,
        "page": page,
        "rows": [_line(found, heads) for found in page.object_list],
        "total": len(rows),
        "complete": sum(found.complete for found in everything),
        "reasonless": sum(bool(found.reasonless) for found in everything),
        "veiled": sum(found.veiled for found in everything),
        "weighted": weighted,
        "has_weights": any(row.weight for row in rows),
        "traffic_light": _plot(traffic_light(instrument, drawn), narrow_traffic_light(instrument, drawn)),
        "summary": _plot(
            summary(instrument, rows, weighted=weighted), narrow_summary(instrument, rows, weighted=weighted)
        ),
        "shares": list(summary_rows(instrument, rows, weighted=weighted))[1:],
    }


def _line(found: Judged, heads: Sequence[Column]) -> dict[str, object]:
    """One row of the table behind the traffic-light plot."""
    cells = []
    for column in heads:
        mark = found.row.marks.get(column.key)
        level = column.level(mark)
        proposed = bool(level and mark and not mark.confirmed)
        cells.append({"title": column.short, "level": level, "words": words(column, mark), "proposed": proposed})
    return {"study": found.study, "measure": found.measure, "cells": cells, "reasonless": found.reasonless}


def _plot(wide: str, narrow: str) -> SafeString:
    """Both drawings: bias.css shows the one that there is room for."""
    return mark_safe(
        wide + narrow
    )  # drawn by extraction.bias.svg, which escapes every word (tests/extraction/bias hold it)


def _weighted(request: HttpRequest, rows: Iterable[Row]) -> bool:
    return request.GET.get("weighted") == "1" and any(row.weight for row in rows)


def _svg(seat: Seat, form: Form, name: str, content: str) -> HttpResponse:
    return HttpResponse(content, content_type="image/svg+xml", headers=_attached(seat, form, name))


def _csv(seat: Seat, form: Form, name: str, rows: Iterable[tuple[str, ...]]) -> StreamingHttpResponse:
    heading, *rest = rows
    kind = "text/csv; charset=utf-8"
    return StreamingHttpResponse(csv_lines(heading, rest), content_type=kind, headers=_attached(seat, form, name))


def _attached(seat: Seat, form: Form, name: str) -> dict[str, str]:
    start = slugify(seat.review.title)[:60] or str(seat.review.pk)
    return {"Content-Disposition": f'attachment; filename="{start}-{form.instrument}-{name}"'}
