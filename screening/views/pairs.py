"""Judging possible duplicates: cluster by cluster, side by side, by keyboard or plain forms (DED-01, -02, -05)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.access import Seat, record_for, seat_for
from screening.actions import duplicates, pair_answers
from screening.actions.answers import Answer, MergeRefusedError, Seen, StaleAnswerError, ToldApartError
from screening.actions.pair_answers import Step
from screening.enums import NOTICES, CandidateStatus
from screening.models.merge import DuplicateCandidate
from screening.models.record import Record
from screening.page import render_review
from screening.queries.identification import beside, pair_clusters
from screening.queries.identification.duplicates import shown_records, side_by_side
from screening.queries.identification.pair_clusters import Cluster, Narrowing
from screening.views import pair_steps
from screening.views.pair_page import address, candidate_for, entry, number, queue_of, show

SAID = {
    CandidateStatus.DUPLICATE: "Duplicate: the two are one record now.",
    CandidateStatus.SAME_STUDY: "Noted: two reports of the same study. Both stay.",
    CandidateStatus.CORRECTION: "Noted: one corrects or retracts the other. Both stay, and each says so.",
    CandidateStatus.NOT_DUPLICATE: "Noted: not a duplicate. Both stay.",
}


@login_required
@require_GET
def queue(request: HttpRequest, review_id: int) -> HttpResponse:
    """The likeliest cluster that nobody has judged yet, and that nobody else looks at."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    waiting = queue_of(seat, request)
    held = pair_clusters.held_by_others(seat.review, seat.user.pk)
    cluster = pair_clusters.first_free(waiting.clusters, held)
    candidate = candidate_for(seat, cluster.pairs[0].id) if cluster else None
    return show(request, seat, candidate, waiting, start=True)


@login_required
@require_http_methods(["GET", "POST"])
def pair(request: HttpRequest, review_id: int, candidate_id: int) -> HttpResponse:
    """A pair, with its cluster, by its own address; POST is the answer, and leads to what comes next."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    candidate = candidate_for(seat, candidate_id)
    if request.method == "GET":
        return show(request, seat, candidate, queue_of(seat, request))
    answer = request.POST.get("answer", "")
    here = pair_clusters.cluster_with(pair_clusters.clusters_of(seat.review), candidate_id)
    back = reverse("screening:duplicate", args=[review_id, candidate_id])
    if answer == "all" and not request.POST.get("confirmed"):
        return redirect(f"{back}?all=1&keeper={number(request, 'keeper')}")
    try:
        step = _together(request, seat, here) if answer == "all" else _answered(request, seat, candidate, answer)
    except StaleAnswerError as error:
        messages.warning(request, str(error))
        return redirect(back)
    except ToldApartError as error:
        messages.warning(request, str(error))
        return redirect("screening:duplicate", review_id, error.pair.pk)
    except MergeRefusedError as error:
        messages.error(request, str(error))
        return redirect(back)
    pair_steps.remember(request, review_id, step)
    _say(request, review_id, answer, step)
    return redirect(_next(request, seat, here))


def _answered(request: HttpRequest, seat: Seat, candidate: DuplicateCandidate, word: str) -> Step:
    if word not in SAID:
        raise MergeRefusedError("Choose duplicate, same study, correction or retraction, or not a duplicate.")
    sort = request.POST.get("sort", "")
    if (word == CandidateStatus.CORRECTION) != (sort in NOTICES):
        sort = ""  # it was chosen for the other answer
    kept, other = number(request, "keeper"), number(request, "other")
    answer = Answer(
        word, sort=sort if word in _SORTED else "", special=number(request, "special") or None, kept=kept or None
    )
    seen = Seen(request.POST["seen"], frozenset((kept, other))) if request.POST.get("seen") and kept else None
    ends = {candidate.first_id, candidate.second_id, *(record.pk for record in shown_records(candidate))}
    if not other or {kept, other} <= ends:
        merged = seen is not None and seen.status == CandidateStatus.DUPLICATE  # what was shown are not the roots
        known = Seen(seen.status, frozenset(r.pk for r in shown_records(candidate))) if seen and merged else seen
        return pair_answers.answer_pair(pair=candidate, answer=answer, by=seat.user, seen=known)
    one, two = record_for(seat, kept), record_for(seat, other)
    return pair_answers.answer_two(one=one, two=two, answer=answer, by=seat.user, seen=seen)


_SORTED = (CandidateStatus.SAME_STUDY, CandidateStatus.CORRECTION)


def _together(request: HttpRequest, seat: Seat, cluster: Cluster | None) -> Step:
    shown = {int(one) for one in request.POST.get("members", "").split(",") if one.isdecimal() and len(one) < 18}
    if cluster is None:
        raise StaleAnswerError("These records have been judged meanwhile. Nothing was changed.")
    pairs = DuplicateCandidate.objects.filter(review=seat.review, pk__in=[pair.id for pair in cluster.pairs])
    kept = number(request, "keeper")
    return pair_answers.join_all(pairs=list(pairs), members=shown, kept=kept, by=seat.user)


def _say(request: HttpRequest, review_id: int, answer: str, step: Step) -> None:
    if answer == "all":
        undo = reverse("screening:duplicates-undo", args=[review_id])
        said = f"{len(step.merges) + 1} records are one now. Each merge can be undone by itself, too."
    else:
        undo = reverse("screening:duplicate-reopen", args=[review_id, step.pairs[0]])
        said = SAID[CandidateStatus(answer)]
    messages.success(request, said, extra_tags=f"undo:{undo}")


def _next(request: HttpRequest, seat: Seat, before: Cluster | None) -> str:
    """Where the next question is: in what is left of this cluster, else in the next one that nobody looks at."""
    waiting = queue_of(seat, request)
    clusters, narrowing = waiting.clusters, waiting.narrowing
    kept = number(request, "keeper")
    members = before.members if before else set()
    left = [one for one in clusters if one.touches(members)]
    if left:
        stay = next((one for one in left if kept in one.members), left[0])
        if kept in stay.members:
            mine = next(pair for pair in stay.pairs if kept in (pair.one, pair.two))
            return address(seat, mine.id, narrowing, keeper=kept)
        return entry(seat, stay, narrowing)
    held = pair_clusters.held_by_others(seat.review, seat.user.pk)
    later = [one for one in clusters if before is None or one.place > before.place]
    cluster = pair_clusters.first_free(later, held) or pair_clusters.first_free(clusters, held)
    if cluster is None:
        return reverse("screening:duplicates", args=[seat.review.pk])
    return entry(seat, cluster, narrowing)


@login_required
@require_POST
def undo(request: HttpRequest, review_id: int) -> HttpResponse:
    """Take this person's last answer back, as many as there were since they signed in."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    step = pair_steps.last(request, review_id)
    if step is None:
        messages.warning(request, "There is no answer of yours to take back here. Merges are undone in their list.")
        return redirect("screening:duplicates", review_id)
    return _taken_back(request, seat, step)


@login_required
@require_POST
def reopen(request: HttpRequest, review_id: int, candidate_id: int) -> HttpResponse:
    """Take one answer back, whoever gave it, and judge again."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    step = pair_steps.of_pair(request, review_id, candidate_id)
    if step is not None:
        return _taken_back(request, seat, step)
    duplicates.judge(candidate=candidate_for(seat, candidate_id), status=CandidateStatus.OPEN, by=seat.user)
    return redirect(_back_to(request, seat, candidate_id))


def _taken_back(request: HttpRequest, seat: Seat, step: Step) -> HttpResponse:
    try:
        done = pair_answers.take_back(review=seat.review, step=step, by=seat.user)
    except MergeRefusedError as error:
        messages.error(request, str(error))
        return redirect("screening:duplicates", seat.review.pk)
    came_from = pair_steps.forget(request, seat.review.pk, step)
    if done:
        messages.success(request, "Taken back.")
    else:
        messages.warning(request, "Somebody has changed that answer since. What they said stands.")
    return redirect(came_from or _back_to(request, seat, step.pairs[0]))


def _back_to(request: HttpRequest, seat: Seat, pair_id: int) -> str:
    """The pair; one that was made by hand is gone with its answer."""
    narrowing = Narrowing.of(request.GET.dict())
    if DuplicateCandidate.objects.filter(review=seat.review, pk=pair_id).exists():
        return address(seat, pair_id, narrowing)
    return reverse("screening:duplicates", args=[seat.review.pk]) + narrowing.query


@login_required
@require_GET
def why(request: HttpRequest, review_id: int) -> HttpResponse:
    """Why any two records were, or were not, taken for the same: the rules run on them as they stand."""
    seat = seat_for(request.user, review_id, "judge_duplicates")
    asked = [number(request, name) for name in ("a", "b")]
    context: dict[str, Any] = {"asked": [pk or "" for pk in asked], "tab": "why"}
    context["left_over"] = pair_clusters.progress(seat.review).left
    if all(asked):
        one, two = (_of_review(seat, pk) for pk in asked)
        if one is None or two is None or one == two:
            messages.error(request, "Name two different records of this review by their numbers.")
        else:
            context |= _explained(seat, one, two)
    return render_review(request, seat, "screening/why.html", context)


def _of_review(seat: Seat, pk: int) -> Record | None:
    return Record.objects.select_related("citation__source", "merged_into").filter(review=seat.review, pk=pk).first()


def _explained(seat: Seat, one: Record, two: Record) -> dict[str, Any]:
    roots = [record.merged_into or record for record in (one, two)]
    between = pair_answers.pair_between(*roots) if roots[0] != roots[1] else None
    return {
        "left": one,
        "right": two,
        "rows": side_by_side(one, two),
        "why": beside.why(one, two),
        "one_record": roots[0] if roots[0] == roots[1] else None,
        "merges": beside.merges_between(one, two) if roots[0] == roots[1] else [],
        "between": between,
    }
