"""Whose texts were in the prompt of a model call, as people name them."""

from collections.abc import Iterable, Mapping
from typing import Any

from screening.models.document import Document
from screening.models.record import Record
from screening.models.study import Study


def texts_sent(sends: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line for each of the rows that a call names in its `sends`, in their order. A query for each kind at most."""
    listed = list(sends)
    names = {label: _names(label, [one["id"] for one in listed if one["type"] == label]) for label in _KINDS}
    return [
        f"{_KINDS.get(one['type'], one['type'])} “{names.get(one['type'], {}).get(one['id'], one['id'])}”"
        for one in listed
    ]


_KINDS = {
    "screening.document": "Full text",
    "screening.record": "Title and abstract of",
    "screening.study": "Names of arms and outcomes of",
}


def _names(label: str, ids: list[int]) -> dict[int, str]:
    if not ids:
        return {}
    if label == "screening.document":
        return dict(Document.objects.filter(pk__in=ids).values_list("pk", "name"))
    if label == "screening.record":
        return dict(Record.objects.filter(pk__in=ids).values_list("pk", "title"))
    return dict(Study.objects.filter(pk__in=ids).values_list("pk", "label"))
