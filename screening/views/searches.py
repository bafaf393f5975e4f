"""Searching public databases: strategies that are kept, counting, fetching, what is new (IMP-07)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import Seat, saved_search_for, seat_for
from screening.actions import saved_searches, search_runs
from screening.actions.saved_searches import SearchRefusedError
from screening.enums import SearchStatus
from screening.forms.searches import SearchForm
from screening.models.search import SavedSearch
from screening.page import render_review
from screening.queries.identification.searches import runs_of, searches_of

VERBS: dict[str, Callable[..., object]] = {
    "count": search_runs.count,
    "count-all": partial(search_runs.count, everything=True),
    "fetch": search_runs.fetch,
    "go-on": search_runs.go_on,
    "cancel": search_runs.cancel,
    "remove": saved_searches.remove,
}


@login_required
@require_GET
def search_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """The searches of a review; where searches are off, that."""
    seat = seat_for(request.user, review_id)
    context = {"lines": searches_of(seat.review), "can_import": seat.can("import"), "on": settings.SEARCHES_ON}
    return render_review(request, seat, "screening/searches.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, review_id: int) -> HttpResponse:
    """Write a search down; nothing is sent."""
    seat = seat_for(request.user, review_id, "import")
    form = SearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            search = saved_searches.save(review=seat.review, by=seat.user, **form.given())
        except SearchRefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect(search)
    return _form(request, seat, form)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, review_id: int, search_id: int) -> HttpResponse:
    """Correct a search. What it has fetched stays as it is."""
    seat = seat_for(request.user, review_id, "import")
    search = saved_search_for(seat, search_id)
    form = SearchForm(request.POST or None, search=search)
    if request.method == "POST" and form.is_valid():
        try:
            saved_searches.change(search=search, by=seat.user, **form.given())
        except SearchRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The search is changed. Runs that were made keep the strategy they had.")
            return redirect(search)
    return _form(request, seat, form, search)


def _form(request: HttpRequest, seat: Seat, form: SearchForm, search: SavedSearch | None = None) -> HttpResponse:
    return render_review(request, seat, "screening/search_form.html", {"form": form, "search": search})


@login_required
@require_GET
def search(request: HttpRequest, review_id: int, search_id: int) -> HttpResponse:
    """One search: its strategy, how its run stands, all its runs; it asks for itself anew while one is going."""
    seat = seat_for(request.user, review_id)
    found = saved_search_for(seat, search_id)
    page = Paginator(runs_of(found), 25).get_page(request.GET.get("page"))
    return render_review(request, seat, "screening/search.html", _described(seat, found) | {"page": page})


def _described(seat: Seat, found: SavedSearch) -> dict[str, Any]:
    run = runs_of(found).first()
    return {
        "search": found,
        "run": run,
        "going": run is not None and run.status in saved_searches.GOING,
        "since": search_runs.new_since(found),
        "can_import": seat.can("import") and not found.removed,
        "on": settings.SEARCHES_ON,
        "most": settings.SEARCH_MAX_RECORDS,
        "can_go_on": run is not None and run.status == SearchStatus.FAILED and (run.scheduled or run.hits is not None),
        "too_many": run is not None and (run.hits or 0) > settings.SEARCH_MAX_RECORDS,
    }


@login_required
@require_POST
def change(request: HttpRequest, review_id: int, search_id: int, verb: str) -> HttpResponse:
    """Count, fetch, go on, cancel, remove."""
    seat = seat_for(request.user, review_id, "import")
    found = saved_search_for(seat, search_id)
    if verb not in VERBS:
        raise Http404("There is no such verb.")
    try:
        VERBS[verb](search=found, by=seat.user)
    except SearchRefusedError as error:
        messages.error(request, str(error))
    else:
        if verb == "remove":
            messages.success(request, f"The search of “{found.source.name}” is removed. What it fetched stays.")
            return redirect("screening:searches", review_id)
    return redirect(found)
