"""Whether an assistant's scores may be shown in per cent, and how they would fit (AI-09)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from audit.agreement import Rate, wilson
from audit.agreement.calibration import LEAST, MOST_ERROR
from screening.access import Seat, seat_for
from screening.actions import calibrating
from screening.charts.reliability import reliability
from screening.enums import RunKind, RunPurpose, Stage
from screening.models.assistant import Assistant
from screening.models.calibration import Calibration
from screening.models.run import Run
from screening.queries.assistants import calibration
from screening.queries.assistants.runs import bound
from screening.views.figures import per_cent, share

WIDTHS = (460, 320)  # of a diagram; static/css/progress.css shows the one that fits


def shown(seat: Seat) -> dict[str, Any]:
    """What the section of the AI page shows: of each assistant that has a score, where it ran. Four queries at most.

    Who is bound gets no figure: with few labels they tell what was suggested (AI-02).
    """
    scored = Assistant.objects.filter(review=seat.review, engine__in=calibration.SCORED).order_by("name", "-version")
    stands = calibration.latest(seat.review)
    screened = Run.objects.filter(review=seat.review, purpose=RunPurpose.SCREENING, kind=RunKind.WORK)
    ran = set(screened.values_list("assistant_id", "stage").distinct())
    veiled = {stage: bound(seat.review, stage, seat.roles) for stage in Stage}
    return {
        "calibrations": [
            _one(assistant, stage, stands.get((assistant.pk, stage)), veiled=veiled[stage])
            for assistant in scored.distinct("name")
            for stage in Stage
            if (assistant.pk, stage) in ran
        ],
        "least_labels": LEAST,
        "most_error": MOST_ERROR,
    }


def _one(assistant: Assistant, stage: Stage, found: Calibration | None, *, veiled: bool) -> dict[str, Any]:
    told = {"assistant": assistant, "stage": stage, "stage_label": stage.label, "veiled": veiled}
    if veiled or found is None:
        return told
    bins = [(predicted, kept, n) for predicted, kept, n in found.bins]
    rates = [(predicted, wilson(kept, n)) for predicted, kept, n in bins]
    return told | {
        "found": found,
        "labels": found.n_include + found.n_exclude,
        "missing": _missing(found),
        # numbers alone: nothing that somebody typed is drawn
        "diagram": mark_safe("".join(reliability(bins, width=width) for width in WIDTHS)) if bins else "",
        "bins": [
            {"predicted": per_cent(predicted), "kept": share(rate), "within": _within(rate), "n": rate.n}
            for predicted, rate in rates
        ],
    }


def _within(rate: Rate) -> str:
    """The interval as short as a phone's table needs it: 8–48 %."""
    return f"{100 * (rate.low or 0):.0f}–{per_cent(rate.high)}"


def _missing(found: Calibration) -> str:
    """What has to come before there is a percentage; empty where there is one."""
    counted = ((found.n_include, "includes"), (found.n_exclude, "excludes"))
    few = [f"{n} of {LEAST} {what}" for n, what in counted if n < LEAST]
    if few:
        return f"There are {' and '.join(few)} so far."
    if found.usable:
        return ""
    return f"The error is {found.ece:.2f}, and may be {MOST_ERROR:.2f} at most."


@login_required
@require_POST
def work_out(request: HttpRequest, review_id: int) -> HttpResponse:
    """Let a worker work it out from the labels as they are now."""
    seat = seat_for(request.user, review_id, "run_ai")
    asked = request.POST.get("assistant", "")
    assistant = get_object_or_404(
        Assistant.objects.select_related("review"),
        review=seat.review,
        pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0,
    )
    stage = request.POST.get("stage", "")
    try:
        calibrating.ring(
            assistant=assistant, stage=stage if stage in Stage.values else Stage.TITLE_ABSTRACT, by=seat.user
        )
    except calibrating.CalibrationRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, "It is being worked out: reload this page in a moment. Where no label is new, nothing changes."
        )
    return redirect("screening:assistants", review_id)
