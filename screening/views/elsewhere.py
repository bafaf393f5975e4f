"""Bringing in decisions that were made elsewhere: look, say what they mean, see what they would change, bring in, take
back (IMP-06)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from screening.access import Seat, decision_import_for, seat_for
from screening.actions import elsewhere
from screening.enums import DecisionImportStatus, ImportStatus, Stage
from screening.forms.elsewhere import MeaningForm, PlaceForm
from screening.models.decision_import import DecisionImport
from screening.models.source import ImportedFile
from screening.page import render_review
from screening.queries.stages.brought import came_of, named

BUSY = elsewhere.UNDER_WAY
LEFT = {
    "without": "have no decision there",
    "unknown": "have a value there that means nothing",
    "contradictory": "say two things that differ",
    "differing": "are of one record, and differ",
    "unmatched": "are no record of this review",
    "not_here": "are not at this stage",
}


@login_required
@require_POST
def begin(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """Look for decisions in a file."""
    seat = seat_for(request.user, review_id, "import")
    file = ImportedFile.objects.filter(review=seat.review, pk=file_id).first()
    if file is None:
        raise Http404("There is no such import in this review.")
    try:
        row = elsewhere.begin(file=file, by=seat.user)
    except elsewhere.ElsewhereRefusedError as error:
        messages.error(request, str(error))
        return redirect("screening:import", review_id, file_id)
    return redirect("screening:elsewhere", review_id, row.pk)


@login_required
@require_GET
def page(request: HttpRequest, review_id: int, import_id: int) -> HttpResponse:
    """What was found, what it means, what it would change; later, what came of it."""
    seat = seat_for(request.user, review_id, "import")
    row = decision_import_for(seat, import_id)
    return render_review(request, seat, "screening/elsewhere.html", _context(row, request.GET))


def _context(row: DecisionImport, asked: Any) -> dict[str, Any]:
    context: dict[str, Any] = {"row": row, "busy": row.status in BUSY}
    context["as_seen"] = {"seen": elsewhere.choice_digest(row)}
    if row.status == DecisionImportStatus.CHOOSING and row.found.get("places"):
        places = PlaceForm(asked, row=row)
        chosen = places.chosen()
        context |= {"places": places, "chosen": chosen, "meaning": MeaningForm(row=row, **chosen)}
        context |= {"more": next((more for name, *_, more in row.found["places"] if name == chosen["place"]), 0)}
        context |= _preview(row)
    elif row.status not in BUSY:
        context |= {"came": came_of(row), "records_url": _records(row)}
    return context


def _preview(row: DecisionImport) -> dict[str, Any]:
    seen = row.preview
    if not seen:
        return {}
    return {
        "preview": seen,
        "left": [(n, LEFT[why]) for why, n in sorted(seen["left"].items())],
        "differ": named(seen["differ"]),
        "contradictory": named(seen["contradictory"]),
    }


def _records(row: DecisionImport) -> str:
    asked = urlencode({"stage": row.stage, "elsewhere": row.pk})
    return f"{reverse('screening:records', args=[row.review_id])}?{asked}"


@login_required
@require_GET
def card(request: HttpRequest, review_id: int, import_id: int) -> HttpResponse:
    """The part of the page that is asked for again while a worker is at it; the page anew once it has ended."""
    seat = seat_for(request.user, review_id, "import")
    row = decision_import_for(seat, import_id)
    if row.status not in BUSY:
        return HttpResponse(headers={"HX-Redirect": reverse("screening:elsewhere", args=[review_id, import_id])})
    return render(request, "screening/_elsewhere_card.html", {"row": row, "review": seat.review, "busy": True})


@login_required
@require_POST
def change(request: HttpRequest, review_id: int, import_id: int, verb: str) -> HttpResponse:
    """Choose what values mean, bring in, take back, or leave it."""
    seat = seat_for(request.user, review_id, "import")
    row = decision_import_for(seat, import_id)
    if verb not in VERBS:
        raise Http404("There is no such step.")
    try:
        VERBS[verb](request, seat, row)
    except elsewhere.ElsewhereRefusedError as error:
        messages.error(request, str(error))
    if verb == "discard" and not DecisionImport.objects.filter(pk=import_id).exists():
        return redirect("screening:import", review_id, row.file_id)
    return redirect("screening:elsewhere", review_id, import_id)


def _choose(request: HttpRequest, seat: Seat, row: DecisionImport) -> None:
    places = PlaceForm(request.POST, row=row, posted=True)
    if not places.is_valid():
        raise elsewhere.ElsewhereRefusedError("There is no such column or tag in this file. Choose one of the list.")
    chosen = places.cleaned_data
    form = MeaningForm(request.POST, row=row, **chosen)
    if not form.is_valid():
        raise elsewhere.ElsewhereRefusedError("Choose include, exclude, maybe or nothing for each value.")
    elsewhere.choose(
        row=row,
        place=chosen["place"],
        stage=chosen["stage"],
        counts_as=form.cleaned_data["counts_as"],
        verdicts=form.verdicts(),
        reason_place=chosen["reason_place"],
        reasons=form.reasons(),
        by=seat.user,
    )


def _commit(request: HttpRequest, seat: Seat, row: DecisionImport) -> None:
    elsewhere.commit(row=row, by=seat.user, seen=request.POST.get("seen", ""))
    messages.success(request, f"The decisions at {Stage(row.stage).label.lower()} are being brought in.")


def _take_back(request: HttpRequest, seat: Seat, row: DecisionImport) -> None:
    elsewhere.take_back(row=row, by=seat.user, reason=request.POST.get("reason", "")[:500])


def _discard(request: HttpRequest, seat: Seat, row: DecisionImport) -> None:
    elsewhere.discard(row=row, by=seat.user)
    waits = ImportedFile.objects.filter(pk=row.file_id, status=ImportStatus.CHECKED).exists()
    again = " It can be imported as before." if waits else ""
    messages.success(request, f"The decisions in “{row.file.name}” were left alone. Nothing was brought in.{again}")


VERBS: dict[str, Callable[[HttpRequest, Seat, DecisionImport], None]] = {
    "choose": _choose,
    "commit": _commit,
    "take-back": _take_back,
    "discard": _discard,
}
