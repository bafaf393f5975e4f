"""The protocol: what is in force, what it was, and amending it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from screening.access import seat_for
from screening.actions.protocol import ProtocolRefusedError, amend
from screening.forms.protocol import CriterionFormSet, ProtocolForm, initial
from screening.models.protocol import ProtocolVersion
from screening.page import render_review
from screening.queries.protocol import current_criteria, current_protocol


@login_required
@require_GET
def protocol(request: HttpRequest, review_id: int) -> HttpResponse:
    """The version in force, and all versions with their reasons and hashes."""
    seat = seat_for(request.user, review_id)
    versions = ProtocolVersion.objects.filter(review=seat.review).select_related("created_by")
    wanted = request.GET.get("version", "")
    shown = versions.filter(number=int(wanted)).first() if wanted.isdecimal() else None
    shown = shown or versions.first()
    context = {
        "versions": versions,
        "shown": shown,
        "criteria": shown.criteria.all() if shown else [],
        "can_amend": seat.can("change_protocol"),
    }
    return render_review(request, seat, "screening/protocol.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, review_id: int) -> HttpResponse:
    """Write the next version. Nothing that was decided under an older one changes."""
    seat = seat_for(request.user, review_id, "change_protocol")
    before = current_protocol(seat.review)
    criteria = list(current_criteria(seat.review))
    first = {"question": before.question if before else ""}
    if before is not None and before.number == 1 and not criteria:
        first["reason"] = "Criteria written"
    form = ProtocolForm(request.POST or None, initial=first)
    form.fields["reason"].required = before is not None
    formset = CriterionFormSet(request.POST or None, initial=initial(criteria), prefix="criteria")
    if request.method == "POST" and form.is_valid() and formset.is_valid():
        drafts = [row.draft() for row in formset if row.cleaned_data and not row.cleaned_data.get("DELETE")]
        try:
            version = amend(
                review=seat.review,
                question=form.cleaned_data["question"],
                criteria=drafts,
                reason=form.cleaned_data["reason"],
                by=seat.user,
            )
        except ProtocolRefusedError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, f"Version {version.number} is in force.")
            return redirect("screening:protocol", review_id)
    return render_review(
        request,
        seat,
        "screening/protocol_edit.html",
        {"form": form, "formset": formset, "before": before, "criteria": criteria},
    )
