"""What is done with records that were selected in the list: tags, and one decision on many."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from screening.access import Seat, bulk_for, seat_for
from screening.actions import bulk as bulk_actions
from screening.actions import bulk_tags
from screening.actions.bulk import BulkRefusedError
from screening.actions.notes import AnnotationRefusedError
from screening.actions.stages import rule_for
from screening.enums import Stage
from screening.forms.bulk import BulkForm
from screening.models.bulk import MOST_AT_ONCE, BulkDecision
from screening.names import tidy
from screening.page import render_review
from screening.queries.stages.bulk import made, sorted_out
from screening.views.record_lists import with_query

LONGEST_BACK = 2_000


@login_required
@require_POST
def selection(request: HttpRequest, review_id: int) -> HttpResponse:
    """Tag or untag the selected records, or go on to the page that decides on them."""
    seat = seat_for(request.user, review_id, "annotate")
    ids, do = _ids(request.POST.getlist("record")), request.POST.get("do", "tag")
    back = with_query(reverse("screening:records", args=[review_id]), request.POST.get("back", "")[:LONGEST_BACK])
    if not ids:
        messages.error(request, "No record is selected. Tick the records first.")
        return redirect(back)
    if do in Stage.values:
        chosen = urlencode([*(("record", pk) for pk in ids), ("back", request.POST.get("back", "")[:LONGEST_BACK])])
        return redirect(f"{reverse('screening:bulk', args=[review_id, do])}?{chosen}")
    return _tagged(request, seat, ids, do, back)


def _tagged(request: HttpRequest, seat: Seat, ids: list[int], do: str, back: str) -> HttpResponse:
    name = request.POST.get("name", "")
    act = bulk_tags.untag if do == "untag" else bulk_tags.tag
    try:
        changed = act(review=seat.review, record_ids=ids, name=name, by=seat.user, roles=seat.roles)
    except AnnotationRefusedError as error:
        messages.error(request, str(error))
    else:
        verb = "taken off" if do == "untag" else "put on"
        messages.success(request, f"“{tidy(name)}” was {verb} {_records(changed)}.")
    return redirect(back)


@login_required
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, review_id: int, stage: str) -> HttpResponse:
    """How many of the selected records are decided on, which are left out and why; POST stores the decisions."""
    seat = seat_for(request.user, review_id, "screen")
    if stage not in Stage.values:
        raise Http404("There is no such stage.")
    rule = rule_for(seat.review, stage)
    sent = request.POST if request.method == "POST" else None
    ids = _ids((sent or request.GET).getlist("record"))
    form = BulkForm(sent, rule=rule, initial={"key": uuid4(), "back": request.GET.get("back", "")[:LONGEST_BACK]})
    if sent is not None and form.is_valid():
        try:
            done = bulk_actions.decide(review=seat.review, stage=stage, record_ids=ids, by=seat.user, **form.answer())
        except BulkRefusedError as error:
            form.add_error(None, str(error))
        else:
            return _decided(request, seat, done)
    context = {
        "stage": stage,
        "stage_label": Stage(stage).label,
        "rule": rule,
        "form": form,
        "ids": ids,
        "selection": sorted_out(rule, ids[:MOST_AT_ONCE], seat.user),
        "too_many": len(ids) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "list_url": with_query(reverse("screening:records", args=[review_id]), str(form["back"].value() or "")),
    }
    return render_review(request, seat, "screening/bulk.html", context)


def _decided(request: HttpRequest, seat: Seat, done: bulk_actions.Done) -> HttpResponse:
    late = f" {_records(done.refused)} got none: {_why(done)}" if done.refused else ""
    undo = reverse("screening:bulk-undo", args=[seat.review.pk, done.bulk.pk])
    messages.success(request, f"Your decision is stored on {_records(done.stored)}.{late}", extra_tags=f"undo:{undo}")
    return redirect("screening:bulk-made", seat.review.pk, done.bulk.pk)


def _why(done: bulk_actions.Done) -> str:
    """What each refusal said, the most frequent first, with its number where there are several kinds."""
    found = done.why.most_common()
    return " ".join(f"{said} ({_records(count)})" if len(found) > 1 else said for said, count in found)


@login_required
@require_http_methods(["GET"])
def bulk_made(request: HttpRequest, review_id: int, bulk_id: int) -> HttpResponse:
    """One's decisions of one bulk, to look at and to take back one by one or all together."""
    seat = seat_for(request.user, review_id, "screen")
    row = bulk_for(seat, bulk_id)
    lines = made(row)
    context = {"bulk": row, "lines": lines, "standing": sum(one.stands for one in lines), "others": _others(row)}
    return render_review(request, seat, "screening/bulk_made.html", context)


def _others(row: BulkDecision) -> Any:
    """The author's other bulks in this review, newest first."""
    return BulkDecision.objects.filter(review=row.review, author=row.author).exclude(pk=row.pk)[:20]


@login_required
@require_POST
def bulk_undo(request: HttpRequest, review_id: int, bulk_id: int) -> HttpResponse:
    """Take back all of a bulk, or the records that are named."""
    seat = seat_for(request.user, review_id, "screen")
    row = bulk_for(seat, bulk_id)
    named = _ids(request.POST.getlist("record"))
    taken = bulk_actions.take_back(bulk=row, by=seat.user, record_ids=named or None)
    if taken:
        messages.success(request, f"Your decision on {_records(taken)} is taken back.")
    else:
        messages.info(request, "There was nothing left of it to take back.")
    return redirect("screening:bulk-made", review_id, bulk_id)


def _ids(sent: list[str]) -> list[int]:
    """Ids among what was sent, each once."""
    return list(dict.fromkeys(int(one) for one in sent if one.isdecimal() and len(one) < 18))


def _records(count: int) -> str:
    return f"{count} record{'s' if count != 1 else ''}"
