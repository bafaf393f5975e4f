"""Who is in the review, as what, and how they screen (SCR-06). Leads change it; the others see names and roles."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from screening.access import Seat, seat_for
from screening.actions import team as verbs
from screening.enums import Role
from screening.forms.team import MemberForm, ReasonForm, ReplaceForm, RolesForm, ShareForm
from screening.page import render_review
from screening.queries.progress.warnings import obstacles
from screening.queries.team.judges import left_without
from screening.queries.team.roster import Person, roster, stages_by_share
from screening.queries.team.team import members


@login_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, review_id: int) -> HttpResponse:
    """The team; a lead adds people here."""
    seat = seat_for(request.user, review_id, "change_team" if request.method == "POST" else "see_review")
    form = MemberForm(request.POST or None, initial={"roles": [Role.REVIEWER]})
    if request.method == "POST" and form.is_valid():
        person: User = form.cleaned_data["person"]
        have = {role for member in members(review_id) if member.user == person for role in member.roles}
        verbs.set_roles(review=seat.review, user=person, roles=have | set(form.cleaned_data["roles"]), by=seat.user)
        messages.success(request, f"{person.get_username()} is in the team.")
        return redirect("screening:team", review_id)
    if not seat.can("change_team"):
        return render_review(request, seat, "screening/team.html", {"members": members(review_id)})
    context = {
        "form": form,
        "people": roster(review_id),
        "by_share": stages_by_share(review_id),
        "obstacles": [one for one in obstacles(review_id) if one.label == "Team"],
    }
    return render_review(request, seat, "screening/team_lead.html", context)


@login_required
@require_GET
def member(request: HttpRequest, review_id: int, user_id: int) -> HttpResponse:
    """One person: everything that a lead may change of them, each with what it does."""
    seat = seat_for(request.user, review_id, "change_team")
    return member_page(request, seat, user_id)


def member_page(request: HttpRequest, seat: Seat, user_id: int, refused: forms.Form | None = None) -> HttpResponse:
    """The page of a member, with the form that was refused as it was filled in. Http404 for anybody else."""
    person = _person(seat.review.pk, user_id)
    fresh: dict[str, forms.Form] = {
        "roles": RolesForm(initial={"roles": person.roles, "shown": ",".join(person.roles)}),
        "share": ShareForm(initial={"share": person.settings.share, "shown": person.settings.share}),
        "reason": ReasonForm(auto_id="suspend_%s"),
        "replace": ReplaceForm(auto_id="replace_%s"),
    }
    filled = {name: refused if type(refused) is type(form) else form for name, form in fresh.items()}
    context = {
        "person": person,
        "by_share": stages_by_share(seat.review.pk),
        "left": left_without(seat.review.pk, user_id),
        **filled,
    }
    return render_review(request, seat, "screening/member.html", context)


def _person(review_id: int, user_id: int) -> Person:
    found = next((one for one in roster(review_id) if one.user.pk == user_id), None)
    if found is None:
        raise Http404("There is no such member in this review.")
    return found
