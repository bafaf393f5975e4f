"""Prompts: reading them, writing versions, comparing two, trying one on records, and publishing it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from screening.access import Seat, prompt_for, seat_for
from screening.actions import prompts, trials
from screening.actions.runs import RunRefusedError
from screening.forms.prompts import NewPromptForm, PublishForm, TrialForm, WordingForm
from screening.models.prompt import Prompt, PromptVersion
from screening.models.record import Record
from screening.models.run import Run
from screening.page import render_review
from screening.prompts.personas import PERSONAS
from screening.queries.amendments.protocol import current_protocol
from screening.queries.assistants import prompts as found
from screening.wording import pieces


@login_required
@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, review_id: int) -> HttpResponse:
    """All prompts of the review, and the first version of a new one."""
    seat = seat_for(request.user, review_id, "run_ai" if request.method == "POST" else "see_ai")
    wanted = request.GET.get("persona", "")
    chosen = PERSONAS[int(wanted)] if wanted in {"0", "1", "2"} else None
    first = {"name": chosen.name, "persona": chosen.text} if chosen else None
    form = NewPromptForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = prompts.create(
                review=seat.review,
                name=form.cleaned_data["name"],
                wording=form.wording(),
                note=form.cleaned_data["note"],
                by=seat.user,
            )
        except prompts.PromptRefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made} is saved. Try it on some records before you publish it.")
            return redirect("screening:prompt-version", review_id, made.prompt_id, made.number)
    context = {
        "prompts": found.listed(seat.review),
        "form": form,
        "personas": PERSONAS,
        "writing": bool(chosen) or form.is_bound,
        "can_run": seat.can("run_ai"),
    }
    return render_review(request, seat, "screening/prompts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, review_id: int, prompt_id: int) -> HttpResponse:
    """The versions of a prompt, and writing the next."""
    seat = seat_for(request.user, review_id, "run_ai" if request.method == "POST" else "see_ai")
    prompt = prompt_for(seat, prompt_id)
    versions = list(prompt.versions.select_related("created_by", "publication__by"))
    newest = versions[0]
    first = {"persona": newest.persona, "guidance": newest.guidance, "based_on": newest.number}
    form = WordingForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = _saved(seat, prompt, form)
        except prompts.PromptRefusedError as error:
            form.add_error(None, str(error))
        else:
            same = made.number == newest.number
            messages.success(request, f"{made} reads the same." if same else f"{made} is saved.")
            return redirect("screening:prompt-version", review_id, prompt.pk, made.number)
    context = {"prompt": prompt, "versions": versions, "form": form, "can_run": seat.can("run_ai")}
    return render_review(request, seat, "screening/prompt.html", context)


def _saved(seat: Seat, prompt: Prompt, form: WordingForm) -> PromptVersion:
    said = form.cleaned_data
    return prompts.save(
        prompt=prompt, wording=form.wording(), note=said["note"], based_on=said["based_on"], by=seat.user
    )


@login_required
@require_http_methods(["GET"])
def version(request: HttpRequest, review_id: int, prompt_id: int, number: int) -> HttpResponse:
    """One version: its words, against an older one, as a model gets them, and what its trials showed."""
    seat = seat_for(request.user, review_id, "see_ai")
    shown = _version(seat, prompt_id, number)
    return render_review(request, seat, "screening/prompt_version.html", _described(request, seat, shown))


def _described(request: HttpRequest, seat: Seat, shown: PromptVersion) -> dict[str, Any]:
    versions = list(PromptVersion.objects.filter(prompt=shown.prompt).select_related("created_by"))
    wanted = request.GET.get("from", "")
    numbers = {one.number: one for one in versions}
    old = numbers.get(int(wanted) if wanted.isdecimal() and len(wanted) < 9 else shown.number - 1)
    record = Record.objects.filter(review=seat.review, active=True).order_by("id").first()
    rows, hidden = found.tried(shown, user_id=seat.user.pk, roles=seat.roles)
    return {
        "version": shown,
        "versions": versions,
        "old": old,
        "persona": pieces(old.persona, shown.persona) if old else (),
        "guidance": pieces(old.guidance, shown.guidance) if old else (),
        "rendered": found.rendered(shown, current_protocol(seat.review), record),
        "rows": rows,
        "hidden": hidden,
        "differing": sum(row.other for row in rows),
        "runs": Run.objects.filter(prompt=shown).select_related("assistant", "created_by"),
        "publication": getattr(shown, "publication", None),
        "publish_form": PublishForm(),
        "trial_form": TrialForm(review=seat.review),
        "can_run": seat.can("run_ai"),
    }


def _version(seat: Seat, prompt_id: int, number: int) -> PromptVersion:
    prompt = prompt_for(seat, prompt_id)
    versions = prompt.versions.select_related("prompt__review", "created_by", "publication__by")
    shown = versions.filter(number=number).first() if number < 2**31 else None
    if shown is None:
        raise Http404("This prompt has no such version.")
    return shown


@login_required
@require_POST
def publish(request: HttpRequest, review_id: int, prompt_id: int, number: int) -> HttpResponse:
    """Let assistants be made with a version."""
    seat = seat_for(request.user, review_id, "run_ai")
    shown, form = _version(seat, prompt_id, number), PublishForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        prompts.publish(version=shown, reason=reason, by=seat.user)
    except prompts.PromptRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{shown} is published: assistants can be made with it on the AI page.")
    return redirect("screening:prompt-version", review_id, prompt_id, number)


@login_required
@require_POST
def attempt(request: HttpRequest, review_id: int, prompt_id: int, number: int) -> HttpResponse:
    """Try a version on records."""
    seat = seat_for(request.user, review_id, "run_ai")
    shown, form = _version(seat, prompt_id, number), TrialForm(request.POST, review=seat.review)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("screening:prompt-version", review_id, prompt_id, number)
    said = form.cleaned_data
    try:
        run = trials.start(
            version=shown,
            assistant=said["assistant"],
            number=said["number"],
            record_ids=said["records"],
            by=seat.user,
        )
    except RunRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, f"{shown} is being tried on {run.estimate['records']} records: see below in a moment."
        )
    return redirect("screening:prompt-version", review_id, prompt_id, number)
