"""The screening workbench: the page that works with a plain form, and that scripts make fast."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from screening.access import Seat, seat_for
from screening.actions import decisions
from screening.actions.reservations import claim_next
from screening.actions.stages import rule_for
from screening.enums import Facet, OverrideReason, Stage
from screening.forms.records import narrowing
from screening.models.protocol import Criterion, ExclusionReason
from screening.models.review import Review
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
from screening.page import render_review
from screening.queries.amendments.protocol import current_criteria, current_protocol
from screening.queries.marks.annotations import vocabulary
from screening.queries.marks.highlights import layers
from screening.queries.progress.progress import recent_progress
from screening.queries.stages.queue import cards, recent
from screening.queries.team.piloting import pilot_of, pilot_without
from screening.visibility import mode_in_force

IN_HAND = 5


@login_required
@require_http_methods(["GET", "POST"])
def screen(request: HttpRequest, review_id: int, stage: str = Stage.TITLE_ABSTRACT) -> HttpResponse:
    """The next record of a stage for this reviewer; POST is the plain form's one decision."""
    seat = seat_for(request.user, review_id, "screen")
    if stage not in Stage.values:
        raise Http404("There is no such stage.")
    if request.method == "POST":
        return _decide(request, seat, stage)
    return render_review(request, seat, "screening/workbench.html", _workbench(seat, stage, request.GET))


def _workbench(seat: Seat, stage: str, asked: QueryDict) -> dict[str, Any]:
    review, rule = seat.review, rule_for(seat.review, stage)
    oversight = mode_in_force(rule.oversight, ai_enabled=review.ai_enabled)
    within, narrowed = narrowing(asked, seat)
    ids = claim_next(rule=rule, reviewer_id=seat.user.pk, limit=IN_HAND, have=[], within=within)
    return {
        "stage": stage,
        "stage_label": Stage(stage).label,
        **_addresses(seat, narrowed),
        "narrowed": narrowed,
        "tags": vocabulary(review.pk),
        "queue": cards(ids, stage=stage, reviewer_id=seat.user.pk, oversight=oversight, roles=seat.roles),
        "recent": recent(review_id=review.pk, stage=stage, author_id=seat.user.pk),
        "progress": recent_progress(review.pk, stage),
        "criteria": [criterion_shown(criterion) for criterion in current_criteria(review)],
        "reasons": reasons_shown(review, stage),
        "overrides": overrides_shown(),
        "reason_required": rule.reason_required,
        "oversight": oversight,
        "ai_present": _has_suggestions(review, rule),
        "ask_criteria": rule.ask_criteria,
        "protocol_id": getattr(current_protocol(review), "pk", None),
        "highlight": layers(review),
        "pilot": pilot_of(review.pk, stage, seat.user.pk),
        "pilot_without": None if ids else pilot_without(review.pk, stage, seat.user.pk),
        "form_key": str(uuid4()),
    }


def _addresses(seat: Seat, narrowed: str) -> dict[str, str]:
    """Where the page and its scripts lead to; 0 stands for the id of a record. What narrows it narrows the queue."""
    review, query = seat.review, f"?{narrowed}" if narrowed else ""
    return {
        "queue_url": reverse("screening-api:queue", args=[review.pk]) + query,
        "decisions_url": reverse("screening-api:decisions", args=[review.pk]) + query,
        "record_url_template": reverse("screening-api:record", args=[review.pk, 0]),
        "record_page_url": reverse("screening:record", args=[review.pk, 0]),
        "notes_url": reverse("screening-api:notes", args=[review.pk, 0]),
        "tags_url": reverse("screening-api:tags", args=[review.pk, 0]),
        "duplicate_url": reverse("screening:mark-duplicate", args=[review.pk, 0]),
        "records_page_url": reverse("screening:records", args=[review.pk]),
        "overview_url": review.get_absolute_url(),
        "upload_url": reverse("screening:documents", args=[review.pk]) if seat.can("add_documents") else "",
        "retrieval_url": reverse("screening:retrieval", args=[review.pk, 0]) if seat.can("add_documents") else "",
        "highlights_url": reverse("screening:highlights", args=[review.pk]) if seat.can("change_review") else "",
    }


def criterion_shown(criterion: Criterion) -> dict[str, Any]:
    """A criterion as JSON for the side panel."""
    return {
        "id": criterion.pk,
        "label": criterion.label,
        "text": criterion.text,
        "facet": criterion.facet,
        "facet_label": Facet(criterion.facet).label,
        "polarity": criterion.polarity,
    }


def reasons_shown(review: Review, stage: str) -> list[dict[str, Any]]:
    """The reasons for an exclusion as JSON: their numbers are the keys 1 to 9."""
    listed = ExclusionReason.objects.filter(review=review, stage=stage, retired=False)
    return [{"id": reason.pk, "text": reason.text, "number": place} for place, reason in enumerate(listed, 1)]


def overrides_shown() -> list[dict[str, Any]]:
    """Why one may decide otherwise than the AI, as JSON: their numbers are the keys 1 to 7."""
    return [{"code": one.value, "text": one.label, "number": place} for place, one in enumerate(OverrideReason, 1)]


def _has_suggestions(review: Review, rule: StageRule) -> bool:
    return review.ai_enabled and Suggestion.objects.standing().filter(review=review, stage=rule.stage).exists()


def _decide(request: HttpRequest, seat: Seat, stage: str) -> HttpResponse:
    query = narrowing(request.GET, seat)[1]
    here = redirect(reverse("screening:screen", args=[seat.review.pk, stage]) + (f"?{query}" if query else ""))
    try:
        decisions.record(
            review=seat.review,
            record_id=int(request.POST["record"]),
            stage=stage,
            verdict=request.POST["verdict"],
            by=seat.user,
            idempotency_key=UUID(request.POST.get("idempotency_key") or str(uuid4())),
            reason_id=int(request.POST["reason"]) if request.POST.get("reason") else None,
            protocol_id=int(request.POST["protocol"]) if request.POST.get("protocol") else None,
            judgements=_judgements(request),
        )
    except (KeyError, ValueError) as error:
        refused = isinstance(error, decisions.DecisionRefusedError)
        messages.error(request, str(error) if refused else "The form came incomplete: nothing was stored. Try again.")
    return here


def _judgements(request: HttpRequest) -> dict[int, str]:
    """What the plain form says of criteria, by their ids: its fields are judgement-<id>. Raises ValueError."""
    fields = {
        name.removeprefix("judgement-"): said for name, said in request.POST.items() if name.startswith("judgement-")
    }
    return {int(criterion): str(said) for criterion, said in fields.items() if said}
