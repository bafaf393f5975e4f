"""Judging possible duplicates side by side, and taking merges back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviewapp.queue import enqueue
from screening.access import Seat, record_for, seat_for
from screening.actions import duplicates
from screening.enums import CandidateStatus, Stage
from screening.models.merge import DuplicateCandidate, Merge
from screening.models.record import Record
from screening.page import render_review
from screening.queries.identification.duplicates import (
    cluster_of,
    following,
    merges,
    open_pairs,
    shown_records,
    side_by_side,
)

SAID = {
    CandidateStatus.DUPLICATE: "Duplicate: the two are one record now.",
    CandidateStatus.SAME_STUDY: "Noted: two reports of the same study. Both stay.",
    CandidateStatus.NOT_DUPLICATE: "Noted: not a duplicate. Both stay.",
}
FOUND = 20


@login_required
@require_GET
def queue(request: HttpRequest, review_id: int) -> HttpResponse:
    """The likeliest pair that nobody has judged yet."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    return _show(request, seat, open_pairs(seat.review).first())


@login_required
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, review_id: int, candidate_id: int) -> HttpResponse:
    """One pair by its own address; POST is the answer, and leads to the next one."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    candidate = _candidate(seat, candidate_id)
    if request.method == "GET":
        return _show(request, seat, candidate)
    answer = request.POST.get("answer", "")
    after = following(candidate)
    try:
        if answer not in SAID:
            raise duplicates.MergeRefusedError("Choose duplicate, same study or not a duplicate.")
        duplicates.judge(candidate=candidate, status=answer, by=seat.user)
    except duplicates.MergeRefusedError as error:
        messages.error(request, str(error))
        return redirect("screening:duplicate", review_id, candidate_id)
    undo = reverse("screening:duplicate-reopen", args=[review_id, candidate_id])
    messages.success(request, SAID[CandidateStatus(answer)], extra_tags=f"undo:{undo}")
    still_open = after and DuplicateCandidate.objects.filter(pk=after.pk, status=CandidateStatus.OPEN).exists()
    return (
        redirect("screening:duplicate", review_id, after.pk)
        if after and still_open
        else redirect("screening:duplicates", review_id)
    )


@login_required
@require_POST
def reopen(request: HttpRequest, review_id: int, candidate_id: int) -> HttpResponse:
    """Take an answer back and judge again."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    duplicates.judge(candidate=_candidate(seat, candidate_id), status=CandidateStatus.OPEN, by=seat.user)
    return redirect("screening:duplicate", review_id, candidate_id)


def _candidate(seat: Seat, candidate_id: int) -> DuplicateCandidate:
    ends = (f"{end}{more}" for end in ("first", "second") for more in ("__merged_into", "__citation__source"))
    pairs = DuplicateCandidate.objects.select_related("review", "judged_by", *ends)
    candidate = pairs.filter(review=seat.review, pk=candidate_id).first()
    if candidate is None:
        raise Http404("There is no such pair in this review.")
    return candidate


def _show(request: HttpRequest, seat: Seat, candidate: DuplicateCandidate | None) -> HttpResponse:
    context: dict[str, object] = {"candidate": candidate, "left_over": open_pairs(seat.review).count(), "tab": "judge"}
    if candidate is not None:
        left, right = shown_records(candidate)
        if left == right:  # one record by now: show the two that were compared
            left, right = candidate.first, candidate.second
        context |= {
            "left": left,
            "right": right,
            "rows": side_by_side(left, right),
            "merged": [(record, cluster_of(record)) for record in (left, right)],
            "after": following(candidate),
            "same_study_label": CandidateStatus.SAME_STUDY.label,
        }
    return render_review(request, seat, "screening/duplicates.html", context)


@login_required
@require_GET
def merge_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """Every merge: who, when, why; each can be undone."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    page = Paginator(merges(seat.review), 50).get_page(request.GET.get("page"))
    context = {"page": page, "left_over": open_pairs(seat.review).count(), "tab": "merges"}
    return render_review(request, seat, "screening/merges.html", context)


@login_required
@require_POST
def unmerge(request: HttpRequest, review_id: int, merge_id: int) -> HttpResponse:
    """Take a merge back."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    merge = Merge.objects.filter(review=seat.review, pk=merge_id).first()
    if merge is None:
        raise Http404("There is no such merge in this review.")
    try:
        duplicates.unmerge(merge=merge, by=seat.user, reason=request.POST.get("reason", "")[:500])
    except duplicates.MergeRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The merge was undone: both records stand for themselves, with their own decisions.")
    return redirect("screening:merges", review_id)


@login_required
@require_POST
def deduplicate(request: HttpRequest, review_id: int) -> HttpResponse:
    """Compare all records with one another again, in the background."""
    seat = seat_for(request.user, review_id, "import")
    enqueue("screening.deduplicate", review_id=seat.review.pk, user_id=seat.user.pk)
    messages.success(request, "All records are being compared. New pairs appear here by themselves.")
    return redirect("screening:duplicates", review_id)


@login_required
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, review_id: int, record_id: int) -> HttpResponse:
    """Say that a record is a duplicate of another, which is looked for by title or DOI (DED-06).

    `next` is the page of this review that sent us here, and that is gone back to.
    """
    seat = seat_for(request.user, review_id, "judge_duplicates")
    record = record_for(seat, record_id)
    back = _back(request, seat)
    if request.method == "POST":
        other = record_for(seat, int(request.POST["of"]) if request.POST.get("of", "").isdecimal() else 0)
        try:
            candidate = duplicates.mark_duplicate(record=record, of=other, by=seat.user)
        except duplicates.MergeRefusedError as error:
            messages.error(request, str(error))
        else:
            undo = reverse("screening:duplicate-reopen", args=[review_id, candidate.pk])
            messages.success(request, SAID[CandidateStatus.DUPLICATE], extra_tags=f"undo:{undo}")
            if back:
                return redirect(back)
        return redirect("screening:mark-duplicate", review_id, record_id)
    words = request.GET.get("q", record.title).replace("\0", "").strip()  # PostgreSQL knows no NUL
    context = {"record": record, "q": words, "found": _like(seat, record, words), "back": back}
    return render_review(request, seat, "screening/mark_duplicate.html", context)


def _back(request: HttpRequest, seat: Seat) -> str:
    """Where to go afterwards: the workbench of this review, or nowhere. Never an address that somebody made up."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    stages = (reverse("screening:screen", args=[seat.review.pk, stage]) for stage in Stage)
    return asked if asked in (reverse("screening:screen", args=[seat.review.pk]), *stages) else ""


def _like(seat: Seat, record: Record, words: str) -> list[Record]:
    """Other records with the DOI, or with most of the longer words of the title."""
    longer = sorted({word for word in words.split() if len(word) > 3}, key=len, reverse=True)[:4]
    if not words:
        return []
    matches = Q(doi__iexact=words)
    if longer:
        matches |= Q(*(Q(title__icontains=word) for word in longer))
    return list(Record.objects.filter(matches, review=seat.review, active=True).exclude(pk=record.pk)[:FOUND])
