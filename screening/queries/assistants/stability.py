"""How often models say otherwise when they are asked the same again, and on which records (AI-12)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from audit.agreement import Rate, wilson
from screening.enums import ItemStatus, SuggestionRole
from screening.models.run import Run, RunItem
from screening.models.suggestion import Judgement, Suggestion

DEFAULT_SHARE = 5  # of 100 records
UNSTABLE = "unstable"  # the flag of a repeat that says otherwise


@dataclass(frozen=True, slots=True)
class Stability:
    """What the repeats of a run say. Rates have 95 % intervals (Wilson); a panel's members count one by one.

    `waiting` are still to be asked; `failed` had no answer and are in no rate; `dropped` had no first answer.
    """

    records: int
    waiting: int
    failed: int
    dropped: int
    verdicts: Rate
    judgements: Rate


def number_drawn(records: int, share: int) -> int:
    """How many of so many records are asked about again, to the nearest whole one."""
    return (records * share + 50) // 100


def stability(run: Run) -> Stability | None:
    """The figures of a run; None where nothing was drawn to be asked again. Three queries."""
    items = RunItem.objects.filter(run=run, repeat__gt=0).order_by()
    counts: dict[str, int] = dict(items.values_list("status").annotate(n=Count("id")))
    if not counts:
        return None
    again = Suggestion.objects.filter(item__run=run, role=SuggestionRole.REPEAT).order_by()
    changed = Q(explanation__differs__contains="verdict")
    seen = again.aggregate(n=Count("id"), changed=Count("id", filter=changed), records=Count("record", distinct=True))
    said = Judgement.objects.filter(suggestion__in=again.values("pk")).count()
    otherwise = sum(len([key for key in keys if key != "verdict"]) for keys in _differing(again))
    return Stability(
        records=seen["records"],
        waiting=sum(counts.get(status, 0) for status in (ItemStatus.HELD, ItemStatus.WAITING, ItemStatus.CLAIMED)),
        failed=counts.get(ItemStatus.FAILED, 0),
        dropped=counts.get(ItemStatus.CANCELLED, 0),
        verdicts=wilson(seen["changed"], seen["n"]),
        judgements=wilson(otherwise, said),
    )


def _differing(again: "QuerySet[Suggestion]") -> list[list[str]]:
    return list(again.filter(flags__contains=UNSTABLE).values_list("explanation__differs", flat=True))


def disagreeing() -> Exists:
    """For a query over suggestions that stand: whether a repeat of the same run says otherwise of the record."""
    again = Suggestion.objects.filter(
        item__run=OuterRef("item__run"),
        record=OuterRef("record"),
        stage=OuterRef("stage"),
        role=SuggestionRole.REPEAT,
        flags__contains=UNSTABLE,
    )
    return Exists(again)


def unstable(record_ids: Collection[int], stage: str) -> set[int]:
    """Those of the records whose latest suggestion that stands was not repeated when its run asked again."""
    latest = (
        Suggestion.objects.standing()
        .filter(record_id__in=record_ids, stage=stage)
        .annotate(disagreed=disagreeing())
        .order_by("record_id", "-id")
        .distinct("record_id")
    )
    rows: Any = latest.values_list("record_id", "disagreed")
    return {record_id for record_id, disagreed in rows if disagreed}
