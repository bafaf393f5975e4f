"""Merges as a list, taken back one by one; marking a duplicate while screening; comparing anew (DED-03, DED-06)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviewapp.queue import enqueue
from screening.access import Seat, record_for, seat_for
from screening.actions import duplicates, pair_answers
from screening.actions.answers import MergeRefusedError
from screening.enums import Stage
from screening.models.merge import Merge
from screening.models.record import Record
from screening.page import render_review
from screening.queries.identification.duplicates import merges
from screening.queries.identification.pair_clusters import progress
from screening.queries.records.alike import alike
from screening.views import pair_steps

FOUND = 9  # one key each


@login_required
@require_GET
def merge_list(request: HttpRequest, review_id: int) -> HttpResponse:
    """Every merge: who, when, why; each can be undone."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    page = Paginator(merges(seat.review), 50).get_page(request.GET.get("page"))
    context = {"page": page, "left_over": progress(seat.review).left, "tab": "merges"}
    return render_review(request, seat, "screening/merges.html", context)


@login_required
@require_POST
def unmerge(request: HttpRequest, review_id: int, merge_id: int) -> HttpResponse:
    """Take a merge back. `next` is the page of this review that it was asked from."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    merge = Merge.objects.filter(review=seat.review, pk=merge_id).first()
    if merge is None:
        raise Http404("There is no such merge in this review.")
    try:
        duplicates.unmerge(merge=merge, by=seat.user, reason=request.POST.get("reason", "")[:500])
    except MergeRefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The merge was undone: both records stand for themselves, with their own decisions.")
    asked = request.POST.get("next", "")
    ours = asked.startswith(seat.review.get_absolute_url()) and url_has_allowed_host_and_scheme(
        asked, allowed_hosts=None
    )
    return redirect(asked if ours else reverse("screening:merges", args=[review_id]))


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
            step = pair_answers.mark(record=record, of=other, by=seat.user)
        except MergeRefusedError as error:
            messages.error(request, str(error))
        else:
            pair_steps.remember(request, review_id, step, came_from=back)
            undo = reverse("screening:duplicate-reopen", args=[review_id, step.pairs[0]])
            messages.success(request, _said(record), extra_tags=f"undo:{undo}")
            if back:
                return redirect(back)
        return redirect("screening:mark-duplicate", review_id, record_id)
    words = request.GET.get("q", record.title).replace("\0", "").strip()  # PostgreSQL knows no NUL
    context = {"record": record, "q": words, "found": alike(record, words, limit=FOUND) if words else [], "back": back}
    return render_review(request, seat, "screening/mark_duplicate.html", context)


def _said(record: Record) -> str:
    record.refresh_from_db()
    if record.merged_into_id:
        return "Duplicate: the two are one record now, and the other one is kept."
    return "Duplicate: the two are one record now. This one says more and is kept, so it is still to be judged."


def _back(request: HttpRequest, seat: Seat) -> str:
    """Where to go afterwards: the workbench of this review, or nowhere. Never an address that somebody made up."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    stages = (reverse("screening:screen", args=[seat.review.pk, stage]) for stage in Stage)
    ours = (reverse("screening:screen", args=[seat.review.pk]), *stages)
    return asked if asked.partition("?")[0] in ours else ""
