"""Starting a run over studies; its progress is the page that all runs have."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from extraction.actions import extraction_runs
from extraction.forms.run import ExtractionRunForm, versions_of
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
    version, assistant = _chosen(seat, form)
    estimate, refused = None, ""
    try:
        if request.method == "POST" and form.is_valid() and version and assistant:
            run = extraction_runs.start(review=seat.review, form_version=version, assistant=assistant, by=seat.user)
            return redirect("screening:run", review_id, run.pk)
        if version and assistant:
            estimate = extraction_runs.estimate(review=seat.review, form_version=version, assistant=assistant)
    except RunRefusedError as error:
        refused = str(error)
    chosen = {"form_version": version, "assistant": assistant}
    context = {
        "form": ExtractionRunForm(initial=chosen, review=seat.review),
        "version": version,
        "assistant": assistant,
        "estimate": estimate,
        "refused": refused,
    }
    status = 409 if refused and request.method == "POST" else 200
    return render_review(request, seat, "extraction/run_start.html", context, status=status)


def _chosen(seat: Seat, form: ExtractionRunForm) -> tuple[FormVersion | None, Assistant | None]:
    """What was chosen; else the first form, and an assistant with a model before the offline engine."""
    if form.is_valid():
        return form.cleaned_data["form_version"], form.cleaned_data["assistant"]
    assistants = Assistant.objects.filter(review=seat.review).order_by("name", "-version").distinct("name")
    by_engine = sorted(assistants, key=lambda one: one.engine != Engine.LLM)
    return versions_of(seat.review).first(), by_engine[0] if by_engine else None
