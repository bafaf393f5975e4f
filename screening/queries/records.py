"""Lists of records: by box of the flow, stage and status, source, year and text."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from screening.queries import flow
from screening.queries.annotations import tags_of
from screening.queries.queue import source_names

ORDERS = {"newest": ("-year", "id"), "oldest": ("year", "id"), "title": ("title", "id"), "": ("id",)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; empty means any. `box` is a key of the PRISMA flow and includes merged records."""

    box: str = ""
    stage: str = ""
    status: str = ""
    source: int | None = None
    year_from: int | None = None
    year_to: int | None = None
    text: str = ""
    order: str = ""
    tag: int | None = None


def listed(review: Review, wanted: Wanted, taggings: "QuerySet[Any]") -> QuerySet[Record] | None:
    """The records asked for; None for a box that the flow does not have.

    `taggings` are those that whoever asks may see (`annotations.visible_taggings`): a filter must not tell of others.
    """
    records: QuerySet[Record] | None = Record.objects.filter(review=review, active=True)
    if wanted.box:
        records = flow.box(review, wanted.box)
    if records is None:
        return None
    if wanted.status and wanted.stage:
        at = StageState.objects.filter(review=review, stage=wanted.stage, status=wanted.status)
        records = records.filter(pk__in=at.values("record"))
    if wanted.source:
        records = records.filter(Q(citation__source=wanted.source) | Q(absorbed__citation__source=wanted.source))
    if wanted.year_from:
        records = records.filter(year__gte=wanted.year_from)
    if wanted.year_to:
        records = records.filter(year__lte=wanted.year_to)
    if wanted.tag:
        tagged = taggings.filter(tag=wanted.tag)
        records = records.filter(Q(pk__in=tagged.values("root")) | Q(merged_into__in=tagged.values("root")))
    for word in wanted.text.split()[:10]:
        records = records.filter(Q(title__icontains=word) | Q(abstract__icontains=word) | Q(doi__icontains=word))
    ids = records.order_by().values("pk")  # a record once, though two of its citations match
    return Record.objects.filter(pk__in=ids).order_by(*ORDERS.get(wanted.order, ORDERS[""]))


def rows(records: list[Record], *, review_id: int, user_id: int, roles: Collection[str]) -> list[dict[str, Any]]:
    """Records of one page with their sources, statuses and the tags that this person may see. Three queries."""
    ids = [record.pk for record in records]
    tags = tags_of(ids, review_id=review_id, user_id=user_id, roles=roles)
    sources = source_names(ids)
    statuses: dict[int, list[StageState]] = {}
    for state in StageState.objects.filter(record__in=ids).exclude(status="inactive").order_by("-stage"):
        statuses.setdefault(state.record_id, []).append(state)
    return [
        {
            "record": record,
            "sources": sources.get(record.pk, []),
            "states": statuses.get(record.pk, []),
            "tags": tags.get(record.pk, []),
        }
        for record in records
    ]
