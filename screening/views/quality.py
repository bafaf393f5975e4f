"""The state of the data before screening starts: of one import, and of the whole review (IMP-05)."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from screening import export
from screening.access import Seat, import_for, seat_for
from screening.enums import ImportStatus
from screening.export import data_quality
from screening.models.source import ImportedFile
from screening.page import render_review
from screening.quality.checks import CHECKS, MARKED, MISSING, ODD, TWICE
from screening.quality.languages import WRITTEN
from screening.quality.summary import share, summary
from screening.queries.quality import figures as counted
from screening.queries.quality.figures import LACKING, Figures

GROUPS = (
    (MISSING, "What is missing"),
    (MARKED, "Retractions, corrections and notices"),
    (ODD, "What looks odd"),
    (TWICE, "Duplicates"),
)
MOST = 12
"""Languages and types that are shown; the file has all."""


@login_required
@require_GET
def review_quality(request: HttpRequest, review_id: int) -> HttpResponse:
    """The state of all records that count, by source too."""
    seat = seat_for(request.user, review_id)
    figures, pairs = counted.of_review(seat.review), counted.open_pairs(seat.review)
    rejected = counted.rejected(seat.review)
    context = _shown(seat, figures, {}, rejected=sum(one.number for one in rejected), pairs=pairs)
    context["groups"].append({"key": TWICE, "title": dict(GROUPS)[TWICE], "lines": _twice(seat, pairs)})
    context |= {
        "rejected": [_rejects(seat, one) for one in rejected[:MOST]],
        "mended": counted.mended(seat.review),
        "sources": [_of_source(seat, one) for one in counted.by_source(seat.review)],
        "download": {form: reverse("screening:quality-file", args=[review_id, form]) for form in data_quality.FORMATS},
    }
    return render_review(request, seat, "screening/quality.html", context)


@login_required
@require_GET
def import_quality(request: HttpRequest, review_id: int, file_id: int) -> HttpResponse:
    """The state of one import's citations; of what the dry run read, where nothing is imported yet."""
    seat = seat_for(request.user, review_id)
    file = import_for(seat, file_id)
    figures = counted.of_import(file) if file.stored else counted.of_dry_run(file)
    rejected = counted.rejected(seat.review, file) if file.stored else _of_dry_run(file)
    query = {"file": str(file.pk)} if file.stored else None
    context = _shown(seat, figures, query, rejected=sum(one.number for one in rejected))
    context |= {
        "file": file,
        "rejected": [_rejects(seat, one) for one in rejected],
        "mended": [file] if file.notes else [],
        "undone": file.status == ImportStatus.UNDONE,
        "download": {
            form: reverse("screening:import-quality-file", args=[review_id, file_id, form])
            for form in data_quality.FORMATS
            if file.stored
        },
    }
    return render_review(request, seat, "screening/quality.html", context)


@login_required
@require_GET
def review_file(request: HttpRequest, review_id: int, ending: str) -> StreamingHttpResponse:
    """Every record that a check applies to, as CSV or a workbook."""
    seat = seat_for(request.user, review_id)
    return _file(seat, None, ending, slugify(seat.review.title)[:60] or str(review_id))


@login_required
@require_GET
def import_file(request: HttpRequest, review_id: int, file_id: int, ending: str) -> StreamingHttpResponse:
    """Every citation of an import that a check applies to, as CSV or a workbook."""
    seat = seat_for(request.user, review_id)
    file = import_for(seat, file_id)
    return _file(seat, file, ending, slugify(file.name)[:60] or str(file_id))


def _file(seat: Seat, file: ImportedFile | None, ending: str, name: str) -> StreamingHttpResponse:
    if ending not in data_quality.FORMATS:
        raise Http404("There is no such file.")
    return StreamingHttpResponse(
        data_quality.pieces(seat.review, file, ending),
        content_type=export.KINDS[ending],
        headers={"Content-Disposition": f'attachment; filename="{name}-data-quality.{ending}"'},
    )


def _of_dry_run(file: ImportedFile) -> list[counted.Rejected]:
    by_field = file.quality.get("rejected", {})
    return [counted.Rejected(file.pk, file.name, field, number) for field, number in by_field.items()]


def _shown(
    seat: Seat, figures: Figures, query: dict[str, str] | None, *, rejected: int, pairs: int = 0
) -> dict[str, Any]:
    """What both pages have. `query` is the part of a list's address that names the import; None: there is no list."""
    found = summary(figures.total, figures.counts, rejected=rejected, foreign=figures.foreign, pairs=pairs)
    return {
        "figures": figures,
        "summary": found,
        "said": [{"text": one.text} | _leads(seat, query, one.key) for one in found.sentences],
        "groups": [group for group in (_group(seat, figures, query, *one) for one in GROUPS) if group["lines"]],
        "spoken": [_spoken(seat, figures, query, "language", *one) for one in list(figures.languages.items())[:MOST]],
        "types": [_spoken(seat, figures, query, "type", *one) for one in list(figures.types.items())[:MOST]],
    }


def _leads(seat: Seat, query: dict[str, str] | None, key: str) -> dict[str, str]:
    """Where a sentence of the summary leads; nowhere for whoever may not go there."""
    if key == "rejected":
        return {"url": "#reading", "label": "See which"}
    if key == "foreign":
        return {"url": "#languages", "label": "See the languages"}
    if key == "pairs":
        may = seat.can("judge_duplicates")
        return {"url": reverse("screening:duplicates", args=[seat.review.pk]), "label": "Judge them"} if may else {}
    return {"url": _url(seat, query, problem=key), "label": "See the list"}


def _url(seat: Seat, query: dict[str, str] | None, **more: str) -> str:
    if query is None:
        return ""
    return f"{reverse('screening:records', args=[seat.review.pk])}?{urlencode(query | more)}"


def _line(figures: Figures, number: int, url: str) -> dict[str, Any]:
    return {"number": number, "of": figures.total, "share": share(number, figures.total), "url": url if number else ""}


def _group(seat: Seat, figures: Figures, query: dict[str, str] | None, group: str, title: str) -> dict[str, Any]:
    checks = [check for check in CHECKS if check.group == group and check.key in _counted(figures)]
    lines = [
        {"label": check.label, "so": check.so}
        | _line(figures, figures.counts.get(check.key, 0), _url(seat, query, problem=check.key))
        for check in checks
    ]
    return {"key": group, "title": title, "lines": lines}


def _twice(seat: Seat, pairs: int) -> list[dict[str, Any]]:
    """Of a whole review: what was merged, of all that was imported, and what waits for a person."""
    number, whole = counted.merged(seat.review)
    merged = {"label": "Merged", "so": "One record with another citation.", "number": number, "of": whole}
    wait = {"label": "Possible pairs", "so": "Wait for a person to judge them.", "number": pairs, "of": 0, "share": ""}
    return [
        merged | {"share": share(number, whole), "url": _url(seat, {"box": "duplicates"})},
        wait | {"url": _leads(seat, None, "pairs").get("url", "")},
    ]


def _counted(figures: Figures) -> set[str]:
    """All checks of one citation, and those of several where they were asked."""
    return {check.key for check in CHECKS if check.group != TWICE or check.key in figures.counts}


def _spoken(
    seat: Seat, figures: Figures, query: dict[str, str] | None, column: str, name: str, number: int
) -> dict[str, Any]:
    """A language or a type; what is no known language is asked for whole, in quotation marks."""
    exact = name if name in WRITTEN else f'"{name}"'
    return {"label": name[:1].upper() + name[1:]} | _line(figures, number, _url(seat, query, **{column: exact}))


def _of_source(seat: Seat, one: counted.OfSource) -> dict[str, Any]:
    query = {"source": str(one.id)}
    cells = [
        {
            "label": next(check.label for check in CHECKS if check.key == key),
            "number": one.counts[key],
            "share": share(one.counts[key], one.total),
            "url": _url(seat, query, problem=key) if one.counts[key] else "",
        }
        for key in LACKING
    ]
    return {"name": one.name, "total": one.total, "url": _url(seat, query), "cells": cells}


def _rejects(seat: Seat, one: counted.Rejected) -> dict[str, Any]:
    url = reverse("screening:import", args=[seat.review.pk, one.file_id])
    return {"file": one.name, "field": one.field, "number": one.number, "url": f"{url}?field={one.field or 'entry'}"}
