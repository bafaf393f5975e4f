"""Conflicts and their adjudication: the record first, the two opinions when it has been read (SCR-02)."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import events
from screening.access import Seat, seat_for
from screening.actions import decisions
from screening.actions.stages import rule_for
from screening.enums import Origin, Stage, StageStatus
from screening.models.stage import StageState
from screening.page import render_review
from screening.queries.amendments.protocol import current_protocol
from screening.queries.marks.highlights import layers
from screening.queries.stages.conflicts import (
    names_of,
    open_conflicts,
    opinions,
    own_conflicts_left,
    settled_anew,
    why_barred,
)
from screening.queries.stages.queue import cards
from screening.views.workbench import reasons_shown

OTHERS = {"tags", "notes", "suggestion", "my_decision"}  # what people or machines said of it: not before it is read


@login_required
@require_GET
def conflicts(request: HttpRequest, review_id: int) -> HttpResponse:
    """The conflicts that wait: which record, who disagrees, since when. Not how."""
    seat = seat_for(request.user, review_id, "adjudicate")
    page = Paginator(open_conflicts(review_id, seat.user.pk), 50).get_page(request.GET.get("page"))
    names = names_of(list(page.object_list))
    rows = [
        {
            "state": state,
            "stage": Stage(state.stage).label,
            "who": [names[voter] for voter in state.voters],
            "own": seat.user.pk in state.voters,
        }
        for state in page.object_list
    ]
    context = {"page": page, "rows": rows, "own_left": own_conflicts_left(review_id, seat.user.pk)}
    return render_review(request, seat, "screening/conflicts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def conflict(request: HttpRequest, review_id: int, state_id: int) -> HttpResponse:
    """One record in conflict; POST settles it and goes on to the next."""
    seat = seat_for(request.user, review_id, "adjudicate")
    state = _state_for(seat, state_id)
    if request.method == "POST":
        return _settle(request, seat, state)
    anew = settled_anew(state, seat.user.pk)
    if state.status != StageStatus.CONFLICT and not anew:
        messages.info(request, "This record is not in conflict any more.")
        return redirect("screening:conflicts", review_id)
    if why := _why_barred(seat, state):
        return render_review(request, seat, "screening/conflict_own.html", {"state": state, "sentence": why})
    return render_review(request, seat, "screening/conflict.html", _context(seat, state) | {"anew": anew})


@login_required
@require_POST
def open_opinions(request: HttpRequest, review_id: int, state_id: int) -> HttpResponse:
    """The opinions, for the adjudicator who has read the record. That they were opened is on record.

    Of a conflict only: an adjudicator may screen as well, and would else read the first vote before their own (SCR-02).
    """
    seat = seat_for(request.user, review_id, "adjudicate")
    state = _state_for(seat, state_id)
    if state.status != StageStatus.CONFLICT and not settled_anew(state, seat.user.pk):
        raise Http404("This record is not in conflict any more.")
    if why := _why_barred(seat, state):
        raise PermissionDenied(why)
    events.record(
        "conflict.opened",
        subject=state,
        by=seat.user,
        review_id=review_id,
        record_id=state.record_id,
        stage=state.stage,
    )
    return render(request, "screening/_opinions.html", {"opinions": opinions(state)})


def _state_for(seat: Seat, state_id: int) -> StageState:
    state = StageState.objects.select_related("record").filter(pk=state_id, review=seat.review).first()
    if state is None:
        raise Http404("There is no such conflict in this review.")
    return state


def _why_barred(seat: Seat, state: StageState) -> str:
    return why_barred(rule_for(seat.review, state.stage), seat.user.pk, voted=seat.user.pk in state.voters)


def _context(seat: Seat, state: StageState) -> dict[str, Any]:
    (card,) = cards(
        [state.record_id], stage=state.stage, reviewer_id=seat.user.pk, oversight="off", roles=seat.roles, fresh=True
    )
    names, protocol = names_of([state]), current_protocol(seat.review)
    return {
        "state": state,
        "stage_label": Stage(state.stage).label,
        "card": card,
        "record": {name: value for name, value in card.items() if name not in OTHERS},
        "upload_url": reverse("screening:documents", args=[seat.review.pk]) if seat.can("add_documents") else "",
        "retrieval_url": (
            reverse("screening:retrieval", args=[seat.review.pk, state.record_id]) if seat.can("add_documents") else ""
        ),
        "who": [names[voter] for voter in state.voters],
        "own": seat.user.pk in state.voters,
        "criteria": protocol.criteria.order_by("position") if protocol else [],
        "reasons": reasons_shown(seat.review, state.stage),
        "highlight": layers(seat.review),
        "highlights_url": (reverse("screening:highlights", args=[seat.review.pk]) if seat.can("change_review") else ""),
        "reason_required": rule_for(seat.review, state.stage).reason_required,
        "maybe_allowed": state.stage == Stage.TITLE_ABSTRACT,
        "waiting": open_conflicts(seat.review.pk, seat.user.pk).count(),
        "protocol": protocol,
        "form_key": uuid4(),
    }


def _settle(request: HttpRequest, seat: Seat, state: StageState) -> HttpResponse:
    try:
        decisions.record(
            review=seat.review,
            record_id=state.record_id,
            stage=state.stage,
            verdict=request.POST.get("verdict", ""),
            by=seat.user,
            idempotency_key=UUID(request.POST.get("idempotency_key", "")),
            reason_id=int(request.POST["reason"]) if request.POST.get("reason", "").isdecimal() else None,
            note=request.POST.get("note", "")[:5_000],
            origin=Origin.ADJUDICATION,
            protocol_id=int(request.POST["protocol"]) if request.POST.get("protocol", "").isdecimal() else None,
            anew=request.POST.get("anew") == "yes",
        )
    except ValueError as error:
        refused = isinstance(error, decisions.DecisionRefusedError)
        messages.error(request, str(error) if refused else "The form came incomplete: nothing was stored. Try again.")
        return redirect("screening:conflict", seat.review.pk, state.pk)
    following = open_conflicts(seat.review.pk, seat.user.pk).first()
    messages.success(request, "Settled." if following else "Settled. That was the last conflict.")
    if following is None:
        return redirect("screening:conflicts", seat.review.pk)
    return redirect("screening:conflict", seat.review.pk, following.pk)
