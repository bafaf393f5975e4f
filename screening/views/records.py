"""Lists of records, one record, and what goes out."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from screening import export
from screening.access import Seat, record_for, seat_for
from screening.actions.stages import rule_for
from screening.enums import Stage
from screening.forms.notes import NoteForm, TagForm
from screening.forms.records import RecordFilter
from screening.models.decision import Decision
from screening.models.record import Record
from screening.page import render_review
from screening.queries import suggestions
from screening.queries.annotations import blinded, notes_of, tags_of, visible_taggings, vocabulary
from screening.queries.record import RecordAtStage, at_stages, family
from screening.queries.records import Wanted, listed, rows
from screening.visibility import mode_in_force, sees_opinions, sees_suggestion

BOX = {
    "databases": "Records identified from databases",
    "registers": "Records identified from registers",
    "duplicates": "Duplicate records removed before screening",
    "awaiting_screening": "Records awaiting screening",
    "screened": "Records screened",
    "excluded_screening": "Records excluded at title and abstract",
    "excluded_human": "Records excluded by people",
    "excluded_automation": "Records excluded by automation",
    "automation_ineligible": "Records marked as ineligible by automation",
    "removed_other": "Records removed for other reasons",
    "sought": "Reports sought for retrieval",
    "not_retrieved": "Reports not retrieved",
    "awaiting_retrieval": "Reports awaiting retrieval",
    "awaiting_assessment": "Reports awaiting assessment",
    "assessed": "Reports assessed for eligibility",
    "excluded_full_text": "Reports excluded at full text",
    "included_reports": "Reports of included studies",
    "included_studies": "Studies included in the review: the report that each is cited by",
}


@login_required
@require_GET
def records(request: HttpRequest, review_id: int) -> HttpResponse:
    """The records that a filter, or a number of the PRISMA flow, asks for."""
    seat = seat_for(request.user, review_id)
    form = RecordFilter(request.GET or None, review=seat.review, focus=request.GET.get("focus") == "search")
    found = _found(form, seat)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    box = request.GET.get("box", "")
    context = {
        "form": form,
        "page": page,
        "rows": rows(list(page.object_list), **_who(seat)),
        "box": BOX.get(box) or ("Records behind one number of the PRISMA flow" if box else ""),
        "filtered": bool(set(request.GET) - {"page", "focus"}),
        "can_export": seat.can("export"),
        "query": request.GET.urlencode(),
    }
    return render_review(request, seat, "screening/records.html", context)


def _who(seat: Seat) -> dict[str, Any]:
    """Whose eyes notes and tags are for."""
    return {"review_id": seat.review.pk, "user_id": seat.user.pk, "roles": seat.roles}


def _found(form: RecordFilter, seat: Seat) -> Any:
    if form.is_bound and not form.is_valid():
        return Record.objects.none()
    wanted = form.wanted() if form.is_bound else Wanted()
    found = listed(seat.review, wanted, visible_taggings(**_who(seat)))
    if found is None:
        raise Http404("The PRISMA flow has no such box.")
    return found


@login_required
@require_GET
def record(request: HttpRequest, review_id: int, record_id: int) -> HttpResponse:
    """One record: what it says, where it came from, and what this person may see of what was said of it."""
    seat = seat_for(request.user, review_id)
    shown = record_for(seat, record_id)
    context = {
        "record": shown,
        "family": family(shown),
        "stages": [_visible(seat, at) for at in at_stages(shown, seat.user)],
        "can_audit": seat.can("see_audit"),
        "can_judge": seat.can("judge_duplicates"),
        **_annotations(seat, shown),
    }
    return render_review(request, seat, "screening/record.html", context)


def _annotations(seat: Seat, record: Record) -> dict[str, Any]:
    root = record.merged_into_id or record.pk
    return {
        "notes": notes_of(record, user_id=seat.user.pk, roles=seat.roles),
        "tags": tags_of([root], **_who(seat)).get(root, []),
        "all_tags": vocabulary(seat.review.pk),
        "annotations_blinded": blinded(record, user_id=seat.user.pk, roles=seat.roles),
        "can_annotate": seat.can("annotate"),
        "note_form": NoteForm(),
        "tag_form": TagForm(),
        "note_key": str(uuid4()),
    }


def _visible(seat: Seat, at: RecordAtStage) -> dict[str, Any]:
    """A stage of a record, without what visibility keeps from this person."""
    rule = rule_for(seat.review, at.stage)
    mode = mode_in_force(rule.oversight, ai_enabled=seat.review.ai_enabled)
    opinions = sees_opinions(roles=seat.roles, voted=at.voted, settled=at.settled)
    suggestion = None
    if sees_suggestion(oversight=mode, roles=seat.roles, voted=at.voted):
        suggestion = suggestions.latest([at.root_id], at.stage).get(at.root_id)
    return {
        "label": Stage(at.stage).label,
        "state": at.state,
        "decisions": at.decisions if opinions else [d for d in at.decisions if d.author_id == seat.user.pk],
        "blinded": not opinions,
        "suggestion": suggestions.shown(suggestion) | {"made_at": suggestion.created_at} if suggestion else None,
    }


@login_required
@require_GET
def export_file(request: HttpRequest, review_id: int, what: str) -> StreamingHttpResponse:
    """Records as CSV or RIS, or all decisions as CSV, streamed."""
    seat = seat_for(request.user, review_id, "export")
    form = RecordFilter(request.GET or None, review=seat.review)
    name = slugify(seat.review.title)[:60] or str(seat.review.pk)
    if what == "decisions.csv":
        decisions = Decision.objects.filter(review=seat.review)
        if "reviewer" in seat.roles:  # whoever still screens is blind to the others' words
            decisions = decisions.filter(author=seat.user)
        return _stream(export.decisions_csv(decisions), "text/csv", f"{name}-decisions.csv")
    if what == "records.ris":
        return _stream(export.records_ris(_found(form, seat)), "application/x-research-info-systems", f"{name}.ris")
    return _stream(export.records_csv(_found(form, seat), **_who(seat)), "text/csv", f"{name}-records.csv")


def _stream(lines: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        (line.encode() for line in lines),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
