"""The AI of a review: what it may do, its assistants, its runs, and how it compares with people."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import Seat, seat_for
from screening.actions import assistants, reviews, runs
from screening.actions.applying import RuleBusyError
from screening.actions.rule_preview import Preview, preview
from screening.actions.stages import rule_for
from screening.enums import Engine, Oversight, RunPurpose, RunStatus, Stage
from screening.forms.ai import AssistantForm, OversightForm, RunForm
from screening.forms.assistants import PanelForm
from screening.models.assistant import Assistant
from screening.models.run import Run
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
from screening.page import render_review
from screening.queries.amendments.advice import advice_on
from screening.queries.amendments.protocol import current_criteria
from screening.queries.assistants import agreement, fallbacks, vectors
from screening.queries.assistants import runs as run_queries
from screening.queries.assistants.overrides import overrides
from screening.queries.assistants.stability import DEFAULT_SHARE, stability
from screening.views import budgets, calibrations, rule_change, stops
from screening.views.figures import decimal, interval, interval_of_figure, share

MEANING = {
    Oversight.OFF: "Nobody sees suggestions, and they change nothing.",
    Oversight.PRIORITISE: "Likely includes come first. Nobody sees what was suggested.",
    Oversight.BLIND_FIRST: "Each reviewer votes first; then the suggestion shows, and the vote may be kept or changed.",
    Oversight.ASSIST: "Reviewers see the suggestion while they decide, and likely includes come first.",
    Oversight.SECOND_REVIEWER: (
        "One person and the assistant: agreeing settles a record, disagreeing makes a conflict for a person. "
        "The assistant never excludes alone."
    ),
}
STAGE = Stage.TITLE_ABSTRACT  # whose mode and agreement are shown here; those of full text are in the settings
SENT = {
    Stage.TITLE_ABSTRACT: "Titles and abstracts of these records",
    Stage.FULL_TEXT: "Titles and full texts of these records",
}


@login_required
@require_GET
def home(request: HttpRequest, review_id: int) -> HttpResponse:
    """Switches, assistants, runs and agreement."""
    seat = seat_for(request.user, review_id, "see_ai")
    rule = rule_for(seat.review, STAGE)
    listed = run_queries.told(list(run_queries.listed(seat.review)[:20]), seat.review, seat.roles)
    context = {
        "can_run": seat.can("run_ai"),
        "rule": rule,
        "meaning": MEANING[Oversight(rule.oversight)],
        "modes": [{"value": mode.value, "label": mode.label, "meaning": MEANING[mode]} for mode in Oversight],
        "assistants": fallbacks.with_fallbacks(
            Assistant.objects.filter(review=seat.review)
            .select_related("card", "created_by", "prompt__prompt")
            .prefetch_related("seats__member")
        ),
        "form": AssistantForm(review=seat.review),
        "panel_form": PanelForm(review=seat.review),
        "runs": listed,
        "meanings": vectors.progress(seat.review),
        "agreements": _agreements(seat),
        "overrides": overrides(seat.review, STAGE, user_id=seat.user.pk, roles=seat.roles),
        "bound": run_queries.bound(seat.review, STAGE, seat.roles),
        "can_see_agreement": seat.can("see_agreement"),
        **budgets.shown(seat),
        **calibrations.shown(seat),
        **stops.shown(seat),
    }
    return render_review(request, seat, "screening/assistants.html", context)


def _agreements(seat: Seat) -> list[dict[str, Any]]:
    """Of the assistants that have said something: the figures as a person reads them."""
    said = Suggestion.objects.standing().filter(stage=STAGE, assistant=OuterRef("pk"))
    spoken = Assistant.objects.filter(Exists(said), review=seat.review)[:5]
    voted_by = seat.user.pk if run_queries.bound(seat.review, STAGE, seat.roles) else None
    compared = (agreement.with_assistant(seat.review, STAGE, assistant, voted_by=voted_by) for assistant in spoken)
    return [{"shown": one, "figures": _figures(one)} for one in compared]


def _figures(one: agreement.WithAssistant) -> list[dict[str, Any]]:
    rates = (("Same as people", one.same), ("Sensitivity", one.sensitivity), ("Specificity", one.specificity))
    shown = [{"label": label, "value": share(rate), "note": interval(rate)} for label, rate in rates]
    shown.insert(1, {"label": "Cohen’s kappa", "value": decimal(one.kappa), "note": interval_of_figure(one.kappa)})
    return shown


@login_required
@require_POST
def switch(request: HttpRequest, review_id: int) -> HttpResponse:
    """Turn AI, or the sending of text to providers, on or off."""
    seat = seat_for(request.user, review_id, "run_ai")
    assistants.switch(
        review=seat.review,
        by=seat.user,
        ai_enabled="ai_enabled" in request.POST,
        may_be_sent_to_ai="may_be_sent_to_ai" in request.POST,
    )
    messages.success(request, "Saved. It is in force from now on.")
    return redirect("screening:assistants", review_id)


@login_required
@require_POST
def oversight(request: HttpRequest, review_id: int) -> HttpResponse:
    """What a suggestion may do at title and abstract."""
    seat = seat_for(request.user, review_id, "change_review")
    form, rule = OversightForm(request.POST), rule_for(seat.review, STAGE)
    back = reverse("screening:assistants", args=[review_id])
    if not form.is_valid():
        messages.error(request, "Choose one of the modes. Nothing was changed.")
        return redirect(back)
    mode, was = form.cleaned_data["oversight"], request.POST.get("shown") or rule.oversight
    if request.POST.get("confirmed") != "yes" and (question := _question(request, seat, rule, mode, was)):
        return rule_change.ask(request, seat, *question)
    try:
        reviews.change_rule(rule=rule, by=seat.user, shown={"oversight": was}, oversight=mode)
    except reviews.OutdatedError:
        now = rule_for(seat.review, STAGE).get_oversight_display()
        messages.error(request, f"Somebody else changed the mode in the meantime: “{now}”. Nothing was changed.")
    except RuleBusyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Saved. The mode in force is kept with every decision.")
    return redirect(back)


def _question(
    request: HttpRequest, seat: Seat, rule: StageRule, mode: str, was: str
) -> tuple[rule_change.Question, list[Preview]] | None:
    """What another mode does to records, if it does anything: an assistant may count, or no longer, as the second."""
    now, rule.oversight = rule.get_oversight_display(), mode
    said = preview(rule, blind=rule_change.bound(seat))
    if not said.anything:
        return None
    question = rule_change.Question(
        about=str(rule.get_stage_display()),
        action=request.path,
        back=reverse("screening:assistants", args=[rule.review_id]),
        fields=[("oversight", mode), ("shown", was)],
        rows=[("AI suggestions", now, rule.get_oversight_display())],
    )
    return question, [said]


@login_required
@require_POST
def add(request: HttpRequest, review_id: int) -> HttpResponse:
    """Make an assistant, or its next version."""
    seat = seat_for(request.user, review_id, "run_ai")
    form = AssistantForm(request.POST, review=seat.review)
    if form.is_valid():
        offer = form.offer()
        try:
            made = assistants.create(
                review=seat.review,
                name=form.cleaned_data["name"],
                engine=Engine.LLM if offer else Engine.LOCAL,
                offer=offer,
                parameters=form.parameters(),
                prompt=form.cleaned_data["prompt"],
                falls_back_on=form.falls_back_on(),
                by=seat.user,
            )
        except assistants.AssistantRefusedError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{made} is ready.")
    else:
        messages.error(request, "Give the assistant a name and choose a model. Nothing was made.")
    return redirect("screening:assistants", review_id)


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, review_id: int) -> HttpResponse:
    """What a run would take (GET), and starting it (POST)."""
    seat = seat_for(request.user, review_id, "run_ai")
    form = RunForm(request.POST or request.GET or None, review=seat.review)
    named = form.cleaned_data["assistant"] if form.is_valid() else None
    assistant = named or _first(seat)
    stage = form.cleaned_data["stage"] if form.is_valid() else STAGE
    only = form.cleaned_data["only"] if form.is_valid() else ""
    again = form.cleaned_data["repeat_share"] if form.is_valid() else DEFAULT_SHARE
    try:
        if request.method == "POST" and named:
            run = runs.start(
                review=seat.review, stage=stage, assistant=named, by=seat.user, only=only, repeat_share=again
            )
            return redirect("screening:run", review_id, run.pk)
        estimate, refused = None, ""
        if assistant is not None:
            estimate = runs.estimate(
                review=seat.review, stage=stage, assistant=assistant, only=only, repeat_share=again
            )
    except runs.RunRefusedError as error:
        estimate, refused = None, str(error)
    chosen = {"assistant": assistant, "stage": stage, "only": only, "repeat_share": again}
    context = {"form": RunForm(initial=chosen, review=seat.review), **chosen}
    context |= {"estimate": estimate, "refused": refused, "stage_label": stage.label, "sent": SENT[stage]}
    context["minutes"] = spoken_time(estimate.seconds) if estimate else ""
    context["advice"] = advice_on(current_criteria(seat.review))
    context["amend"] = reverse("screening:protocol-edit", args=[review_id]) if seat.can("change_protocol") else ""
    return render_review(
        request, seat, "screening/run_start.html", context, status=409 if refused and request.POST else 200
    )


def _first(seat: Seat) -> Assistant | None:
    found = Assistant.objects.filter(review=seat.review).exclude(engine=Engine.PANEL)  # it costs several times as much
    return found.order_by("engine", "name", "-version").last()


@login_required
@require_GET
def run(request: HttpRequest, review_id: int, run_id: int) -> HttpResponse:
    """A run: live counts, what it cost, how proposals fall, what failed."""
    seat = seat_for(request.user, review_id, "see_ai")
    shown = _run(seat, run_id)
    context = _described(seat, shown)
    template = "screening/_run_progress.html" if request.GET.get("part") == "progress" else "screening/run.html"
    return render_review(request, seat, template, context)


def _run(seat: Seat, run_id: int) -> Run:
    found = Run.objects.select_related("review", "assistant", "protocol", "created_by")
    return get_object_or_404(found, pk=run_id, review=seat.review)


def _described(seat: Seat, shown: Run) -> dict[str, Any]:
    veiled, user_id = run_queries.veiled(shown, seat.roles), seat.user.pk
    voted_by = user_id if veiled else None
    progress, failures = run_queries.progress(shown, voted_by=voted_by), run_queries.failures(shown, voted_by=voted_by)
    bound = run_queries.bound(shown.review, shown.stage, seat.roles)
    kept = shown.assistant.engine == Engine.LOCAL or run_queries.spent_tells(shown, user_id=user_id, roles=seat.roles)
    spent = None if kept else run_queries.spent(shown)
    return {
        "spent_note": f"{spent['failed']} failed, {spent['unknown']} of unknown outcome" if spent else "",
        "tokens_note": f"sent; {spent['tokens_out']} received" if spent else "",
        "time_left": f"about {spoken_time(progress.seconds_left)} left" if progress.seconds_left else "",
        "run": shown,
        "can_run": seat.can("run_ai"),
        "progress": progress,
        "veiled": veiled,
        "spent": spent,
        "replayed": run_queries.replayed(shown) if spent else 0,
        "fallbacks": fallbacks.answered(shown) if spent else None,
        "stability": None if bound else _stability(shown),
        "split": run_queries.split(shown, user_id=user_id, roles=seat.roles),
        "bound": bound,
        "failures": failures[:100],
        "live": shown.status in {RunStatus.PREPARING, RunStatus.RUNNING},
        "stage_label": Stage(shown.stage).label if shown.stage else shown.get_purpose_display(),
        "prompt_version": shown.estimate.get("prompt_version", ""),
        "extracts": shown.purpose == RunPurpose.EXTRACTION,
        "nouns": "studies" if shown.purpose == RunPurpose.EXTRACTION else "records",
    }


def _stability(shown: Run) -> dict[str, Any] | None:
    """How often models said otherwise when they were asked the same again; None where nothing was drawn."""
    found = stability(shown)
    if found is None:
        return None
    unasked = (
        (found.waiting, "wait until everything was asked once"),
        (found.failed, "had no second answer"),
        (found.dropped, "had no first answer"),
    )
    return {
        "shown": found,
        "note": "; ".join(f"{n} {why}" for n, why in unasked if n),
        "verdicts": share(found.verdicts),
        "verdicts_note": interval(found.verdicts),
        "judgements": share(found.judgements),
        "judgements_note": interval(found.judgements),
    }


def spoken_time(seconds: float) -> str:
    """A length of time as people say it: 40 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


@login_required
@require_POST
def change(request: HttpRequest, review_id: int, run_id: int, verb: str) -> HttpResponse:
    """Pause, resume, cancel, or try again what failed."""
    seat = seat_for(request.user, review_id, "run_ai")
    verbs = {"pause": runs.pause, "resume": runs.resume, "cancel": runs.cancel, "retry": runs.retry_failed}
    if verb not in verbs:
        raise Http404("A run can be paused, resumed, cancelled or retried.")
    try:
        verbs[verb](run=_run(seat, run_id), by=seat.user)
    except runs.RunRefusedError as error:
        messages.error(request, str(error))
    return redirect("screening:run", review_id, run_id)
