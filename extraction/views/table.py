"""The evidence table of a review: a page of it, and its files (EXT-10)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from extraction import export
from extraction.access import form_for
from extraction.forms.table import HOW, query_of, wanted_of
from extraction.models.form import Form, FormVersion
from extraction.queries.cells_shown import STATES
from extraction.queries.columns import table_forms
from extraction.queries.table import Line, Table
from extraction.queries.table_wanted import BY_STUDY, EACH, LONG, STATE, STUDY, Eyes, Wanted
from screening.access import Seat, seat_for
from screening.page import render_review

PAGE = 25  # of up to hundreds of columns
LEVELS = {EACH: "Studies", "arm": "Arms", "measure": "Outcomes", "measure_arm": "Results"}


@login_required
@require_GET
def table(request: HttpRequest, review_id: int) -> HttpResponse:
    """A page of the table; which form, version, columns, filters and order stand in the address."""
    seat = seat_for(request.user, review_id, "see_extraction")
    forms = table_forms(seat.review.pk)
    form = next((form for form in forms if str(form.pk) == request.GET.get("form")), forms[0] if forms else None)
    context: dict[str, Any] = {"form": form, "tabs": _tabs(forms, form), "can_design": seat.can("design_forms")}
    if form is not None:
        versions = list(FormVersion.objects.filter(form=form).defer("schema"))
        context |= _shown(request, seat, _version(form, request.GET.get("version", "")), versions)
    return render_review(request, seat, "extraction/table.html", context)


@login_required
@require_GET
def table_file(request: HttpRequest, review_id: int, form_id: int, file: str) -> HttpResponseBase:
    """The table as it is asked for, or all of it, as a file."""
    seat = seat_for(request.user, review_id, "export")
    form = form_for(seat, form_id)
    make = export.FILES.get(file)
    if make is None or not FormVersion.objects.filter(form=form).exists():
        raise Http404("There is no such file of this review.")
    version = _version(form, request.GET.get("version", ""))
    name = slugify(f"{seat.review.title[:60]} {form.name[:40]}") or f"review-{seat.review.pk}"
    return make(Table(version, wanted_of(request.GET), Eyes(seat.user.pk, seat.roles)), name)


def _version(form: Form, number: str) -> FormVersion:
    found = FormVersion.objects.filter(form=form).select_related("form__review")
    chosen = found.filter(number=int(number)) if number.isdecimal() and len(number) < 6 else found.none()
    return chosen.first() or found.order_by("-number")[0]


def _shown(request: HttpRequest, seat: Seat, version: FormVersion, versions: list[FormVersion]) -> dict[str, Any]:
    wanted = wanted_of(request.GET, at_first=EACH)
    shown = Table(version, wanted, Eyes(seat.user.pk, seat.roles))
    page = Paginator(shown.places(), PAGE).get_page(request.GET.get("page"))
    lines = shown.lines(list(page.object_list))
    link = _Links(wanted, version, newest=version.number == versions[0].number)
    return {
        "version": version,
        "versions": versions,
        "page": page,
        "wanted": wanted,
        "heads": [_head(column.key, column.label, wanted, link) | {"column": column} for column in shown.columns],
        "first": _head(STUDY, "Study", wanted, link),
        "rows": list(_rows(lines, shown, wanted)),
        "choices": _choices(shown, wanted),
        "chips": [_chip(f, shown, wanted, link) for f in shown.filters],
        "how": HOW,
        "states": STATES,
        "kept_count": len(shown.kept),
        "offers": bool(shown.offers),
        "layouts": _layouts(shown, wanted, link),
        "kept_url": link.to(kept=not wanted.kept),
        "ai_url": link.to(proposals=not wanted.proposals),
        "bare_url": link.to(filters=()),
        "can_export": seat.can("export"),
        "query": link.query(replace(wanted, level="")).urlencode(),  # a file holds every level
        "files": export.LABELS,
        "hidden": _hidden(link.query(wanted)),
    }


class _Links:
    """Addresses of the same table with one thing changed; the page is left out, for it would be another."""

    def __init__(self, wanted: Wanted, version: FormVersion, *, newest: bool) -> None:
        self.wanted, self.form_id = wanted, version.form_id
        self.version = None if newest else version.number

    def query(self, wanted: Wanted) -> QueryDict:
        return query_of(wanted, form_id=self.form_id, version=self.version)

    def to(self, **changes: Any) -> str:
        return f"?{self.query(replace(self.wanted, **changes)).urlencode()}"


def _layouts(shown: Table, wanted: Wanted, link: _Links) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the one shown: a table for each level of the form, and all of them together."""
    present = {column.repeats for column in shown.own}
    levels = [level for level in LEVELS if level in present] if len(present) > 1 else []
    every = [(LEVELS[level], level, BY_STUDY if level == EACH else LONG) for level in levels]
    every += [
        ("All by study" if levels else "By study", "", BY_STUDY),
        ("All by line" if levels else "Study × outcome × arm", "", LONG),
    ]
    here = (wanted.level if levels else "", wanted.layout)
    return [
        (label, link.to(level=level, layout=layout, columns=()), not wanted.columns and (level, layout) == here)
        for label, level, layout in every
    ]


def _tabs(forms: list[Form], shown: Form | None) -> list[dict[str, Any]]:
    named = [form for form in forms if not form.retired or form == shown]
    return [{"label": form.name, "url": f"?form={form.pk}", "active": form == shown} for form in named]


def _head(key: str, label: str, wanted: Wanted, link: _Links) -> dict[str, Any]:
    here = wanted.sort == key
    turned = here and not wanted.descending
    order = ("descending" if wanted.descending else "ascending") if here else ""
    return {"key": key, "label": label, "order": order, "url": link.to(sort=key, descending=turned)}


def _rows(lines: list[Line], shown: Table, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Every line as the template walks it: the study first, its arms and outcomes below."""
    heads = [(column.label, column.field.kind == "number") for column in shown.columns]
    for line in lines:
        base = f"{line.place.study.pk}/{shown.version.form_id}/"  # of the addresses of its cells, below the table's own
        for part in (line, *line.parts):
            inside = part is not line
            yield {
                "study": line.place.study,
                "base": base,
                "label": part.place.label if inside or wanted.layout == LONG else "",
                "part": inside,
                "cells": list(zip(heads, part.cells, strict=True)),
            }


def _choices(shown: Table, wanted: Wanted) -> dict[str, list[tuple[str, str, bool]]]:
    """Columns that can be shown, by their group; whether each is."""
    visible = {column.key for column in shown.columns}
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for column in shown.every:
        group = f"Kept from version {column.version}" if column.version else column.group
        groups.setdefault(group, []).append((column.key, column.label, column.key in visible))
    return groups


def _chip(one: Any, shown: Table, wanted: Wanted, link: _Links) -> dict[str, str]:
    label = "Study" if one.column == STUDY else shown.by_key[one.column].label
    text = STATES.get(one.text, one.text) if one.how == STATE else f"“{one.text}”"
    rest = tuple(f for f in wanted.filters if f != one)
    return {"label": f"{label} {HOW[one.how]} {text}", "url": link.to(filters=rest)}


def _hidden(query: QueryDict) -> list[tuple[str, str, str]]:
    """What the forms of the page carry along: (name, value, which form asks it itself)."""
    return [(name, value, "c" if name in {"c", "level"} else "") for name, values in query.lists() for value in values]
