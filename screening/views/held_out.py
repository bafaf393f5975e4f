"""Test sets: the records that assistants may not learn from."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from screening.access import Seat, seat_for
from screening.actions import holding_out
from screening.enums import Stage
from screening.forms.held_out import HoldOutForm
from screening.page import render_review
from screening.queries.assistants import held_out as found

NONE = "None was held out: these records are already, or were released before, or are not of this review."


@login_required
@require_http_methods(["GET", "POST"])
def test_sets(request: HttpRequest, review_id: int) -> HttpResponse:
    """What is held out, and holding out more."""
    seat = seat_for(request.user, review_id, "run_ai" if request.method == "POST" else "see_ai")
    form = HoldOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            held = _hold_out(seat, form)
            if held:
                messages.success(request, f"{held} record{'s are' if held != 1 else ' is'} held out from now on.")
                return redirect("screening:held-out", review_id)
            form.add_error(None, NONE)
        except ValueError as error:
            form.add_error(None, str(error))
    context = {"sets": found.test_sets(seat.review), "form": form, "can_run": seat.can("run_ai")}
    return render_review(request, seat, "screening/held_out.html", context)


def _hold_out(seat: Seat, form: HoldOutForm) -> int:
    said = form.cleaned_data
    fields = {"review": seat.review, "stage": said["stage"], "why": said["why"], "by": seat.user}
    if said["share"]:
        return holding_out.draw(share=said["share"], **fields)
    return holding_out.hold_out(record_ids=said["records"], **fields)


@login_required
@require_POST
def release(request: HttpRequest, review_id: int) -> HttpResponse:
    """End a test set."""
    seat = seat_for(request.user, review_id, "run_ai")
    stage, test_set = request.POST.get("stage", ""), request.POST.get("test_set", "").replace("\x00", "")
    why = request.POST.get("why", "").replace("\x00", "")[:500]
    try:
        if stage not in Stage.values:
            raise ValueError("There is no such stage. Nothing was released.")
        freed = holding_out.release(review=seat.review, stage=stage, test_set=test_set, why=why, by=seat.user)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, f"{freed} record{'s' if freed != 1 else ''} released: assistants may learn from them."
        )
    return redirect("screening:held-out", review_id)
