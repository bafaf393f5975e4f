"""The extraction screen of one study and form: a page that works with plain forms, and that scripts make fast."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from extraction.access import form_for
from extraction.actions import proposals, structure, values
from extraction.enums import AssignmentStatus, Tier
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.models.structure import Arm, Measure
from extraction.page import furniture, progress, sheet_shown, shown_value
from extraction.queries.papers import documents_of
from extraction.queries.proposals import beside_seen
from extraction.queries.sheets import Sheet, sheet
from extraction.schema import fields
from screening import access
from screening.access import Seat, seat_for
from screening.models.study import Study
from screening.page import render_review
from screening.queries.documents.documents import document_shown


@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, review_id: int, study_id: int, form_id: int) -> HttpResponse:
    """The screen; POST is what its plain forms say: a value, a proposal taken or not, an arm, an outcome."""
    seat = seat_for(request.user, review_id, "extract" if request.method == "POST" else "see_extraction")
    study, form = access.study_for(seat, study_id), form_for(seat, form_id)
    if request.method == "POST":
        return _post(request, seat, study, form)
    study.review = seat.review  # spares the queries that would fetch it again
    shown = sheet(study, form, user_id=seat.user.pk, roles=seat.roles)
    return render_review(request, seat, "extraction/sheet.html", _context(seat, shown))


def _context(seat: Seat, shown: Sheet) -> dict[str, Any]:
    place = [seat.review.pk, shown.study.pk, shown.form.pk]
    documents = [document_shown(document) for document in documents_of(shown.study)]
    held = shown.assignment.status if shown.assignment else None
    free = seat.can("extract") and held not in (AssignmentStatus.WORKING, AssignmentStatus.DONE) and shown.team.free > 0
    settles = seat.can("settle_extraction") and shown.team.all_done
    return {
        "study": shown.study,
        "form": shown.form,
        "groups": sheet_shown(shown),
        "repeats": {group.repeats for group in shown.schema.groups},
        "arms": shown.arms,
        "measures": shown.measures,
        "writable": shown.writable,
        "closed": _closed(shown, held, may_begin=free),
        "may_begin": free,
        "may_reopen": held == AssignmentStatus.DONE,
        "beside": _beside(shown, seat),
        "bulk": _in_bulk(shown) if shown.writable else 0,
        "progress": progress(shown),
        "documents": documents,
        "document": documents[0] if documents else None,
        "home_url": reverse("extraction:home", args=[seat.review.pk]),
        "work_url": reverse("extraction:work", args=place),
        "consensus_url": reverse("extraction:consensus", args=place) if settles else "",
        "values_url": reverse("extraction-api:values", args=place),
        "rejections_url": reverse("extraction-api:rejections", args=place),
        **furniture(),
    }


def _beside(shown: Sheet, seat: Seat) -> list[dict[str, Any]]:
    """What assistants said that is of no cell: people may find that the study has an arm more than they named."""
    specs = fields(shown.schema)  # of the whole form: a group has no cells while the study has no arms
    asked = {key: spec for key, spec in specs.items() if spec.tier != Tier.DERIVED}
    modes = {key: shown.modes[spec.tier] for key, spec in asked.items()}
    modes[""] = shown.modes[Tier.OUTCOME]  # the strictest counts where a field is none of the form's
    found = beside_seen(shown.study, shown.form, modes=modes, roles=seat.roles)
    return [
        {
            "proposal": one,
            "label": specs[one.field_key].label if one.field_key in specs else one.field_key,
            "text": shown_value(specs.get(one.field_key), one.state, one.value, one.unit),
        }
        for one in found
    ]


def _closed(shown: Sheet, held: str | None, *, may_begin: bool) -> str:
    if shown.version == 0:
        return "This form was never published; nothing can be entered yet."
    if held == AssignmentStatus.DONE:
        return "You are done with this study. Open it again to change something."
    if may_begin:
        return "Begin to take a place at this study; then you can enter values."
    return "You don't extract this study: what others entered is not shown here."


def _in_bulk(shown: Sheet) -> int:
    return sum(
        entry.proposal is not None
        and entry.value is None
        and not entry.rejected
        and entry.mode == "assist"
        and entry.cell.spec.tier == "descriptive"
        and proposals.acceptable_in_bulk(entry.proposal, entry.cell.spec)
        for entry in shown.entries.values()
    )


def _post(request: HttpRequest, seat: Seat, study: Study, form: Form) -> HttpResponse:
    verb = VERBS.get(request.POST.get("do", ""))
    if verb is None:
        raise Http404("There is no such thing to do here.")
    try:
        if verb in OF_STRUCTURE:
            values.may_write(study, form, seat.user)
        if said := verb(request, seat, study, form):
            messages.success(request, said)
    except (values.ValueRefusedError, structure.StructureRefusedError) as error:
        messages.error(request, str(error))
    address = reverse("extraction:sheet", args=[seat.review.pk, study.pk, form.pk])
    return redirect(f"{address}{_fragment(request)}")


def _fragment(request: HttpRequest) -> str:
    """Back to where one was: the cell, or the arms and outcomes, whose folded part the browser opens for it."""
    if cell := request.POST.get("cell", ""):
        return f"#c-{cell}"
    noun = request.POST["do"].partition("_")[0]
    return f"#new-{noun}" if noun in ("arm", "measure") else ""


def _value(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    raw: object = request.POST.getlist("raw") if len(request.POST.getlist("raw")) > 1 else request.POST.get("raw", "")
    values.record(
        study=study,
        form=form,
        field_key=request.POST.get("field", ""),
        arm_id=_number(request.POST.get("arm")),
        measure_id=_number(request.POST.get("measure")),
        raw=raw,
        unit=request.POST.get("unit", ""),
        state=request.POST.get("state", "reported"),
        by=seat.user,
        idempotency_key=_key(request),
    )
    return "Stored."


def _accept(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    values.accept(
        proposal=_proposal(request, study, form),
        form=form,
        by=seat.user,
        idempotency_key=_key(request),
        confirmed=request.POST.get("confirmed") == "yes",
    )
    return "Accepted."


def _reject(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    proposals.reject(proposal=_proposal(request, study, form), by=seat.user, reason=request.POST.get("reason", ""))
    return "Rejected."


def _accept_many(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    taken = proposals.accept_many(study=study, form=form, by=seat.user)
    return f"Accepted {len(taken)} proposals whose quote and number were found."


def _arm_add(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    structure.add_arm(study=study, name=request.POST.get("name", ""), by=seat.user)
    return ""


def _arm_rename(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    structure.rename_arm(arm=_arm(request, study), name=request.POST.get("name", ""), by=seat.user)
    return ""


def _arm_retire(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    arm = structure.retire_arm(arm=_arm(request, study), by=seat.user)
    return f"{arm} is off the forms; its values are kept. Add it again to bring them back."


def _measure_add(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    given = {"outcome": request.POST.get("name", ""), "time_point": request.POST.get("time_point", "")}
    structure.add_measure(study=study, by=seat.user, **given)
    return ""


def _measure_rename(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    given = {"outcome": request.POST.get("name", ""), "time_point": request.POST.get("time_point", "")}
    structure.rename_measure(measure=_measure(request, study), by=seat.user, **given)
    return ""


def _measure_retire(request: HttpRequest, seat: Seat, study: Study, form: Form) -> str:
    measure = structure.retire_measure(measure=_measure(request, study), by=seat.user)
    return f"{measure} is off the forms; its values are kept. Add it again to bring them back."


VERBS: dict[str, Callable[[HttpRequest, Seat, Study, Form], str]] = {
    "value": _value,
    "accept": _accept,
    "reject": _reject,
    "accept_many": _accept_many,
    "arm_add": _arm_add,
    "arm_rename": _arm_rename,
    "arm_retire": _arm_retire,
    "measure_add": _measure_add,
    "measure_rename": _measure_rename,
    "measure_retire": _measure_retire,
}

OF_STRUCTURE = (_arm_add, _arm_rename, _arm_retire, _measure_add, _measure_rename, _measure_retire)


def _arm(request: HttpRequest, study: Study) -> Arm:
    arm = Arm.objects.filter(pk=_number(request.POST.get("id")) or 0, study=study).first()
    if arm is None:
        raise Http404("This study has no such arm.")
    return arm


def _measure(request: HttpRequest, study: Study) -> Measure:
    measure = Measure.objects.filter(pk=_number(request.POST.get("id")) or 0, study=study).first()
    if measure is None:
        raise Http404("This study has no such outcome.")
    return measure


def _proposal(request: HttpRequest, study: Study, form: Form) -> Proposal:
    pk = _number(request.POST.get("proposal")) or 0
    proposal = Proposal.objects.filter(pk=pk, study=study, form_version__form=form).first()
    if proposal is None:
        raise Http404("There is no such proposal for this study.")
    return proposal


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid4()
