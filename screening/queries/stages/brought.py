"""What an import of decisions came to, and which records its preview names (IMP-06)."""

from collections.abc import Sequence
from dataclasses import dataclass

from screening.enums import Verdict
from screening.models.decision import Decision
from screening.models.decision_import import DecisionImport
from screening.models.record import Record
from screening.models.stage import StageState


@dataclass(frozen=True, slots=True)
class Came:
    """`decisions` were brought in; on `counted` records they count now. On the others people here have decided, or a
    pilot round is open, or a newer import counts."""

    decisions: int
    records: int
    counted: int

    @property
    def aside(self) -> int:
        return self.records - self.counted


def came_of(row: DecisionImport) -> Came:
    """Three queries."""
    words = Decision.objects.filter(brought_in=row).exclude(verdict=Verdict.WITHDRAWN)
    theirs = Record.objects.filter(decisions__brought_in=row).distinct()
    roots = {merged_into or pk for pk, merged_into in theirs.values_list("pk", "merged_into_id")}
    places = StageState.objects.filter(review=row.review_id, stage=row.stage, voters__contains=[-row.pk])
    return Came(words.count(), len(roots), places.count())


def named(ids: Sequence[int]) -> list[Record]:
    """The records, in this order. One query."""
    found = Record.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
