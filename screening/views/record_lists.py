"""The list of records: searched, filtered, with what was asked for standing above it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET

from screening.access import Seat, seat_for
from screening.enums import Stage
from screening.forms.records import FOLDED, RecordFilter, narrowing, query_of
from screening.models.record_index import RecordIndex
from screening.models.stage import StageRule
from screening.page import render_review
from screening.queries.marks.annotations import vocabulary
from screening.queries.records.record_rows import rows
from screening.queries.records.records import Eyes, Found, Wanted, listed
from screening.queries.records.saved_filters import saved
from screening.queries.records.search import RANKED_WHOLE

PER_PAGE = 25  # with their snippets: what somebody looks through before the next page
LONGEST_NUMBER = 8  # digits of a page that could be there
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
    """The records that a search, a filter or a number of the PRISMA flow asks for."""
    seat = seat_for(request.user, review_id)
    form = RecordFilter(
        request.GET or None, seat=seat, focus=request.GET.get("focus") == "search", whole=_unfolded(request.GET)
    )
    found = found_by(form, seat)
    page, ids = _page(found, request.GET.get("page", ""))
    query = query_of(request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": rows(ids, found.words, review_id=review_id, eyes=eyes_of(seat)),
        **_asked(form, request.GET, query),
        "ranked": bool(found.words) and not found.order,
        "ranked_whole": found.ranked_whole,
        "ranked_most": RANKED_WHOLE,
        **_may(seat, form),
        "narrowing": narrowing(request.GET, seat)[1] if seat.can("screen") else "",
        "screen_stage": request.GET.get("stage") if request.GET.get("stage") in Stage.values else Stage.TITLE_ABSTRACT,
        "saved": saved(seat.review, seat.user, query),
        "tags": vocabulary(review_id),
    }
    return render_review(request, seat, "screening/records.html", context)


def _page(found: Found, asked: str) -> tuple[Page[int], list[int]]:
    """The page that was asked for, by the places in the list, and the records that stand there."""
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < LONGEST_NUMBER else 1
    found.look((number - 1) * PER_PAGE, number * PER_PAGE)
    page = Paginator(range(found.count()), PER_PAGE).get_page(asked)
    start = (page.number - 1) * PER_PAGE
    return page, found.stretch(start, start + PER_PAGE)


def eyes_of(seat: Seat) -> Eyes:
    """Whose eyes lists, notes and tags are for."""
    return Eyes(seat.user.pk, seat.roles)


def found_by(form: RecordFilter, seat: Seat) -> Found:
    """What a filter finds; nothing where it can't be understood (the form says why), 404 for a box that there isn't."""
    if form.is_bound and not form.is_valid():
        return Found(RecordIndex.objects.none())
    found = listed(seat.review, form.wanted() if form.is_bound else Wanted(), eyes_of(seat))
    if found is None:
        raise Http404("The PRISMA flow has no such box.")
    return found


def _asked(form: RecordFilter, data: QueryDict, query: str) -> dict[str, Any]:
    """The words above the list: its name where it is a box of the flow, and a chip for each thing asked for."""
    box = data.get("box", "")
    chips = [chip | {"url": _without(data, chip["name"])} for chip in form.asked()] if _good(form) else []
    return {
        "box": BOX.get(box) or ("Records behind one number of the PRISMA flow" if box else ""),
        "chips": [
            *([{"label": "PRISMA", "value": BOX.get(box, box), "url": _without(data, "box")}] if box else []),
            *chips,
        ],
        "filtered": bool(query),
        "query": query,
        "more_open": _unfolded(data),
    }


def _unfolded(data: QueryDict) -> bool:
    """Whether all fields are shown: they were asked for, or one of the folded ones is in use."""
    return bool(data.get("more")) or any(any(data.getlist(name)) for name in FOLDED)


def _good(form: RecordFilter) -> bool:
    return form.is_bound and form.is_valid()


def _without(data: QueryDict, name: str) -> str:
    """The same list without one of the things it was asked for."""
    kept = data.copy()
    for gone in (name, "page", *(("text",) if name == "q" else ())):
        kept.pop(gone, None)
    return "?" + query_of(kept)


def _may(seat: Seat, form: RecordFilter) -> dict[str, Any]:
    """What this person may do with a selection. Bulk decisions are for reviewers, where the stage allows them."""
    stages = StageRule.objects.filter(review=seat.review, bulk_allowed=True).values_list("stage", flat=True)
    allowed = [{"value": stage, "label": Stage(stage).label} for stage in stages] if seat.can("screen") else []
    return {
        "can_export": seat.can("export"),
        "can_annotate": seat.can("annotate"),
        "can_share": seat.can("change_review"),
        "bulk_stages": allowed,
    }


def with_query(url: str, query: str, **more: str) -> str:
    """An address with what a list was asked for."""
    parts = [part for part in (query, urlencode(more)) if part]
    return f"{url}?{'&'.join(parts)}" if parts else url
