"""The PRISMA 2020 flow: drawn from the data, each number a link to its list."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from screening import prisma
from screening.access import Seat, seat_for
from screening.enums import Stage
from screening.models.protocol import ExclusionReason
from screening.models.review import Review
from screening.page import render_review
from screening.prisma.flow import Kind
from screening.queries.prisma import flow as counted
from screening.queries.prisma.reasons import NO_REASON
from screening.queries.prisma.sources import sources_of


def flow_of(review: Review) -> prisma.Flow:
    """The flow as it stands now."""
    n, alone, imported = counted.counts(review), counted.waived(review), counted.elsewhere(review)
    names = dict(ExclusionReason.objects.filter(review=review).values_list("id", "text")) | {
        NO_REASON: "No reason given"
    }
    return prisma.Flow(
        sources=tuple(
            prisma.Source(name=source.name, kind=_kind(source.kind), n=found, key=str(source.pk))
            for source, found in counted.by_source(review)
        ),
        duplicates=n["duplicates"],
        awaiting_screening=n["awaiting_screening"],
        screened=n["screened"],
        excluded_human=n["excluded_human"],
        sought=n["sought"],
        not_retrieved=n["not_retrieved"],
        awaiting_retrieval=n["awaiting_retrieval"],
        awaiting_assessment=n["awaiting_assessment"],
        assessed=n["assessed"],
        reasons=tuple(
            prisma.Reason(text=names[reason], n=found, key=str(reason)) for reason, found in counted.by_reason(review)
        ),
        included_reports=n["included_reports"],
        included_studies=n["included_studies"],
        reports_without_study=n["reports_without_study"],
        waived_screening=alone.get(Stage.TITLE_ABSTRACT, 0),
        waived_full_text=alone.get(Stage.FULL_TEXT, 0),
        elsewhere_screening=imported.get(Stage.TITLE_ABSTRACT, 0),
        elsewhere_full_text=imported.get(Stage.FULL_TEXT, 0),
        moving=counted.moving(review),
    )


def _kind(kind: str) -> Kind:
    return "register" if kind == "register" else "database"


TOLD_OF = {
    "screened": (Stage.TITLE_ABSTRACT, "elsewhere=settled", "decided on elsewhere"),
    "excluded_screening": (Stage.TITLE_ABSTRACT, "status=excluded&waived=1", "excluded by one reviewer"),
    "assessed": (Stage.FULL_TEXT, "elsewhere=settled", "decided on elsewhere"),
    "excluded_full_text": (Stage.FULL_TEXT, "status=excluded&waived=1", "excluded by one reviewer"),
}


def footnotes_of(review: Review, flow: prisma.Flow) -> list[tuple[prisma.Footnote, str, str]]:
    """Each footnote with the address of the records that it tells of, and what they are."""
    url, notes = reverse("screening:records", args=[review.pk]), []
    for note in prisma.footnotes(flow):
        stage, query, what = TOLD_OF[note.key]
        notes.append((note, f"{url}?stage={stage.value}&{query}", what))
    return notes


def links_of(review: Review, flow: prisma.Flow) -> dict[str, str]:
    """Number -> address of the list behind it."""
    records = reverse("screening:records", args=[review.pk])
    return {number.key: f"{records}?box={number.key}" for number in prisma.numbers(flow)}


@login_required
@require_GET
def flow_page(request: HttpRequest, review_id: int) -> HttpResponse:
    """The diagram, its numbers as a table, its downloads, and what does not balance."""
    seat = seat_for(request.user, review_id, "see_reports")
    flow = flow_of(seat.review)
    links, problems = links_of(seat.review, flow), prisma.balance(flow)
    title = f"PRISMA 2020 flow of {seat.review.title}"
    drawn = [prisma.svg(flow, links, title=title, narrow=narrow) for narrow in (False, True)]  # prisma.css shows one
    context = {
        "diagram": mark_safe("".join(drawn)),  # screening.prisma escapes every name (tests/screening/prisma hold it)
        "numbers": [(number, links[number.key]) for number in prisma.numbers(flow)],
        "problems": [] if flow.moving else problems,
        "moving": prisma.MOVING if flow.moving and problems else "",
        "running": bool(flow.awaiting),
        "footnotes": footnotes_of(seat.review, flow),
        "sources": sources_of(seat.review),
        "can_export": seat.can("export"),
    }
    return render_review(request, seat, "screening/prisma.html", context)


@login_required
@require_GET
def flow_file(request: HttpRequest, review_id: int, form: str) -> HttpResponse:
    """The diagram as SVG or PNG, or its numbers as the CSV of the PRISMA2020 R package (REP-04)."""
    seat = seat_for(request.user, review_id, "see_reports")
    flow = flow_of(seat.review)
    if form == "svg":
        return _download(seat, prisma.svg(flow, standalone=True).encode(), "image/svg+xml", form)
    if form == "png":
        return _download(seat, prisma.png(flow), "image/png", form)
    links = {key: request.build_absolute_uri(url) for key, url in links_of(seat.review, flow).items()}
    notes = {note.key: note.sentence for note in prisma.footnotes(flow)}
    return _download(seat, prisma.csv_text(flow, links, notes).encode(), "text/csv; charset=utf-8", form)


def _download(seat: Seat, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"prisma-{slugify(seat.review.title)[:60] or seat.review.pk}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
