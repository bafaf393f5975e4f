"""Extraction at a glance: studies by forms, taking a place, handing them out, and the rule (EXT-06)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from extraction.access import form_for
from extraction.actions import assignments, rule
from extraction.forms.rule import RuleForm
from extraction.models.assignment import Assignment
from extraction.queries.overview import forms_in_use, listed, slots
from extraction.queries.rules import rule_of
from extraction.queries.waiting import with_waiting
from screening.access import Seat, seat_for, study_for
from screening.enums import Role
from screening.models.study import Study
from screening.page import render_review

PAGE = 50


@login_required
@require_GET
def home(request: HttpRequest, review_id: int) -> HttpResponse:
    """Every study with its forms: who is at it, how far, and what waits for whoever looks."""
    seat = seat_for(request.user, review_id, "see_extraction")
    page = Paginator(listed(seat.review), PAGE).get_page(request.GET.get("page"))
    forms = forms_in_use(seat.review)
    studies = list(page.object_list)
    found = slots(seat.review, studies, forms, seat.user.pk, seat.roles)
    if seat.can("settle_extraction"):
        found = with_waiting(found, seat.roles)
    lead = seat.can("design_forms")
    context = {
        "page": page,
        "forms": forms,
        "rows": [{"study": study, "slots": found[study.pk]} for study in studies],
        "can_extract": seat.can("extract"),
        "lead": lead,
        "rule": rule_of(seat.review),
        "rule_form": RuleForm(instance=rule_of(seat.review)) if lead else None,
        "extractors": _extractors(seat) if lead else [],
        "run_url": _run_url(seat),
    }
    return render_review(request, seat, "extraction/home.html", context)


@login_required
@require_POST
def set_rule(request: HttpRequest, review_id: int) -> HttpResponse:
    """Change how many extract each study, and when they see proposals."""
    seat = seat_for(request.user, review_id, "design_forms")
    form = RuleForm(request.POST)
    if form.is_valid():
        rule.set_rule(review=seat.review, by=seat.user, **form.cleaned_data)
        messages.success(request, "The rule is set. Everything that was entered is kept.")
    else:
        messages.error(request, "Choose from the lists; nothing was changed.")
    return redirect("extraction:home", review_id)


@login_required
@require_POST
def work(request: HttpRequest, review_id: int, study_id: int, form_id: int) -> HttpResponse:
    """One's own place at a study: begin, done, reopen, release."""
    seat = seat_for(request.user, review_id, "extract")
    study, form = study_for(seat, study_id), form_for(seat, form_id)
    verb = request.POST.get("do", "")
    try:
        if verb == "begin":
            assignments.begin(study=study, form=form, by=seat.user)
        else:
            _change(verb, _held(study, form_id, seat.user.pk), seat)
    except assignments.AssignmentRefusedError as error:
        messages.error(request, str(error))
        missing = getattr(error, "missing", [])
        address = reverse("extraction:sheet", args=[review_id, study_id, form_id])
        return redirect(f"{address}#c-{missing[0].key.replace('@', '-')}" if missing else address)
    if verb in ("done", "release"):
        messages.success(request, f"{study.label} is done." if verb == "done" else f"You left {study.label}.")
        return redirect("extraction:home", review_id)
    return redirect("extraction:sheet", review_id, study_id, form_id)


@login_required
@require_POST
def assign(request: HttpRequest, review_id: int, study_id: int, form_id: int) -> HttpResponse:
    """A lead hands out places, takes them back, and opens what was done."""
    seat = seat_for(request.user, review_id, "design_forms")
    study, form = study_for(seat, study_id), form_for(seat, form_id)
    person, verb = _number(request.POST.get("extractor")), request.POST.get("do", "")
    try:
        if verb == "assign":
            members = User.objects.filter(memberships__review=seat.review).distinct()
            extractor = get_object_or_404(members, pk=person)
            assignments.assign(study=study, form=form, extractor=extractor, by=seat.user)
        else:
            _change(verb, _held(study, form_id, person), seat, as_lead=True)
    except assignments.AssignmentRefusedError as error:
        messages.error(request, str(error))
    return redirect("extraction:home", review_id)


def _change(verb: str, held: Assignment, seat: Seat, *, as_lead: bool = False) -> None:
    if verb == "release":
        assignments.release(assignment=held, by=seat.user, as_lead=as_lead)
    elif verb == "reopen":
        assignments.reopen(assignment=held, by=seat.user, as_lead=as_lead)
    elif verb == "done" and not as_lead:
        assignments.done(assignment=held, by=seat.user)
    else:
        raise Http404("There is no such thing to do here.")


def _held(study: Study, form_id: int, user_id: int) -> Assignment:
    return get_object_or_404(Assignment, study=study, form_id=form_id, extractor=user_id)


def _extractors(seat: Seat) -> list[User]:
    people = User.objects.filter(memberships__review=seat.review, memberships__role=Role.EXTRACTOR)
    return list(people.order_by("username"))


def _number(text: Any) -> int:
    return int(text) if text and str(text).isdecimal() and len(str(text)) < 10 else 0


def _run_url(seat: Seat) -> str:
    """Where an extraction run is started, for those who may and once there is such a page."""
    if not seat.can("run_ai"):
        return ""
    try:
        return reverse("extraction:run-start", args=[seat.review.pk])
    except NoReverseMatch:
        return ""
