"""The protocol: what is in force, what it was, what changed between two versions, and amending it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from screening.access import Seat, seat_for
from screening.actions.protocol import AmendedMeanwhileError, CriterionDraft, ProtocolRefusedError, amend, worded
from screening.enums import Role
from screening.forms.protocol import CriterionFormSet, ProtocolForm, initial
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.review import Review
from screening.page import render_review
from screening.queries.amendments.advice import advice_on
from screening.queries.amendments.amendments import amendment, impact, wordings
from screening.queries.amendments.protocol import current_criteria, current_protocol
from screening.wording import compare, pieces


@login_required
@require_GET
def protocol(request: HttpRequest, review_id: int) -> HttpResponse:
    """The version in force, and all versions with their reasons and hashes."""
    seat = seat_for(request.user, review_id)
    versions = ProtocolVersion.objects.filter(review=seat.review).select_related("created_by")
    wanted = request.GET.get("version", "")
    shown = versions.filter(number=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 9 else None
    shown = shown or versions.first()
    context = {
        "versions": versions,
        "shown": shown,
        "criteria": shown.criteria.all() if shown else [],
        "can_amend": seat.can("change_protocol"),
        "can_see_impact": seat.can("see_progress"),
    }
    return render_review(request, seat, "screening/protocol.html", context)


@login_required
@require_GET
def difference(request: HttpRequest, review_id: int, number: int) -> HttpResponse:
    """What a version changed, word by word: against the one before it, or any that `from` names."""
    seat = seat_for(request.user, review_id)
    versions = list(ProtocolVersion.objects.filter(review=seat.review).select_related("created_by"))
    wanted = request.GET.get("from", "")
    new = _numbered(versions, number)
    old = _numbered(versions, int(wanted) if wanted.isdecimal() and len(wanted) < 9 else max(1, number - 1))
    context = {
        "versions": versions,
        "old": old,
        "new": new,
        "question": pieces(old.question, new.question) if old.question != new.question else (),
        "changes": compare(wordings(old.criteria.all()), wordings(new.criteria.all())),
        "can_see_impact": seat.can("see_progress") and new.number > 1,
    }
    return render_review(request, seat, "screening/protocol_difference.html", context)


def _numbered(versions: list[ProtocolVersion], number: int) -> ProtocolVersion:
    found = next((version for version in versions if version.number == number), None)
    if found is None:
        raise Http404("The protocol of this review has no such version.")
    return found


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, review_id: int) -> HttpResponse:
    """Write the next version. Nothing that was decided under an older one changes."""
    seat = seat_for(request.user, review_id, "change_protocol")
    before, criteria = current_protocol(seat.review), list(current_criteria(seat.review))
    form = ProtocolForm(request.POST or None, initial=_first(before, criteria))
    form.fields["reason"].required = before is not None and "preview" not in request.POST
    formset = CriterionFormSet(request.POST or None, initial=initial(criteria), prefix="criteria")
    context: dict[str, Any] = {"form": form, "formset": formset, "before": before, "criteria": criteria}
    context["advice"] = advice_on(criteria)
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        drafts = [row.draft() for row in formset if row.cleaned_data and not row.cleaned_data.get("DELETE")]
        context["advice"] = advice_on(drafts)
        if "preview" in request.POST and before is not None:
            context |= _preview(seat, before, criteria, drafts, form.cleaned_data["question"])
            form.fields["reason"].required = True  # from here on it is for saving
        else:
            saved = _saved(request, seat, form, drafts, before)
            if isinstance(saved, HttpResponse):
                return saved
            if saved is not None:
                now = list(saved.criteria.all())
                context |= {"before": saved, **_preview(seat, saved, now, drafts, form.cleaned_data["question"])}
    elif before is not None and criteria:
        context["touched"] = impact(amendment(seat.review, before.number + 1, wordings(criteria)), blind=_blind(seat))
    return render_review(request, seat, "screening/protocol_edit.html", context)


def _first(before: ProtocolVersion | None, criteria: list[Criterion]) -> dict[str, Any]:
    first: dict[str, Any] = {"question": before.question if before else "", "based_on": before.number if before else 0}
    if before is not None and before.number == 1 and not criteria:
        first["reason"] = "Criteria written"
    return first


def _blind(seat: Seat) -> bool:
    return Role.REVIEWER in seat.roles


def _preview(
    seat: Seat, before: ProtocolVersion, criteria: list[Criterion], drafts: list[CriterionDraft], question: str
) -> dict[str, Any]:
    """What would change, and what was said under the text as it is."""
    coming = worded(drafts)
    changes = compare(wordings(criteria), coming)
    return {
        "changes": changes,
        "question": pieces(before.question, question) if before.question != question else (),
        "nothing": before.question == question and all(change.kind == "same" for change in changes),
        "touched": impact(amendment(seat.review, before.number + 1, coming), blind=_blind(seat)),
        "previewed": True,
    }


def _saved(
    request: HttpRequest, seat: Seat, form: ProtocolForm, drafts: list[CriterionDraft], before: ProtocolVersion | None
) -> HttpResponse | ProtocolVersion | None:
    """Where to go on; the version that came into force meanwhile, which the draft is now compared with; or None."""
    try:
        version = amend(
            review=seat.review,
            question=form.cleaned_data["question"],
            criteria=drafts,
            reason=form.cleaned_data["reason"],
            by=seat.user,
            based_on=form.cleaned_data["based_on"],
        )
    except AmendedMeanwhileError as error:
        form.add_error(None, str(error))
        now = current_protocol(seat.review)
        written = request.POST.copy()
        written["based_on"] = str(now.number) if now else "0"
        form.data = written
        return now
    except ProtocolRefusedError as error:
        form.add_error("reason", str(error))
        return None
    if before is not None and version.pk == before.pk:
        messages.info(request, f"Nothing was changed: version {version.number} reads the same.")
        return redirect("screening:protocol", seat.review.pk)
    messages.success(request, f"Version {version.number} is in force.")
    if before is not None and _anything_said(seat.review, version.number):
        return redirect("screening:protocol-impact", seat.review.pk, version.number)
    return redirect("screening:protocol", seat.review.pk)


def _anything_said(review: Review, number: int) -> bool:
    found = impact(amendment(review, number), blind=True)
    return any(stage.decisions.older or stage.suggestions.older for stage in found)
