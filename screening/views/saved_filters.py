"""Filters of the list of records under names: kept, counted, renamed, shared and deleted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from screening.access import Seat, saved_filter_for, seat_for
from screening.actions import saved_filters
from screening.actions.saved_filters import FilterRefusedError
from screening.forms.records import RecordFilter, query_of
from screening.models.saved_filter import SavedFilter
from screening.names import tidy
from screening.page import render_review
from screening.queries.records.saved_filters import COUNTED, MOST_COUNTED, saved
from screening.views.record_lists import found_by, with_query


@login_required
@require_http_methods(["GET", "POST"])
def saved_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """One's saved filters and the team's; POST keeps another. `?part=list` is the line above the list, with counts."""
    seat = seat_for(request.user, review_id, "annotate" if request.method == "POST" else "see_review")
    if request.method == "POST":
        return _keep(request, seat)
    rows = saved(seat.review, seat.user, "")
    for row in rows[:COUNTED]:
        row["count"] = _count(seat, row["filter"])
    context: dict[str, Any] = {"saved": rows, "can_share": seat.can("change_review")}
    if request.GET.get("part") == "list":
        return render(request, "screening/_saved_list.html", context | {"review": seat.review})
    return render_review(request, seat, "screening/saved_filters.html", context)


def _count(seat: Seat, one: Any) -> str:
    """As many as this person finds by it; counting stops where it would take long."""
    form = RecordFilter(QueryDict(one.query), seat=seat)
    try:
        n = found_by(form, seat).rows[: MOST_COUNTED + 1].count() if form.is_valid() else None
    except Http404:  # a box that the flow does not have
        n = None
    if n is None:
        return "?"  # it asks for what is gone, such as a tag
    return f"{MOST_COUNTED:,}+" if n > MOST_COUNTED else str(n)


def _keep(request: HttpRequest, seat: Seat) -> HttpResponse:
    query = query_of(QueryDict(request.POST.get("query", "").replace("\0", "")))
    shared = request.POST.get("shared") == "yes" and seat.can("change_review")
    name = request.POST.get("name", "").replace("\0", "")
    try:
        saved_filters.save(review=seat.review, name=name, query=query, by=seat.user, shared=shared)
    except FilterRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The filter is saved as “{tidy(name)}”.")
    return redirect(with_query(reverse("screening:records", args=[seat.review.pk]), query))


@login_required
@require_POST
def saved_change(request: HttpRequest, review_id: int, filter_id: int) -> HttpResponse:
    """Rename, share or delete one of one's own."""
    seat = seat_for(request.user, review_id, "annotate")
    one: SavedFilter = saved_filter_for(seat, filter_id)
    try:
        if request.POST.get("do") == "delete":
            saved_filters.delete(saved=one, by=seat.user)
            messages.success(request, f"“{one.name}” is deleted. The records stay as they are.")
        else:
            name = request.POST.get("name", "").replace("\0", "")
            shared = request.POST.get("shared") == "yes" if seat.can("change_review") else None
            saved_filters.rename(saved=one, name=name, by=seat.user, shared=shared)
            messages.success(request, "The filter is changed.")
    except FilterRefusedError as error:
        messages.error(request, str(error))
    return redirect("screening:saved-filters", review_id)
