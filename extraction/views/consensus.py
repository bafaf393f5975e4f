"""The consensus screen: what two extractors entered, side by side with the proposal and the document (EXT-06)."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from extraction.access import form_for
from extraction.actions import consensus, values
from extraction.enums import Capacity, CellState
from extraction.models.assignment import Assignment
from extraction.models.form import Form
from extraction.models.value import Value
from extraction.page import STATED, STATES, furniture, shown_value, warning
from extraction.queries.consensus import Comparison, Line, comparison
from extraction.queries.papers import documents_of
from extraction.visibility import sees_others_values
from screening.access import Seat, seat_for, study_for
from screening.models.study import Study
from screening.page import render_review
from screening.queries.documents.documents import document_shown


@login_required
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, review_id: int, study_id: int, form_id: int) -> HttpResponse:
    """Both values of each cell, those that differ first; POST lets one stand, or another."""
    seat = seat_for(request.user, review_id, "settle_extraction")
    study, form = study_for(seat, study_id), form_for(seat, form_id)
    found = comparison(study, form)
    own = Assignment.objects.filter(study=study, form=form, extractor=seat.user).values_list("status", flat=True)
    if not sees_others_values(roles=seat.roles, own=own.first(), all_done=found.team.all_done):
        if request.method == "POST":
            raise PermissionDenied("Not all who extract this study are done. There is nothing to settle yet.")
        messages.info(request, "Not all who extract this study are done: their values are not shown yet.")
        return redirect("extraction:home", review_id)
    if request.method == "POST":
        return _settle(request, seat, study, form)
    return render_review(request, seat, "extraction/consensus.html", _context(seat, study, form, found))


def _settle(request: HttpRequest, seat: Seat, study: Study, form: Form) -> HttpResponse:
    given: dict[str, Any] = {
        "study": study,
        "form": form,
        "by": seat.user,
        "note": request.POST.get("note", "")[:5_000],
    }
    key = _key(request)
    try:
        if take := request.POST.get("take", ""):
            consensus.take(value_id=_number(take) or 0, idempotency_key=key, **given)
        elif proposal := request.POST.get("checked_proposal", request.POST.get("proposal", "")):
            checked = "checked_proposal" in request.POST
            consensus.take_proposal(proposal_id=_number(proposal) or 0, confirmed=checked, idempotency_key=key, **given)
        else:
            values.record(
                field_key=request.POST.get("field", ""),
                arm_id=_number(request.POST.get("arm", "")),
                measure_id=_number(request.POST.get("measure", "")),
                raw=_raw(request),
                unit=request.POST.get("unit", ""),
                state=request.POST.get("state", "reported"),
                capacity=Capacity.CONSENSUS,
                idempotency_key=key,
                **given,
            )
    except values.ValueRefusedError as error:
        messages.error(request, str(error))
        return redirect(f"{request.path}#r-{request.POST.get('cell', '')}")
    return redirect(f"{request.path}#next")


def _context(seat: Seat, study: Study, form: Form, found: Comparison) -> dict[str, Any]:
    documents = [document_shown(document) for document in documents_of(study)]
    return {
        "study": study,
        "form": form,
        "lines": [_shown(line, found) for line in found.lines],
        "waiting": found.waiting,
        "agreement": found.agreement,
        "percent": _percent(found.agreement.alike.value),
        "kappa": found.agreement.kappa,
        "own": seat.user.pk in found.team.status,
        "documents": documents,
        "document": documents[0] if documents else None,
        "home_url": reverse("extraction:home", args=[seat.review.pk]),
        **furniture(),
        "states": STATED,
    }


def _shown(line: Line, found: Comparison) -> dict[str, Any]:
    spec, proposal = line.cell.spec, line.proposal
    icon, word = STATES[line.state]
    settled = line.consensus
    return {
        "key": uuid4(),
        "dom": line.cell.key.replace("@", "-"),
        "label": spec.label,
        "place": line.cell.place.name,
        "spec": spec,
        "field": spec.key,
        "arm": line.cell.place.ids[0] or "",
        "measure": line.cell.place.ids[1] or "",
        "state": line.state.value,
        "icon": icon,
        "word": _word(line, word),
        "open": line.open,
        "sides": [_side(line, side) for side in line.sides],
        "settled": shown_value(spec, settled.state, settled.value, settled.unit) if settled else "",
        "settled_by": _name(settled) if settled else "",
        "note": settled.note if settled else "",
        "proposal": proposal
        and {
            "id": proposal.pk,
            "usable": "not_readable" not in proposal.flags,
            "warning": warning(proposal),
            "taken": settled is not None and settled.citing_id == proposal.pk,
            "shown": shown_value(spec, proposal.state, proposal.value, proposal.unit),
            "quote": proposal.quote,
            "document": proposal.document_id,
            "page": proposal.page,
            "parts": proposal.places,
            "found": proposal.quote_found,
            "by": proposal.said_by,
            "read": proposal.read,
        },
    }


def _word(line: Line, word: str) -> str:
    if line.moved:
        return "An extractor's value was changed after it was settled"
    if line.state == CellState.PARTIAL:
        return "Only one entered it"
    return "Settled" if line.consensus else word


def _side(line: Line, value: Value | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {
        "id": value.pk,
        "who": _name(value),
        "shown": shown_value(line.cell.spec, value.state, value.value, value.unit),
        "manner": value.get_manner_display(),
        "note": value.note,
        "quote": value.quote,
        "document": value.document_id,
        "page": value.page,
        "parts": value.places,
    }


def _name(value: Value) -> str:
    return value.author.get_full_name() or value.author.get_username()


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def _raw(request: HttpRequest) -> object:
    many = request.POST.getlist("raw")
    return many if len(many) > 1 else request.POST.get("raw", "")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid4()
