"""One suggestion: what it says, what it stands on, every call that was made for it; and running it again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from screening.access import Seat, seat_for, suggestion_for
from screening.actions import again
from screening.actions.panels import SPLIT
from screening.actions.runs import RunRefusedError
from screening.enums import Engine, SuggestionRole
from screening.models.suggestion import Suggestion
from screening.page import render_review
from screening.queries.assistants import beside, replay
from screening.queries.assistants.sent import texts_sent
from screening.queries.assistants.suggestions import read_of

WHAT = {
    SuggestionRole.MEMBER: "One member of a panel says this; what stands is the panel’s.",
    SuggestionRole.REPEAT: "The same question, asked again to measure instability. It stands nowhere.",
    SuggestionRole.AGAIN: "Run again because a person asked for it. It stands nowhere.",
    SuggestionRole.TRIAL: "Said to try a version of a prompt. It stands nowhere.",
}


@login_required
@require_GET
def suggestion(request: HttpRequest, review_id: int, suggestion_id: int) -> HttpResponse:
    """A suggestion with its judgements and calls, and beside it what was said when it was run again."""
    seat = seat_for(request.user, review_id)
    found = suggestion_for(seat, suggestion_id)
    prefetch_related_objects([found], "judgements__criterion", "beside__judgements__criterion")
    context = {"suggestion": found, **_beside(seat, found)}
    if request.GET.get("part") == "beside":
        return render_review(request, seat, "screening/_suggestion_beside.html", context)
    return render_review(request, seat, "screening/suggestion.html", context | _described(seat, found))


def _beside(seat: Seat, found: Suggestion) -> dict[str, Any]:
    return {
        "others": beside.others(found),
        "audits": seat.can("see_audit"),
        "can_run": seat.can("run_ai"),
        "sees_runs": seat.can("see_ai"),
        "why_not": again.why_not(found),
        "local": found.assistant.engine == Engine.LOCAL,
    }


def _described(seat: Seat, found: Suggestion) -> dict[str, Any]:
    said, assistant = found.explanation, found.assistant
    calls = replay.attempts(found) if seat.can("see_audit") else []
    stands_on = next((one.call for one in calls if one.stands), None)
    return {
        "what": WHAT.get(SuggestionRole(found.role), ""),
        "panel": _panel_of(found),
        "flags": ["members disagree" if flag == SPLIT else flag.replace("_", " ") for flag in found.flags],
        "judged": replay.judged(found, found.beside),
        "was": found.beside.proposed_verdict if found.beside else "",
        "read": read_of(said),
        "attempts": calls,
        "texts": texts_sent(stands_on.sends) if stands_on else [],
        "is_panel": assistant.engine == Engine.PANEL,
        "run": found.item.run,
    }


def _panel_of(found: Suggestion) -> Suggestion | None:
    """Of a member: what its panel says of the record in the same run."""
    if found.role != SuggestionRole.MEMBER:
        return None
    of_run = Suggestion.objects.filter(item__run=found.item.run_id, item__member=None, item__repeat=0)
    return of_run.filter(record=found.record_id).first()


@login_required
@require_POST
def run_again(request: HttpRequest, review_id: int, suggestion_id: int) -> HttpResponse:
    """Ask the same again, whatever is stored."""
    seat = seat_for(request.user, review_id, "run_ai")
    found = suggestion_for(seat, suggestion_id)
    try:
        again.start(suggestion=found, by=seat.user)
    except RunRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is being run again: what is said stands below in a moment.")
    return redirect("screening:suggestion", review_id, suggestion_id)
