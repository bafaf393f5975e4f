"""Studies and their reports: the list with its hints, and one study (EXT-09)."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviewapp.queue import enqueue
from screening.access import Seat, hint_for, report_for, seat_for, study_for
from screening.actions import hints, studies
from screening.enums import HintStatus
from screening.forms.studies import StudyForm
from screening.models.study import Study, StudyHint
from screening.page import render_review
from screening.queries.documents.documents import all_documents
from screening.queries.identification import hints as seen
from screening.queries.identification.studies import found, hanging, included_studies, reports_of

ANSWERS = {"same": HintStatus.CONFIRMED, "different": HintStatus.REJECTED}
SAID = {
    HintStatus.CONFIRMED: "One study: both reports are of it now.",
    HintStatus.REJECTED: "Noted: two studies.",
}


@login_required
@require_GET
def study_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """The studies that are included, with their reports; above them the likeliest hint, or the one asked for."""
    seat = seat_for(request.user, review_id, "see_extraction")
    page = Paginator(included_studies(seat.review), 50).get_page(request.GET.get("page"))
    context = {"page": page, "may_link": seat.can("link_studies"), **_hint(request, seat)}
    return render_review(request, seat, "screening/studies.html", context)


def _hint(request: HttpRequest, seat: Seat) -> dict[str, object]:
    """One open hint side by side, for those who may answer."""
    if not seat.can("link_studies"):
        return {}
    open_hints, asked = seen.open_hints(seat.review.pk), request.GET.get("hint", "")
    chosen = open_hints.select_related("first", "second")
    hint = (chosen.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None) or chosen.first()
    if hint is None:
        return {}
    after = seen.following(open_hints, hint)
    return {"hint": hint, "sides": seen.sides(hint), "after": after, "left_over": open_hints.count()}


@login_required
@require_http_methods(["GET", "POST"])
def study(request: HttpRequest, review_id: int, study_id: int) -> HttpResponse:
    """One study: its reports, files, registrations; GET ?q= looks for others to link it with, POST renames it."""
    action = "link_studies" if request.method == "POST" else "see_extraction"
    seat = seat_for(request.user, review_id, action)
    shown = study_for(seat, study_id)
    start = {"label": shown.label, "registrations": ", ".join(shown.registrations)}
    form = StudyForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _changed(request, seat, shown, form):
        return redirect("screening:study", review_id, study_id)
    words = request.GET.get("q", "").replace("\0", "").strip()
    reports = reports_of(shown)
    named = seen.named([one.report.record for one in reports])
    documents = all_documents([one.report.record.merged_into_id or one.report.record_id for one in reports])
    context = {
        "study": shown,
        "form": form,
        "reports": [
            (one, documents.get(one.report.record.merged_into_id or one.report.record_id, [])) for one in reports
        ],
        "named": list(dict.fromkeys(code for codes in named.values() for code in codes)),
        "hanging": hanging(shown),
        "may_link": seat.can("link_studies"),
        "q": words,
        "found": found(seat.review, words, but=shown) if words else [],
    }
    return render_review(request, seat, "screening/study.html", context)


def _changed(request: HttpRequest, seat: Seat, shown: Study, form: StudyForm) -> bool:
    try:
        studies.change(study=shown, label=form.cleaned_data["label"], registrations=form.codes(), by=seat.user)
    except studies.StudyRefusedError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, "Saved.")
    return True


@login_required
@require_POST
def judge(request: HttpRequest, review_id: int, hint_id: int) -> HttpResponse:
    """The answer to a hint; leads to the next one."""
    seat = seat_for(request.user, review_id, "link_studies")
    hint = hint_for(seat, hint_id)
    status = ANSWERS.get(request.POST.get("answer", ""))
    if status is None:
        messages.error(request, "Choose same study or different studies. Nothing was changed.")
        return redirect("screening:studies", review_id)
    after = seen.following(seen.open_hints(review_id), hint)
    if _tried(request, lambda: hints.judge(hint=hint, status=status, by=seat.user)):
        undo = reverse("screening:study-hint-reopen", args=[review_id, hint_id])
        messages.success(request, SAID[status], extra_tags=f"undo:{undo}")
    return _to_hint(review_id, after)


@login_required
@require_POST
def reopen(request: HttpRequest, review_id: int, hint_id: int) -> HttpResponse:
    """Take an answer back, and judge again."""
    seat = seat_for(request.user, review_id, "link_studies")
    hint: StudyHint = hint_for(seat, hint_id)
    _tried(request, lambda: hints.judge(hint=hint, status=HintStatus.OPEN, by=seat.user))
    return _to_hint(review_id, hint_id)


def _to_hint(review_id: int, hint_id: int | None) -> HttpResponse:
    address = reverse("screening:studies", args=[review_id])
    return redirect(f"{address}?hint={hint_id}" if hint_id else address)


@login_required
@require_POST
def look(request: HttpRequest, review_id: int) -> HttpResponse:
    """Compare all included reports again, in the background."""
    seat = seat_for(request.user, review_id, "link_studies")
    enqueue("screening.find_study_hints", review_id=seat.review.pk)
    messages.success(request, "All included reports are being compared. New hints appear here when you come back.")
    return redirect("screening:studies", review_id)


@login_required
@require_POST
def link(request: HttpRequest, review_id: int, study_id: int) -> HttpResponse:
    """Make one study of this one and another (`with`)."""
    seat = seat_for(request.user, review_id, "link_studies")
    shown, asked = study_for(seat, study_id), request.POST.get("with", "")
    other = study_for(seat, int(asked) if asked.isdecimal() and len(asked) < 18 else 0)
    kept: list[Study] = []
    reason = request.POST.get("reason", "").replace("\0", "")[:500]
    if not _tried(request, lambda: kept.append(studies.link(study=other, into=shown, by=seat.user, reason=reason))):
        return redirect("screening:study", review_id, study_id)
    gone = other if kept[0].pk == shown.pk else shown
    undo = reverse("screening:study-restore", args=[review_id, gone.pk])
    messages.success(request, f"{gone.label} is part of {kept[0].label} now.", extra_tags=f"undo:{undo}")
    return redirect("screening:study", review_id, kept[0].pk)


@login_required
@require_POST
def restore(request: HttpRequest, review_id: int, study_id: int) -> HttpResponse:
    """Take a linking back."""
    seat = seat_for(request.user, review_id, "link_studies")
    shown = study_for(seat, study_id)
    if _tried(request, lambda: studies.restore(study=shown, by=seat.user)):
        messages.success(request, f"{shown.label} is a study of its own again.")
    return redirect("screening:study", review_id, study_id)


@login_required
@require_POST
def part(request: HttpRequest, review_id: int, report_id: int) -> HttpResponse:
    """Give a report a study of its own."""
    seat = seat_for(request.user, review_id, "link_studies")
    report = report_for(seat, report_id)
    left, made = report.study_id, []
    if not _tried(request, lambda: made.append(studies.part(report=report, by=seat.user))):
        return redirect("screening:study", review_id, left)
    messages.success(request, f"The report is of a study of its own now: {made[0].label}.")
    return redirect("screening:study", review_id, left)


@login_required
@require_POST
def set_main(request: HttpRequest, review_id: int, report_id: int) -> HttpResponse:
    """Cite the study by this report."""
    seat = seat_for(request.user, review_id, "link_studies")
    report = report_for(seat, report_id)
    studies.set_main(report=report, by=seat.user)
    messages.success(request, "The study is cited by this report now.")
    return redirect("screening:study", review_id, report.study_id)


def _tried(request: HttpRequest, verb: Callable[[], object]) -> bool:
    """Whether it could be done; if not, the page says why."""
    try:
        verb()
    except studies.StudyRefusedError as error:
        messages.error(request, str(error))
        return False
    return True
