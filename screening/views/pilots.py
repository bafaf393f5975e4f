"""Pilot rounds: started, screened, closed, discussed (SCR-07)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import Seat, pilot_for, seat_for
from screening.actions import pilots as verbs
from screening.actions.pilot_preview import Closing, closing
from screening.enums import Role, Stage
from screening.forms.pilots import PilotForm
from screening.models.pilot import PilotRound
from screening.page import render_review
from screening.queries.amendments.protocol import current_protocol
from screening.queries.team import pilots as queries
from screening.queries.team.blind_words import HERE, Scope, Word, disputed
from screening.queries.team.disagreements import Disagreement, described
from screening.queries.team.numbers import names_of
from screening.queries.team.people_agreement import at_stage, labels_of
from screening.views.agreement import NOT_VOTED, rows_for, tables
from screening.views.rule_change import bound
from screening.visibility import CLOSED, open_to_vote, sees_numbers

NOT_YOURS = "This round is for those who take part in it, and for leads and auditors."


@login_required
@require_http_methods(["GET", "POST"])
def pilots(request: HttpRequest, review_id: int) -> HttpResponse:
    """All rounds, and what starting another would do (GET with a choice) and starting it (POST)."""
    seat = seat_for(request.user, review_id, "change_review")
    form = _form(request.POST if request.method == "POST" else request.GET, seat)
    status = 200
    if form.is_bound and form.is_valid() and request.method == "POST":
        try:
            data = form.cleaned_data
            pilot = verbs.start(
                review=seat.review, stage=data["stage"], size=data["size"], reviewers=data["people"], by=seat.user
            )
        except verbs.PilotRefusedError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, f"Round {pilot.number} is open: {pilot.size} records wait for everybody in it.")
            return redirect("screening:pilot", review_id, pilot.pk)
    context = {"rounds": _rounds(seat), "form": form, "preview": _preview(seat, form), "fresh": _fresh(form.fresh)}
    return render_review(request, seat, "screening/pilots.html", context, status=status)


def _form(data: QueryDict, seat: Seat) -> PilotForm:
    fresh, people = queries.fresh(seat.review), queries.people_who_may(seat.review)
    stage = next((stage for stage, n in fresh.items() if n), Stage.TITLE_ABSTRACT.value)
    first = {
        "stage": stage,
        "size": min(verbs.SUGGESTED_SIZE, fresh[stage]) or verbs.SUGGESTED_SIZE,
        "people": [person for person, _ in people],
    }
    return PilotForm(data if "stage" in data else None, fresh=fresh, people=people, initial=first)


def _fresh(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{"label": Stage(stage).label, "n": n} for stage, n in counts.items()]


def _preview(seat: Seat, form: PilotForm) -> dict[str, Any] | None:
    """What would happen, in numbers; None before a choice that can be made."""
    if not form.is_bound or not form.is_valid():
        return None
    data, names = form.cleaned_data, dict(form.fields["people"].choices)  # type: ignore[attr-defined]
    size = min(data["size"], form.fresh[data["stage"]])
    return {
        "stage": Stage(data["stage"]),
        "size": size,
        "short": data["size"] - size,
        "fresh": form.fresh[data["stage"]],
        "people": [names[person] for person in data["people"]],
        "left_out": [name for person, name in names.items() if person not in data["people"]],
        "opinions": size * len(data["people"]),
        "in_hand": queries.in_hand(seat.review, data["stage"]),
        "chosen": data,
    }


def _rounds(seat: Seat) -> list[dict[str, Any]]:
    done = queries.opinions_in(seat.review)
    return [
        {"pilot": one, "done": done.get(one.pk, 0), "of": one.size * len(one.reviewers)}
        for one in queries.rounds(seat.review)
    ]


@login_required
@require_GET
def pilot(request: HttpRequest, review_id: int, pilot_id: int) -> HttpResponse:
    """A round: how far it is, and, when it is closed, how far people agree and where they differ."""
    seat = seat_for(request.user, review_id)
    shown = pilot_for(seat, pilot_id)
    if not (seat.can("see_agreement") or seat.user.pk in shown.reviewers):
        raise PermissionDenied(NOT_YOURS)
    parts = queries.parts(shown)
    context = {
        "pilot": shown,
        "parts": [part for part in parts if sees_numbers(roles=seat.roles, own=part.user_id == seat.user.pk)],
        "missing": [part for part in parts if part.missing],
        "missing_all": sum(part.missing for part in parts),
        "can_close": seat.can("change_review"),
        "can_amend": seat.can("change_protocol"),
        "can_screen": seat.can("screen"),
        "takes_part": seat.user.pk in shown.reviewers,
        **({} if shown.open else _results(request, seat, shown)),
    }
    return render_review(request, seat, "screening/pilot.html", context)


def _results(request: HttpRequest, seat: Seat, shown: PilotRound) -> dict[str, Any]:
    """The figures of a closed round, and the records that are to be talked about."""
    labels, criterion = labels_of(seat.review), request.GET.get("criterion", "")
    if criterion and criterion not in labels:
        raise Http404("There is no such criterion in this review.")
    scope = Scope(seat.review, shown.stage, _statuses(seat, shown), shown.pk)
    words = disputed(scope, criterion)
    people = {int(asked) for name in ("one", "other") if (asked := request.GET.get(name, "")).isdecimal()}
    if people:
        words = {record: said for record, said in words.items() if _differ(said, people, criterion)}
    page = Paginator(list(words), 25).get_page(request.GET.get("page"))
    rows = described(list(page.object_list), shown.stage, words, criterion)
    newest = current_protocol(seat.review)
    found = at_stage(scope)
    return {
        **tables(found, lambda **asked: _address(asked)),
        "page": page,
        "rows": [_row(seat, shown, row) for row in rows],
        "criterion": labels.get(criterion, ""),
        "about": _about(found, criterion),
        "between": sorted(names_of(people).values()) if people else [],
        "amended": newest if newest and shown.protocol and newest.number > shown.protocol.number else None,
    }


def _statuses(seat: Seat, shown: PilotRound) -> tuple[str, ...]:
    """Those who took part see all of it: that is what the round is for. Others who screen see what is settled."""
    bound = Role.REVIEWER in seat.roles and seat.user.pk not in shown.reviewers
    return CLOSED if bound else HERE


def _differ(said: list[Word], people: set[int], criterion: str) -> bool:
    """Whether these people, each of whom said something, differ."""
    of = [word for word in said if word.author in people]
    answers = {word.judged.get(criterion) if criterion else word.side for word in of} - {None}
    return len(answers) > 1


def _address(asked: dict[str, Any]) -> str:
    wanted = QueryDict(mutable=True)
    wanted.update({name: str(value) for name, value in asked.items() if value})
    return f"?{wanted.urlencode()}#differ"


def _about(found: Any, criterion: str) -> list[dict[str, Any]]:
    """What the list of disagreements can be about: the record, or each criterion."""
    together = found.records.together
    tabs = [{"url": "?#differ", "label": "On the record", "count": together.differ, "active": not criterion}]
    for one in found.criteria:
        url = _address({"criterion": one.key})
        tabs.append({"url": url, "label": one.label, "count": one.together.differ, "active": criterion == one.key})
    return tabs


def _row(seat: Seat, shown: PilotRound, row: Disagreement) -> dict[str, Any]:
    """For whoever took part, everybody's words, unless they may still be given the record (SCR-02).

    Others who screen, and who may settle a conflict, read the record first, as anywhere else.
    """
    listed = rows_for(seat, row)
    if seat.user.pk not in shown.reviewers and (Role.REVIEWER in seat.roles or listed["conflict"]):
        return listed
    voted = seat.user.pk in row.state.voters
    waits = Role.REVIEWER in seat.roles and open_to_vote(status=row.state.status, voted=voted)
    return {**listed, "said": [] if waits else row.said, "hidden": NOT_VOTED if waits else "", "conflict": ""}


@login_required
@require_POST
def close(request: HttpRequest, review_id: int, pilot_id: int) -> HttpResponse:
    """End a round, complete or not; what that does, which can't be undone, is said first."""
    seat = seat_for(request.user, review_id, "change_review")
    shown = pilot_for(seat, pilot_id)
    if shown.open:
        told = closing(shown, blind=bound(seat))
        if request.POST.get("confirmed") != "yes" or request.POST.get("shown") != told.seen:
            return _ask(request, seat, shown, told)
    try:
        verbs.close(pilot=shown, by=seat.user)
    except verbs.PilotRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The round is closed. Talk about where you differ, then amend the protocol or go on.")
    return redirect("screening:pilot", review_id, pilot_id)


def _ask(request: HttpRequest, seat: Seat, shown: PilotRound, told: Closing) -> HttpResponse:
    missing = [part for part in queries.parts(shown) if part.missing]
    context = {
        "pilot": shown,
        "closing": told,
        "missing": missing,
        "missing_all": sum(part.missing for part in missing),
        "meanwhile": request.POST.get("confirmed") == "yes",
    }
    return render_review(request, seat, "screening/pilot_close.html", context)
