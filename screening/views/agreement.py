"""How far people agree: each two of them and all together, on records and on criteria, and where they differ."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from audit.export import csv_lines
from screening.access import Seat, seat_for
from screening.enums import Role, Stage, StageStatus
from screening.models.stage import StageState
from screening.page import render_review
from screening.queries.team.blind_words import Scope, disputed
from screening.queries.team.disagreements import Disagreement, described
from screening.queries.team.numbers import names_of
from screening.queries.team.people_agreement import Agreement, StageAgreement, at_stage, labels_of
from screening.queries.team.pilots import rounds_seen
from screening.views import agreement_shown as shown
from screening.visibility import agreement_over, sees_opinions

IN_CONFLICT = "In conflict: you may settle it, so the opinions show where you read the record first."
NOT_VOTED = "You screen too and have not voted on this record, so what others said of it is not shown."


@login_required
@require_GET
def agreement(request: HttpRequest, review_id: int) -> HttpResponse:
    """The figures of a stage."""
    seat = seat_for(request.user, review_id, "see_agreement")
    stage = _stage(request)
    scope = Scope(seat.review, stage, agreement_over(seat.roles))
    context = {
        "tabs": _tabs(seat, stage),
        "stage": stage,
        "rounds": rounds_seen(seat.review, taking_part=None).get(stage),
        "bound": Role.REVIEWER in seat.roles,
        "left_out": _left_out(scope) if Role.REVIEWER in seat.roles else 0,
        **tables(at_stage(scope), lambda **asked: address(seat, stage, **asked)),
    }
    return render_review(request, seat, "screening/agreement.html", context)


def tables(found: StageAgreement, where: shown.Where) -> dict[str, Any]:
    """What `_agreement.html` shows; `where` makes the address of the list behind a number."""
    return {
        "agreed": shown.together(found.records) if found.records.pairs else [],
        "together": found.records.together,
        "pairs": [shown.pair(pair, where) for pair in found.records.pairs],
        "criteria": [shown.criterion(one, where) for one in found.criteria],
        "matrix": shown.matrix(found, where),
    }


def address(seat: Seat, stage: str, **asked: object) -> str:
    """Where the records are listed on which people differ: any, of one criterion, of two people."""
    wanted = {"stage": stage} | {name: value for name, value in asked.items() if value}
    return f"{reverse('screening:disagreements', args=[seat.review.pk])}?{urlencode(wanted)}"


def _stage(request: HttpRequest) -> Stage:
    asked = request.GET.get("stage", Stage.TITLE_ABSTRACT)
    if asked not in Stage.values:
        raise Http404("There is no such stage.")
    return Stage(asked)


def _tabs(seat: Seat, stage: str) -> list[dict[str, Any]]:
    here = reverse("screening:agreement", args=[seat.review.pk])
    return [{"url": f"{here}?stage={one}", "label": one.label, "active": one == stage} for one in Stage]


def _left_out(scope: Scope) -> int:
    """Records with two opinions or more that these figures leave out, because they are not settled."""
    waiting = StageState.objects.filter(review=scope.review, stage=scope.stage, voters__len__gte=2)
    return waiting.exclude(status__in=[*scope.statuses, StageStatus.INACTIVE]).count()


@login_required
@require_GET
def disagreements(request: HttpRequest, review_id: int) -> HttpResponse:
    """The records on which two people, or any, said different things: of the record, or of one criterion."""
    seat = seat_for(request.user, review_id, "see_agreement")
    stage, labels = _stage(request), labels_of(seat.review)
    criterion = request.GET.get("criterion", "")
    people = [int(asked) for name in ("one", "other") if (asked := request.GET.get(name, "")).isdecimal()]
    people = [person for person in people if person < 2**31]
    if criterion and criterion not in labels:
        raise Http404("There is no such criterion in this review.")
    words = disputed(Scope(seat.review, stage, agreement_over(seat.roles), people=people or None), criterion)
    page = Paginator(list(words), 25).get_page(request.GET.get("page"))
    names = names_of({word.author for one in words.values() for word in one if word.author in people})
    context = {
        "page": page,
        "rows": [rows_for(seat, row) for row in described(list(page.object_list), stage, words, criterion)],
        "stage_label": stage.label,
        "criterion": labels.get(criterion, ""),
        "people": sorted(names.values()),
        "back": f"{reverse('screening:agreement', args=[review_id])}?stage={stage}",
    }
    return render_review(request, seat, "screening/disagreements.html", context)


def rows_for(seat: Seat, row: Disagreement) -> dict[str, Any]:
    """A record of the list, without the words where this person may not read them yet (SCR-02)."""
    state = row.state
    voted, settled = seat.user.pk in state.voters, state.status in {StageStatus.INCLUDED, StageStatus.EXCLUDED}
    settles = state.status == StageStatus.CONFLICT and seat.can("adjudicate")
    hidden = IN_CONFLICT if settles else ""
    if not hidden and not sees_opinions(roles=seat.roles, voted=voted, settled=settled):
        hidden = NOT_VOTED
    conflict = reverse("screening:conflict", args=[seat.review.pk, state.pk]) if settles else ""
    return {
        "state": state,
        "record": state.record,
        "said": [] if hidden else row.said,
        "hidden": hidden,
        "conflict": conflict,
    }


@login_required
@require_GET
def agreement_file(request: HttpRequest, review_id: int) -> StreamingHttpResponse:
    """All figures of both stages as CSV, unrounded."""
    seat = seat_for(request.user, review_id, "see_agreement")
    name = f"agreement-{slugify(seat.review.title)[:60] or seat.review.pk}.csv"
    lines = csv_lines(shown.COLUMNS, _file_rows(seat))
    return StreamingHttpResponse(
        (line.encode() for line in lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _file_rows(seat: Seat) -> Iterator[tuple[object, ...]]:
    for stage in Stage:
        found = at_stage(Scope(seat.review, stage, agreement_over(seat.roles)))
        agreements: list[Agreement] = [found.records, *found.criteria]
        for one in agreements:
            yield from ((stage.value, *row) for row in shown.file_rows(one))
