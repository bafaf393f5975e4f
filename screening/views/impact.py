"""After an amendment: what was said under older texts, and screening it anew (SCR-09)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import Seat, seat_for
from screening.actions import rescreening as actions
from screening.actions.paging import AT_ONCE
from screening.enums import Role, Stage, StageStatus, Verdict
from screening.forms.rescreening import SCOPES, ScopeForm, WhyForm
from screening.models.protocol import ProtocolVersion
from screening.models.rescreening import Rescreening
from screening.page import render_review
from screening.queries.amendments import amendments, rescreenings
from screening.queries.amendments.affected import rows
from screening.queries.amendments.amendments import Amendment, Impact
from screening.queries.amendments.protocol import current_protocol
from screening.queries.amendments.rescreen_preview import preview
from screening.wording import compare

STATUS = dict(StageStatus.choices)
VERDICT = dict(Verdict.choices)


@login_required
@require_GET
def impact(request: HttpRequest, review_id: int, number: int) -> HttpResponse:
    """What was decided and suggested under texts before this version, and what of it is screened anew."""
    seat = seat_for(request.user, review_id, "see_progress")
    version = _version(seat, number)
    in_force = current_protocol(seat.review)
    before = ProtocolVersion.objects.filter(review=seat.review, number=number - 1).first()
    changes = compare(*(amendments.wordings(one.criteria.all()) if one else [] for one in (before, version)))
    stages = amendments.impact(amendments.amendment(seat.review, number), blind=_blind(seat))
    context = {
        "version": version,
        "in_force": in_force,
        "changes": [change for change in changes if change.kind != "same"],
        "stages": [_stage(one) for one in stages],
        "anything": any(one.decisions.older or one.suggestions.older for one in stages),
        "blind": _blind(seat),
        "can_rescreen": seat.can("change_protocol") and version == in_force,
        "can_run": seat.can("run_ai") and version == in_force,
        "scopes": [(key, scope.label) for key, scope in SCOPES.items()],
        "rescreenings": rescreenings.all_of(seat.review),
    }
    return render_review(request, seat, "screening/impact.html", context)


def _stage(one: Impact) -> dict[str, Any]:
    """A stage as tables: rows of (word, its key, counts), in the order of the lists."""
    return {
        "impact": one,
        "verdicts": [(VERDICT[key], key, one.by_verdict[key]) for key in VERDICT if key in one.by_verdict],
        "untold": one.by_verdict.get(amendments.NOT_TOLD),
        "statuses": [(STATUS[key], key, one.by_status[key]) for key in STATUS if key in one.by_status],
        "suggested": [(VERDICT[key], key, one.suggested[key]) for key in VERDICT if key in one.suggested],
    }


def _version(seat: Seat, number: int) -> ProtocolVersion:
    found = ProtocolVersion.objects.filter(review=seat.review, number=number).select_related("created_by").first()
    if found is None or number == 1:
        raise Http404("There is no such amendment of the protocol.")
    return found


def _blind(seat: Seat) -> bool:
    """Whether this person may yet have to vote on records that are open (SCR-02)."""
    return Role.REVIEWER in seat.roles


@login_required
@require_GET
def affected(request: HttpRequest, review_id: int, number: int, stage: str) -> HttpResponse:
    """The records behind one number of the impact page."""
    seat = seat_for(request.user, review_id, "see_progress")
    _version(seat, number)
    if stage not in Stage.values:
        raise Http404("There is no such stage.")
    asked = {name: request.GET.get(name, "") for name in ("what", "verdict", "status", "changed")}
    found = _affected(seat, amendments.amendment(seat.review, number), stage, asked)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "number": number,
        "stage": stage,
        "stage_label": Stage(stage).label,
        "page": page,
        "rows": rows(list(page.object_list), stage, roles=seat.roles, user_id=seat.user.pk),
        "title": _titled(asked),
    }
    return render_review(request, seat, "screening/affected.html", context)


def _affected(seat: Seat, amended: Amendment, stage: str, asked: dict[str, str]) -> list[int]:
    blind, changed = _blind(seat), bool(asked["changed"])
    if asked["what"] == "suggestions":
        return amendments.suggested_before(amended, stage, changed=changed, verdict="" if blind else asked["verdict"])
    statuses = [asked["status"]] if asked["status"] in StageStatus.values else None
    told = asked["verdict"] if asked["verdict"] in Verdict.values else ""
    telling = bool(told) or changed
    return amendments.decided_before(
        amended, stage, statuses=statuses, changed=changed, verdict=told, closed=blind and telling
    )


def _titled(asked: dict[str, str]) -> str:
    said = "a suggestion" if asked["what"] == "suggestions" else "a decision"
    parts = [f"{said} under an older text"]
    if asked["verdict"] in VERDICT:
        parts.append(f"“{VERDICT[asked['verdict']].lower()}”")
    if asked["status"] in STATUS:
        parts.append(f"now {STATUS[asked['status']].lower()}")
    if asked["changed"]:
        parts.append("that judged a criterion which changed")
    return "Records with " + ", ".join(parts)


@login_required
@require_http_methods(["GET", "POST"])
def rescreen(request: HttpRequest, review_id: int) -> HttpResponse:
    """What screening these records anew would do (GET), and beginning it (POST)."""
    seat = seat_for(request.user, review_id, "change_protocol")
    version = current_protocol(seat.review)
    if version is None or version.number == 1:
        raise Http404("The protocol was not amended, so there is nothing to screen anew.")
    amended = amendments.amendment(seat.review, version.number)
    form = ScopeForm(request.POST or request.GET or None, review=seat.review)
    if not form.is_valid():
        messages.error(request, "Choose which records are to be screened anew. Nothing was changed.")
        return redirect("screening:protocol-impact", review_id, version.number)
    stage = form.cleaned_data["stage"]
    found = amendments.decided_before(amended, stage, **form.wanted(blind=_blind(seat)))
    why = WhyForm(request.POST or None, initial={"reason": version.reason})
    if request.method == "POST" and why.is_valid() and _agreed(request, why, len(found), version):
        try:
            reason = why.cleaned_data["reason"]
            begun = actions.begin(review=seat.review, stage=stage, record_ids=found, by=seat.user, reason=reason)
        except actions.RescreeningRefusedError as error:
            why.add_error(None, str(error))
        else:
            messages.success(request, f"{len(begun.records)} records are screened anew under version {version.number}.")
            return redirect("screening:rescreening", review_id, begun.pk)
    shown = preview(amended, stage, found)
    context = {
        "form": form,
        "why": why,
        "version": version,
        "stage": stage,
        "stage_label": Stage(stage).label,
        "preview": shown,
        "statuses": [(STATUS[key], shown.statuses[key]) for key in STATUS if key in shown.statuses],
        "blind": _blind(seat),
        "worker": len(found) > AT_ONCE,
    }
    status = 409 if request.method == "POST" else 200
    return render_review(request, seat, "screening/rescreen.html", context, status=status)


def _agreed(request: HttpRequest, why: WhyForm, found: int, version: ProtocolVersion) -> bool:
    """Whether what is confirmed is what was shown: people go on screening, and amending, while the page is open."""
    if (request.POST.get("shown"), request.POST.get("version")) == (str(found), str(version.number)):
        return True
    why.add_error(None, "Meanwhile these records or the protocol changed. Nothing was begun: look again, and confirm.")
    return False


@login_required
@require_GET
def rescreening(request: HttpRequest, review_id: int, rescreening_id: int) -> HttpResponse:
    """How far a re-screening is, what it changed, and the records one by one."""
    seat = seat_for(request.user, review_id, "see_progress")
    shown = _rescreening(seat, rescreening_id)
    (progress,) = [one for one in rescreenings.all_of(seat.review) if one.rescreening.pk == shown.pk]
    asked = {name: value for name in ("old", "new") if (value := request.GET.get(name, "")) in StageStatus.values}
    hidden = _blind(seat)
    found = rescreenings.turned(shown, closed=hidden or "closed" in request.GET, **asked)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    turned = rescreenings.turns(shown)
    context = {
        "progress": progress,
        "shown": shown,
        "stage_label": Stage(shown.stage).label,
        "turns": [(turn, STATUS.get(turn.old, "Not known"), STATUS[turn.new]) for turn in turned if turn.closed],
        "page": page,
        "rows": _turned_rows(seat, shown, list(page.object_list)),
        "narrowed": [STATUS[value] for value in asked.values()],
        "blind": hidden,
        "can_take_back": seat.can("change_protocol"),
        "why": WhyForm(),
    }
    part = request.GET.get("part") == "progress"
    template = "screening/_rescreening_progress.html" if part else "screening/rescreening.html"
    return render_review(request, seat, template, context)


def _turned_rows(seat: Seat, shown: Rescreening, found: list[tuple[int, str, str]]) -> list[dict[str, Any]]:
    listed = {row.record.pk: row for row in rows([pk for pk, _, _ in found], shown.stage, roles=seat.roles, user_id=0)}
    return [
        {"row": listed[pk], "old": STATUS.get(old, "Not known"), "new": STATUS[new], "kept": old == new}
        for pk, old, new in found
        if pk in listed
    ]


@login_required
@require_POST
def take_back(request: HttpRequest, review_id: int, rescreening_id: int) -> HttpResponse:
    """Let the older decisions count again on what nobody has decided anew yet."""
    seat = seat_for(request.user, review_id, "change_protocol")
    shown, why = _rescreening(seat, rescreening_id), WhyForm(request.POST)
    try:
        reason = why.cleaned_data["reason"] if why.is_valid() else ""
        n = actions.take_back(rescreening=shown, by=seat.user, reason=reason)
    except actions.RescreeningRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Taken back for {n} of {len(shown.records)} records: what was said of them counts.")
    return redirect("screening:rescreening", review_id, shown.pk)


def _rescreening(seat: Seat, rescreening_id: int) -> Rescreening:
    found = Rescreening.objects.select_related("protocol", "review", "created_by")
    return get_object_or_404(found, pk=rescreening_id, review=seat.review)
