"""Everything as one JSON document: the form's schema, each study, each cell with its provenance. Streamed."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from extraction.export.about import about
from extraction.export.cells import found_cells
from extraction.export.grids import laid_out
from extraction.queries.cells_shown import Cell
from extraction.queries.columns import Column
from extraction.queries.table import Place, Table
from extraction.queries.table_wanted import BY_STUDY

FORMAT = "evidence-table/1"


def pieces(table: Table) -> Iterator[str]:
    """The document in pieces that together are valid JSON."""
    by_study = laid_out(table, BY_STUDY)
    head = {"format": FORMAT, "about": about(by_study, {}), "schema": table.version.schema}
    yield _text(head)[:-1] + ', "studies": ['
    found = groupby(found_cells(by_study), key=lambda one: one[0].study)
    for place, (study, cells) in enumerate(found):
        shown = {"id": study.pk, "label": study.label, "year": study.year, "record": study.record_id}
        yield (", " if place else "") + _text(shown | {"cells": [_cell(*one) for one in cells]})
    yield "]}"


def _cell(place: Place, column: Column, cell: Cell, value: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "cell": cell.key,
        "field": column.field.key,
        "kept_from_version": column.version,
        "arm": {"id": place.arm.pk, "name": place.arm.name} if place.arm else None,
        "measure": _measure(place),
        "state": cell.state,
        "text": cell.text,
        "computed_by": cell.note if cell.state == "computed" else None,
        "ai_unconfirmed": cell.note if cell.state == "unconfirmed" else None,
        "value": value,
    }


def _measure(place: Place) -> dict[str, Any] | None:
    found = place.measure
    return {"id": found.pk, "outcome": found.outcome, "time_point": found.time_point} if found else None


def _text(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
