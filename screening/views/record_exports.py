"""What goes out of a review: any list of records, the decisions, what was excluded and why, the amendments."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from screening import export
from screening.access import Seat, seat_for
from screening.enums import Role
from screening.export.data import Telling
from screening.forms.records import RecordFilter, query_of
from screening.page import render_review
from screening.views.record_lists import eyes_of, found_by
from screening.visibility import sees_who_did_what

FORMATS = {
    "csv": ("CSV", "for spreadsheets and statistics"),
    "xlsx": ("Excel", "a workbook"),
    "ris": ("RIS", "for reference managers"),
    "bib": ("BibTeX", "for LaTeX and reference managers"),
    "json": ("JSON", "for programs, with every decision"),
}
LISTS = (
    ("decisions", "Decisions", "Every decision ever made, superseded ones too: by whom, when, why, seeing what."),
    ("suggestions", "AI suggestions", "What assistants said: model, card, prompt and time; of panels each member."),
    ("excluded", "Excluded at full text", "Each report with the reason that the PRISMA flow counts it under."),
    ("amendments", "Protocol and amendments", "Each version with its criteria, reason, author, time and hash."),
)


@login_required
@require_GET
def exports(request: HttpRequest, review_id: int) -> HttpResponse:
    """What can be had, of this list and of the whole review."""
    seat = seat_for(request.user, review_id, "export")
    query = query_of(request.GET)
    form = RecordFilter(request.GET or None, seat=seat)
    context = {
        "query": query,
        "count": found_by(form, seat).count(),
        "good": not form.is_bound or form.is_valid(),
        "formats": [(form, *FORMATS[form]) for form in export.FORMATS["records"]],
        "lists": [
            (what, name, about, [(form, *FORMATS[form]) for form in export.FORMATS[what]])
            for what, name, about in LISTS
        ],
        "references": [(form, *FORMATS[form]) for form in ("ris", "bib")],
        "own_words": Role.REVIEWER in seat.roles,
        "named": sees_who_did_what(seat.roles),
    }
    return render_review(request, seat, "screening/exports.html", context)


@login_required
@require_GET
def export_file(request: HttpRequest, review_id: int, what: str) -> StreamingHttpResponse:
    """One file, streamed: `what` is "records.csv", "decisions.json" and so on; the query narrows the records."""
    seat = seat_for(request.user, review_id, "export")
    name, _, form = what.partition(".")
    if form not in export.FORMATS.get(name, ()):
        raise Http404("There is no such export.")
    ids = _ids(request, seat) if name == "records" else []
    title = slugify(seat.review.title)[:60] or str(seat.review.pk)
    return StreamingHttpResponse(
        export.pieces(Telling(seat.review, eyes_of(seat)), name, form, ids),
        content_type=export.KINDS[form],
        headers={"Content-Disposition": f'attachment; filename="{title}-{what}"'},
    )


def _ids(request: HttpRequest, seat: Seat) -> list[int]:
    """The records of the list in its order; a filter that can't be understood is a 404, never the whole review."""
    form = RecordFilter(request.GET or None, seat=seat)
    if form.is_bound and not form.is_valid():
        raise Http404("This filter can't be understood. Open the list to see why.")
    return list(found_by(form, seat).ids())
