"""The stop switch of AI: of a review for its leads, of the whole instance for administrators (MON-07)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from audit import stops
from audit.models.stop import StopSwitch
from screening.access import Seat, seat_for, signed_in
from screening.actions import stopping
from screening.forms.stops import StopForm
from screening.models.review import Review

VERBS = {"stop": stopping.stop, "lift": stopping.lift}


def shown(seat: Seat) -> dict[str, Any]:
    """What the AI page shows: the sentence if AI is stopped, and which way this person may turn the review's switch."""
    last = stops.latest(seat.review.pk)
    return {
        "ai_stopped": stops.stopped(seat.review.pk),
        "stop_verb": ("lift" if last and last.stopped else "stop") if seat.can("run_ai") else "",
    }


@login_required
@require_POST
def change(request: HttpRequest, review_id: int) -> HttpResponse:
    """Stop AI in a review, or let it go on."""
    seat = seat_for(request.user, review_id, "run_ai")
    _turn(request, seat.review)
    return redirect("screening:assistants", review_id)


@login_required
@require_http_methods(["GET", "POST"])
def instance(request: HttpRequest) -> HttpResponse:
    """The switch of the whole instance, and how it was turned before."""
    if not signed_in(request).is_superuser:
        raise PermissionDenied("Only administrators may stop AI everywhere, or let it go on.")
    if request.method == "POST":
        _turn(request, None)
        return redirect("models:stop")
    turned = StopSwitch.objects.filter(review_id=None).select_related("by").order_by("-id")[:50]
    context = {"ai_stopped": stops.stopped(None), "turned": turned}
    return render(request, "screening/ai_stop.html", context)


def _turn(request: HttpRequest, review: Review | None) -> None:
    form, verb = StopForm(request.POST), request.POST.get("verb", "")
    if verb not in VERBS:
        messages.error(request, "AI can be stopped, or let go on. Nothing was changed.")
        return
    if not form.is_valid():
        messages.error(request, f"{' '.join(map(str, form.errors['why']))} Nothing was changed.")
        return
    try:
        VERBS[verb](review=review, by=signed_in(request), why=form.cleaned_data["why"])
    except stops.StopRefusedError as error:
        messages.error(request, str(error))
        return
    stopped = "AI is stopped: nothing is claimed or asked any more. Calls that were in flight end and are kept."
    messages.success(request, stopped if verb == "stop" else "AI may go on. Runs that were paused wait to be resumed.")
