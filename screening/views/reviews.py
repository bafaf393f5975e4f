"""One's reviews, and the overview and settings of one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from screening.access import Seat, reviews_for, seat_for, signed_in
from screening.actions import protocol, reviews
from screening.enums import Role, Stage
from screening.forms.reviews import SettingsForm, StartForm
from screening.forms.stage_rules import StageRuleForm
from screening.models.stage import StageRule
from screening.page import render_review
from screening.queries.progress.dashboard import work_of
from screening.queries.progress.overview import first_steps, review_rows
from screening.queries.stages.applying import progress
from screening.queries.team.pilots import rounds_seen
from screening.queries.team.rule_doubts import doubts
from screening.queries.team.team import members
from screening.views import rule_change
from screening.views.progress_shown import in_short, outlook


@login_required
@require_GET
def review_list(request: HttpRequest) -> HttpResponse:
    """The reviews that this person is in."""
    user = signed_in(request)
    return render(request, "screening/reviews.html", {"rows": review_rows(reviews_for(user), user)})


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """A new review: name and question; criteria next."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = signed_in(request)
        with transaction.atomic():
            review = reviews.start(title=form.cleaned_data["title"], by=user)
            protocol.amend(review=review, question=form.cleaned_data["question"], criteria=[], by=user)
        messages.success(request, "The review is there. Now write its criteria, then drop in a file.")
        return redirect("screening:protocol-edit", review.pk)
    return render(request, "screening/start.html", {"form": form})


@login_required
@require_GET
def overview(request: HttpRequest, review_id: int) -> HttpResponse:
    """What is done, what waits, what disagrees; every number opens the records behind it."""
    seat = seat_for(request.user, review_id)
    works = work_of(seat.review)
    rounds = rounds_seen(seat.review, taking_part=None if seat.can("see_agreement") else seat.user.pk)
    context = {
        "stages": [in_short(seat, stage, work) | {"rounds": rounds.get(stage)} for stage, work in works.items()],
        "steps": first_steps(seat.review),
        **(outlook(seat, works) if seat.can("see_progress") else {}),
        "can_screen": seat.can("screen"),
        "can_see_numbers": Role.REVIEWER in seat.roles,
        "can_change": seat.can("change_review"),
    }
    return render_review(request, seat, "screening/overview.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, review_id: int) -> HttpResponse:
    """The review's own fields, and the rules and reasons of its stages."""
    seat = seat_for(request.user, review_id, "change_review")
    which = request.POST.get("form", "")
    form = SettingsForm(request.POST if which == "review" else None, instance=seat.review)
    if which == "review" and form.is_valid():
        reviews.change(review=seat.review, by=seat.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("screening:settings", review_id)
    if (stage := request.GET.get("applied", "")) in Stage.values:
        return _applied(request, seat, stage)
    rules = _rule_forms(request, review_id, which)
    for rule_form in rules:
        if which == rule_form.prefix and rule_form.is_valid():
            return rule_change.submit(request, seat, rule_form) or settings(request, review_id)
    context = {
        "form": form,
        "rules": [_shown(StageRule.objects.get(pk=one.instance.pk), one) for one in rules],
        "adjudicators": [member.user for member in members(review_id) if Role.ADJUDICATOR in member.roles],
    }
    return render_review(request, seat, "screening/settings.html", context)


def _shown(rule: StageRule, form: StageRuleForm) -> dict[str, Any]:
    return {"form": form, "doubts": doubts(rule), "rule": rule, "applying": progress(rule)}


def _applied(request: HttpRequest, seat: Seat, stage: str) -> HttpResponse:
    """How far a worker is with a changed rule, for the page that asks every other second."""
    rule = StageRule.objects.get(review=seat.review, stage=stage)
    shown = {"rule": rule, "applying": progress(rule), "was_applying": True}
    return render_review(request, seat, "screening/_rule_applying.html", shown)


def _rule_forms(request: HttpRequest, review_id: int, which: str) -> list[StageRuleForm]:
    rules = StageRule.objects.filter(review=review_id).select_related("review")
    return [StageRuleForm(request.POST if which == rule.stage else None, rule=rule) for rule in rules]
