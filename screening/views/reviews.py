"""One's reviews, and the overview and settings of one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from screening.access import Seat, reviews_for, seat_for, signed_in
from screening.actions import protocol, reviews, rule_preview
from screening.enums import Role, Stage
from screening.forms.reviews import SettingsForm, StageRuleForm, StartForm
from screening.models.protocol import ExclusionReason
from screening.models.stage import StageRule
from screening.page import render_review
from screening.queries.overview import first_steps, members, people_progress, review_rows, stage_progress

REQUEUING = frozenset({"reviewers_per_record", "double_share"})  # what may send records back to people


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
    context = {
        "stages": [stage_progress(review_id, stage) for stage in Stage],
        "steps": first_steps(seat.review),
        "people": people_progress(review_id) if seat.can("change_team") else [],
        "can_screen": seat.can("screen"),
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
    rules = [_rule_form(request, rule, which) for rule in StageRule.objects.filter(review=seat.review)]
    if which == "review" and form.is_valid():
        reviews.change(review=seat.review, by=seat.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("screening:settings", review_id)
    for rule_form in rules:
        if which == rule_form.prefix and rule_form.is_valid():
            if request.POST.get("confirmed") != "yes" and not REQUEUING.isdisjoint(rule_form.changed_data):
                return _ask(request, seat, rule_form)
            _save_rule(seat, rule_form)
            messages.success(request, "Saved. What follows for records with opinions was computed anew.")
            return redirect("screening:settings", review_id)
    context = {"form": form, "rule_forms": rules, "adjudicators": _adjudicators(review_id)}
    return render_review(request, seat, "screening/settings.html", context)


def _adjudicators(review_id: int) -> list[User]:
    return [member.user for member in members(review_id) if Role.ADJUDICATOR in member.roles]


def _ask(request: HttpRequest, seat: Seat, form: StageRuleForm) -> HttpResponse:
    """What the change will do, and whether to make it."""
    context = {
        "rule": form.instance,
        "was": StageRule.objects.get(pk=form.instance.pk),
        "preview": rule_preview.preview(form.instance),
        "fields": [(name, value) for name, value in request.POST.items() if name.startswith(f"{form.prefix}-")],
    }
    return render_review(request, seat, "screening/settings_preview.html", context)


def _rule_form(request: HttpRequest, rule: StageRule, which: str) -> StageRuleForm:
    listed = ExclusionReason.objects.filter(review=rule.review_id, stage=rule.stage, retired=False)
    reasons = "\n".join(listed.values_list("text", flat=True))
    data: Any = request.POST if which == rule.stage else None
    return StageRuleForm(data, instance=rule, prefix=rule.stage, initial={"reasons": reasons})


@transaction.atomic
def _save_rule(seat: Seat, form: StageRuleForm) -> None:
    rule = StageRule.objects.get(pk=form.instance.pk)
    data = form.cleaned_data
    reviews.change_rule(
        rule=rule,
        by=seat.user,
        reviewers_per_record=data["reviewers_per_record"],
        double_share=data["double_share"],
        reason_required=data["reason_required"],
        oversight=rule.oversight,
    )
    reviews.set_reasons(review=seat.review, stage=rule.stage, texts=data["reasons"], by=seat.user)
