"""Who is in the review, as what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from screening.access import seat_for
from screening.actions import team as team_actions
from screening.enums import Role
from screening.forms.reviews import MemberForm, RolesForm
from screening.page import render_review
from screening.queries.overview import members


@login_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, review_id: int) -> HttpResponse:
    """The team; a lead adds people here."""
    seat = seat_for(request.user, review_id, "change_team" if request.method == "POST" else "see_review")
    form = MemberForm(request.POST or None, initial={"roles": [Role.REVIEWER]})
    if request.method == "POST" and form.is_valid():
        person: User = form.cleaned_data["person"]
        have = {role for member in members(review_id) if member.user == person for role in member.roles}
        roles = have | set(form.cleaned_data["roles"])
        team_actions.set_roles(review=seat.review, user=person, roles=roles, by=seat.user)
        messages.success(request, f"{person.get_username()} is in the team.")
        return redirect("screening:team", review_id)
    rows = [
        {"member": member, "form": RolesForm(initial={"roles": member.roles}, auto_id=f"id_{member.user.pk}_%s")}
        for member in members(review_id)
    ]
    return render_review(
        request, seat, "screening/team.html", {"form": form, "rows": rows, "can_change": seat.can("change_team")}
    )


@login_required
@require_POST
def member(request: HttpRequest, review_id: int, user_id: int) -> HttpResponse:
    """Change what a member is; no role at all takes them off the team. Their decisions stay."""
    seat = seat_for(request.user, review_id, "change_team")
    person = User.objects.filter(pk=user_id, memberships__review=seat.review).first()
    form = RolesForm(request.POST)
    if person is None or not form.is_valid():
        raise Http404("There is no such member in this review.")
    try:
        team_actions.set_roles(review=seat.review, user=person, roles=set(form.cleaned_data["roles"]), by=seat.user)
    except team_actions.TeamRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Saved what {person.get_username()} is in this review.")
    return redirect("screening:team", review_id)
