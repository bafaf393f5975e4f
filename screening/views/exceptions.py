"""The inbox of exceptions: what of the assistants' work waits for people, each with its next step."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from screening.access import Seat, record_for, seat_for
from screening.actions import exceptions as actions
from screening.enums import ExceptionKind, Stage
from screening.page import render_review
from screening.queries.assistants import exceptions
from screening.queries.assistants.exceptions import Exceptional, Eyes
from screening.queries.assistants.runs import bound

PER_PAGE, LAST = 50, 2**31
OF_RECORD, OF_RUN, OF_FILES = "record", "run", "documents"  # where a next step leads
STEPS: dict[str, tuple[str, str, str]] = {
    ExceptionKind.INJECTION: (
        "Its text speaks to a language model. Read it yourself; it is never proposed for exclusion.",
        OF_RECORD,
        "Read it",
    ),
    ExceptionKind.FAILED: (
        "No suggestion came of it. Try the failed ones again, or leave it to people.",
        OF_RUN,
        "To the run",
    ),
    ExceptionKind.REFUSED: (
        "It was not taken, and would not be the next time. Mend what it names, or choose another model.",
        OF_RUN,
        "To the run",
    ),
    ExceptionKind.SPLIT: (
        "The members of the panel disagree, so it is no second opinion. People decide, with both reasonings.",
        OF_RECORD,
        "Read both",
    ),
    ExceptionKind.UNSTABLE: (
        "Asked again, the assistant said otherwise. Let a second person look.",
        OF_RECORD,
        "Read it",
    ),
    ExceptionKind.UNSURE: ("The assistant could not tell. Let a second person look.", OF_RECORD, "Read it"),
    ExceptionKind.NO_ABSTRACT: (
        "There is nothing but a title to judge. Look for the abstract, or read the report in full.",
        OF_RECORD,
        "Find it",
    ),
    ExceptionKind.NO_TEXT: (
        "Nothing can be read in the file. Find another one, or leave it to people.",
        OF_FILES,
        "To the files",
    ),
    ExceptionKind.NOT_PERMITTED: (
        "Its file may not be sent to a model. Permit it if you have the right, or leave it to people.",
        OF_FILES,
        "To the files",
    ),
}


@login_required
@require_GET
def inbox(request: HttpRequest, review_id: int) -> HttpResponse:
    """What waits, by kind. Whoever screens sees what tells of a suggestion after their own vote only (AI-02)."""
    seat = seat_for(request.user, review_id, "see_ai")
    eyes, kind = eyes_of(seat), request.GET.get("kind", "")
    kind = kind if kind in ExceptionKind.values else ""
    found = exceptions.inbox(seat.review, eyes, kind, page=_page(request), per_page=PER_PAGE)
    waits = found.counted[kind] if kind else sum(found.counted.values())
    page = Paginator(range(waits), PER_PAGE).get_page(_page(request))
    context = {
        "kind": kind,
        "tabs": _tabs(found.counted, kind),
        "page": page,
        "rows": [_row(seat, one) for one in found.rows],
        "can_mark": seat.can("run_ai"),
        "bound": any(bound(seat.review, stage, seat.roles) for stage in Stage.values),
    }
    return render_review(request, seat, "screening/exceptions.html", context)


@login_required
@require_POST
def seen(request: HttpRequest, review_id: int) -> HttpResponse:
    """Mark one as looked at."""
    seat = seat_for(request.user, review_id, "run_ai")
    try:
        record = record_for(seat, int(request.POST["record"]))
        actions.mark_seen(
            review=seat.review,
            kind=request.POST["kind"],
            stage=request.POST["stage"],
            record_id=record.pk,
            item_id=int(request.POST["item"]) if request.POST.get("item") else None,
            eyes=eyes_of(seat),
            by=seat.user,
        )
    except actions.ExceptionRefusedError as error:
        messages.error(request, str(error))
    except (KeyError, ValueError):
        messages.error(request, "The form came incomplete: nothing was changed. Try again.")
    shown = request.POST.get("shown", "")
    query = f"?kind={shown}" if shown in ExceptionKind.values else ""
    return redirect(reverse("screening:exceptions", args=[review_id]) + query)


def eyes_of(seat: Seat) -> Eyes:
    """Who looks, as the inbox asks for it."""
    return Eyes(seat.user.pk, frozenset(seat.roles))


def _page(request: HttpRequest) -> int:
    """The page that the address asks for, from 1; the first for what is no number."""
    asked = request.GET.get("page", "")
    return min(int(asked), LAST) or LAST if asked.isascii() and asked.isdecimal() and len(asked) < 12 else 1


def _tabs(counted: dict[str, int], kind: str) -> list[dict[str, Any]]:
    """All, and the kinds that there is something of (or that one asked for)."""
    every = [{"name": "", "label": "All", "count": sum(counted.values()), "active": not kind}]
    return every + [
        {"name": one.value, "label": one.label, "count": counted[one], "active": one == kind}
        for one in ExceptionKind
        if counted[one] or one == kind
    ]


def _row(seat: Seat, one: Exceptional) -> dict[str, Any]:
    step, leads, label = STEPS[one.kind]
    address = {
        OF_RECORD: reverse("screening:record", args=[seat.review.pk, one.record_id]),
        OF_RUN: reverse("screening:run", args=[seat.review.pk, one.run_id]) if one.run_id else "",
        OF_FILES: reverse("screening:documents", args=[seat.review.pk]),
    }[leads]
    return {
        "one": one,
        "kind": ExceptionKind(one.kind).label,
        "stage": Stage(one.stage).label,
        "step": step,
        "url": address,
        "label": label,
    }
