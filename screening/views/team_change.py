"""Changing one member: what it will do is said first where records change their status or hands; most can be undone.

An undo posts to the address of the opposite, with what it needs in the query.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace as altered
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from audit.models.event import Event
from screening.access import Seat, seat_for
from screening.actions import team
from screening.actions.rule_preview import Preview, preview
from screening.actions.rulebook import seniors_of
from screening.enums import Assignment, Role
from screening.forms.team import ReasonForm, ReplaceForm, RolesForm, ShareForm
from screening.models.review import Membership
from screening.models.reviewer import FULL_SHARE, Reviewer
from screening.models.stage import StageRule
from screening.queries.team.judges import left_without
from screening.queries.team.team import ActiveReviewer, active_reviewers
from screening.views.rule_change import Question, ask, bound
from screening.views.team import member_page

NAME_ANOTHER = "Name another adjudicator first, here on the team page; whoever has the role settles what waits."


@login_required
@require_POST
def change(request: HttpRequest, review_id: int, user_id: int, verb: str) -> HttpResponse:
    """Do one thing to one member."""
    seat = seat_for(request.user, review_id, "change_team")
    if verb not in VERBS:
        raise Http404("There is no such change of a member.")
    user = _member(seat, user_id)
    try:
        return VERBS[verb](request, seat, user, _asked(request))
    except team.TeamRefusedError as error:
        messages.error(request, str(error))
        return redirect("screening:team", review_id)


def _member(seat: Seat, user_id: int) -> User:
    """Somebody of the team, or who was in it: a removal can be undone. Http404 for anybody else."""
    user = User.objects.filter(pk=user_id).first()
    if user is None or not (_roles_of(seat, user) or _was_here(seat, user)):
        raise Http404("There is no such member in this review.")
    return user


def _was_here(seat: Seat, user: User) -> bool:
    changed = Event.objects.filter(review_id=seat.review.pk, type="team.changed")
    return changed.filter(data__person=user.get_username()).exists()


def _asked(request: HttpRequest) -> QueryDict:
    asked = request.GET.copy()
    for name, values in request.POST.lists():
        asked.setlist(name, values)
    return asked


def _roles_of(seat: Seat, user: User) -> list[str]:
    return list(Membership.objects.filter(review=seat.review, user=user).values_list("role", flat=True))


def _roles(request: HttpRequest, seat: Seat, user: User, asked: QueryDict) -> HttpResponse:
    form, was = RolesForm(asked), _roles_of(seat, user)
    if not form.is_valid():
        return member_page(request, seat, user.pk, form)
    roles = set(form.cleaned_data["roles"])
    stops = asked.get("confirmed") != "yes" and Role.ADJUDICATOR in was and Role.ADJUDICATOR not in roles
    if stops and (left := left_without(seat.review.pk, user.pk)):
        row = (_name(user), _labels(was), _labels(roles) or "Not in the team")
        note = " ".join([*(one.sentence for one in left), NAME_ANOTHER])
        return _question(request, seat, user, row, _carried(asked), [], note=note)
    team.set_roles(review=seat.review, user=user, roles=roles, by=seat.user, shown=form.cleaned_data["shown"])
    done = f"Saved what {_name(user)} is in this review." if roles else f"{_name(user)} is off the team."
    undo = {"roles": sorted(was), "shown": ",".join(sorted(roles)), "confirmed": "yes"}
    if user == seat.user and Role.LEAD not in roles:  # they may not undo it themselves
        messages.success(request, done)
        return redirect("screening:team", seat.review.pk) if roles else redirect("screening:reviews")
    return _done(request, seat, user, done, "roles", undo)


def _labels(roles: Iterable[str]) -> str:
    return ", ".join(role.label for role in Role if role in roles)


def _carried(asked: QueryDict) -> list[tuple[str, str]]:
    """What the form of roles said, for the form that confirms it."""
    return [(name, value) for name in ("roles", "shown") for value in asked.getlist(name)]


def _suspend(request: HttpRequest, seat: Seat, user: User, asked: QueryDict) -> HttpResponse:
    form = ReasonForm(asked)
    if not form.is_valid():
        return member_page(request, seat, user.pk, form)
    team.suspend(review=seat.review, user=user, by=seat.user, reason=form.cleaned_data["reason"])
    return _done(request, seat, user, f"{_name(user)} does not screen until you let them go on.", "resume", {})


def _resume(request: HttpRequest, seat: Seat, user: User, asked: QueryDict) -> HttpResponse:
    team.resume(review=seat.review, user=user, by=seat.user)
    return _done(request, seat, user, f"{_name(user)} screens again.", "suspend", {})


def _senior(request: HttpRequest, seat: Seat, user: User, asked: QueryDict) -> HttpResponse:
    return _set_senior(request, seat, user, asked, senior=True)


def _not_senior(request: HttpRequest, seat: Seat, user: User, asked: QueryDict) -> HttpResponse:
    return _set_senior(request, seat, user, asked, senior=False)


def _set_senior(request: HttpRequest, seat: Seat, user: User, asked: QueryDict, *, senior: bool) -> HttpResponse:
    if asked.get("confirmed") != "yes":
        seniors = seniors_of(seat.review) | {user.pk} if senior else seniors_of(seat.review) - {user.pk}
        rules = _rules(seat).filter(senior_among=True)
        previews = [said for rule in rules if (said := preview(rule, seniors=seniors, blind=bound(seat))).anything]
        if previews:
            then = "A senior reviewer" if senior else "A reviewer, not senior"
            now = "A reviewer, not senior" if senior else "A senior reviewer"
            lone = not any(one.senior for one in active_reviewers(seat.review.pk) if one.user_id != user.pk)
            note = "Nobody else who screens is a senior reviewer: records would wait for one." if lone else ""
            row = (_name(user), now, then)
            return _question(request, seat, user, row, [], previews, note="" if senior else note)
    team.set_senior(review=seat.review, user=user, senior=senior, by=seat.user)
    done = f"{_name(user)} is {'a senior reviewer' if senior else 'a reviewer who is not senior'} now."
    return _done(request, seat, user, done, "not-senior" if senior else "senior", {"confirmed": "yes"})


def _share(request: HttpRequest, seat: Seat, user: User, asked: QueryDict) -> HttpResponse:
    form, kept = ShareForm(asked), Reviewer.objects.filter(review=seat.review, user=user).first()
    if not form.is_valid():
        return member_page(request, seat, user.pk, form)
    share, was = form.cleaned_data["share"], kept.share if kept else FULL_SHARE
    shown = was if form.cleaned_data["shown"] is None else form.cleaned_data["shown"]
    if asked.get("confirmed") != "yes" and was == shown != share:
        active = active_reviewers(seat.review.pk)
        people = [altered(one, share=share) if one.user_id == user.pk else one for one in active]
        if previews := _with_hands(seat, people):
            row = (f"Share of {_name(user)}", f"{was} %", f"{share} %")
            return _question(request, seat, user, row, [("share", str(share)), ("shown", str(shown))], previews)
    team.set_share(review=seat.review, user=user, share=share, by=seat.user, shown=shown)
    undo = {"share": was, "shown": share, "confirmed": "yes"}
    return _done(request, seat, user, f"The share of {_name(user)} is {share} % now.", "share", undo)


def _replace(request: HttpRequest, seat: Seat, user: User, asked: QueryDict) -> HttpResponse:
    form = ReplaceForm(asked)
    if not form.is_valid():
        return member_page(request, seat, user.pk, form)
    coming: User = form.cleaned_data["person"]
    team.replace(review=seat.review, leaving=user, coming=coming, by=seat.user, reason=form.cleaned_data["reason"])
    done = f"{_name(coming)} screens in the place of {_name(user)}, whose decisions stay."
    return _done(request, seat, coming, done, "replace", {"person": user.get_username()})


VERBS: dict[str, Callable[[HttpRequest, Seat, User, QueryDict], HttpResponse]] = {
    "roles": _roles,
    "suspend": _suspend,
    "resume": _resume,
    "senior": _senior,
    "not-senior": _not_senior,
    "share": _share,
    "replace": _replace,
}


def _rules(seat: Seat) -> QuerySet[StageRule]:
    return StageRule.objects.filter(review=seat.review).select_related("review")


def _with_hands(seat: Seat, people: Sequence[ActiveReviewer]) -> list[Preview]:
    """What other people, or shares, do to the stages where records are given out by shares."""
    shared = _rules(seat).filter(assignment=Assignment.SHARES)
    said = (preview(rule, active=people, blind=bound(seat)) for rule in shared)
    return [one for one in said if one.anything]


def _question(
    request: HttpRequest,
    seat: Seat,
    user: User,
    row: tuple[str, str, str],
    fields: list[tuple[str, str]],
    previews: list[Preview],
    *,
    note: str = "",
) -> HttpResponse:
    back = reverse("screening:member", args=[seat.review.pk, user.pk])
    question = Question(f"Team: {_name(user)}", action=request.path, back=back, fields=fields, rows=[row], note=note)
    return ask(request, seat, question, previews)


def _done(
    request: HttpRequest, seat: Seat, user: User, said: str, undo: str, query: Mapping[str, object]
) -> HttpResponse:
    """Say what was done, with a way back; and on to the team."""
    url = reverse("screening:member-change", args=[seat.review.pk, user.pk, undo])
    messages.success(request, said, extra_tags=f"undo:{url}?{urlencode(query, doseq=True)}")
    return redirect("screening:team", seat.review.pk)


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
