"""The evidence table over HTTP: the page's own table, as JSON (EXT-10)."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from extraction.forms.table import wanted_of
from extraction.models.form import FormVersion
from extraction.queries.cells_shown import Cell
from extraction.queries.columns import table_forms
from extraction.queries.table import Line, Table
from extraction.queries.table_wanted import Eyes
from reviewapp.rest import Pagination
from screening.access import seat_for


class TableView(APIView):
    """A page of the evidence table, asked for as in its address: form, version, c, layout, filter, sort, kept, ai.

    Only what people settled is a value; what nobody confirmed has the state `unconfirmed`, and only where `ai=1` asks.
    """

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, review_id: int) -> Response:
        seat = seat_for(request.user, review_id, "see_extraction")
        forms = table_forms(seat.review.pk)
        asked = request.query_params.get("form")
        form = next((form for form in forms if asked is None or str(form.pk) == asked), None)
        if form is None:
            raise NotFound("There is no such form with a published version in this review.")
        versions = FormVersion.objects.filter(form=form).select_related("form__review").order_by("-number")
        number = request.query_params.get("version", "")
        version = versions.filter(number=int(number)).first() if number.isdecimal() and len(number) < 6 else versions[0]
        if version is None:
            raise NotFound("This form has no such version.")
        shown = Table(version, wanted_of(request.query_params), Eyes(seat.user.pk, seat.roles))
        pagination: LimitOffsetPagination = Pagination()
        places = pagination.paginate_queryset(shown.places(), request, view=self) or []
        answer = pagination.get_paginated_response([_line(line, shown) for line in shown.lines(places)])
        of_form = {"form": form.pk, "version": version.number, "sha256": version.sha256}
        answer.data |= of_form | {"columns": _columns(shown)}
        return answer


def _columns(table: Table) -> list[dict[str, Any]]:
    return [
        {
            "key": column.key,
            "label": column.label,
            "group": column.group,
            "repeats": column.repeats,
            "kind": column.field.kind,
            "kept_from_version": column.version,
        }
        for column in table.columns
    ]


def _line(line: Line, table: Table) -> dict[str, Any]:
    place = line.place
    cells = zip(table.columns, line.cells, strict=True)
    shown = {
        "study": {"id": place.study.pk, "label": place.study.label, "year": place.study.year},
        "arm": {"id": place.arm.pk, "name": place.arm.name} if place.arm else None,
        "measure": {"id": place.measure.pk, "name": str(place.measure)} if place.measure else None,
        "cells": {column.key: _cell(cell) for column, cell in cells if cell is not None},
    }
    return shown | ({"parts": [_line(part, table) for part in line.parts]} if line.parts else {})


def _cell(cell: Cell) -> dict[str, Any]:
    number = None if cell.number is None else format(cell.number, "f")
    return {"cell": cell.key, "state": cell.state, "text": cell.text, "number": number, "note": cell.note}
