"""Starting a run over studies; its progress is the page that all runs have."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from extraction.actions import extraction_runs
from extraction.forms.run import ALL, NEW, ExtractionRunForm, versions_of
from extraction.models.form import FormVersion
from screening.access import Seat, seat_for
from screening.enums import Engine
from screening.models.assistant import Assistant
from screening.page import render_review
from screening.running.lifecycle import RunRefusedError


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, review_id: int) -> HttpResponse:
    """What a run would take and what it can't ask (GET), and starting it (POST)."""
    seat = seat_for(request.user, review_id, "run_ai")
    form = ExtractionRunForm(request.POST or request.GET or None, review=seat.review)
    version, assistant, scope = _chosen(seat, form)
    estimate, studies, refused = None, None, ""
    try:
        if version and assistant:
            asked: Any = {"review": seat.review, "form_version": version, "assistant": assistant}
            studies = None if scope == ALL else extraction_runs.unread(**asked)
            if request.method == "POST" and form.is_valid():
                run = extraction_runs.start(**asked, studies=studies, by=seat.user)
                return redirect("screening:run", review_id, run.pk)
            estimate = extraction_runs.estimate(**asked, studies=studies)
    except RunRefusedError as error:
        refused = str(error)
    chosen = {"form_version": version, "assistant": assistant, "studies": scope}
    context = {
        "form": ExtractionRunForm(initial=chosen, review=seat.review),
        "version": version,
        "assistant": assistant,
        "scope": scope,
        "all_read": scope == NEW and studies == [],
        "estimate": estimate,
        "refused": refused,
    }
    status = 409 if refused and request.method == "POST" else 200
    return render_review(request, seat, "extraction/run_start.html", context, status=status)


def _chosen(seat: Seat, form: ExtractionRunForm) -> tuple[FormVersion | None, Assistant | None, str]:
    """What was chosen; else the first form, an assistant with a model before the offline engine, and new studies."""
    if form.is_valid():
        said = form.cleaned_data
        return said["form_version"], said["assistant"], said["studies"] or NEW
    found = Assistant.objects.filter(review=seat.review).exclude(engine=Engine.PANEL)
    assistants = found.order_by("name", "-version").distinct("name")
    by_engine = sorted(assistants, key=lambda one: one.engine != Engine.LLM)
    return versions_of(seat.review).first(), by_engine[0] if by_engine else None, NEW
