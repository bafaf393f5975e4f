"""What people have settled, as plain data for the offline engine: it learns from outcomes, never from who voted.

Only records whose status at the stage stands (included or excluded) are given: an opinion that is not settled yet stays
its author's own. Every such status rests on at least one person's vote (an assistant's opinion never settles alone).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from screening.enums import StageStatus
from screening.models.held_out import HeldOut
from screening.models.stage import StageState

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 4_000  # of the newest: more teach little and cost time
VERDICT = {StageStatus.INCLUDED.value: "include", StageStatus.EXCLUDED.value: "exclude"}


@dataclass(frozen=True, slots=True)
class Settled:
    """A record with what people made of it; the form that ranking.relevance.DecidedText asks for."""

    id: str
    title: str
    abstract: str
    verdict: str
    vector: "NDArray[np.float32] | None" = None


def settled(review_id: int, stage: str) -> list[Settled]:
    """The settled records of a stage, newest first. One query."""
    rows = _settled(review_id, stage).values_list("record_id", "record__title", "record__abstract", "status")
    return [Settled(str(pk), title, abstract, VERDICT[status]) for pk, title, abstract, status in rows[:MOST]]


def verdicts(review_id: int, stage: str) -> dict[int, str]:
    """Record id -> what `settled` gives as its verdict: enough to know whether that has changed. One query."""
    rows = _settled(review_id, stage).values_list("record_id", "status")
    return {pk: VERDICT[status] for pk, status in rows[:MOST]}


def _settled(review_id: int, stage: str) -> QuerySet[StageState]:
    """Newest first, without what is held out for a test."""
    states = StageState.objects.filter(review_id=review_id, stage=stage, status__in=list(VERDICT))
    held = HeldOut.objects.standing().filter(review_id=review_id, stage=stage)
    return states.exclude(record__in=held.values("record")).order_by("-changed_at")


def unsettled_texts(review_id: int, stage: str, limit: int = 300) -> list[str]:
    """Some texts that nobody has settled, which say which words are common in this review. In a fixed order."""
    states = StageState.objects.filter(review_id=review_id, stage=stage).exclude(status__in=list(VERDICT))
    rows = states.order_by("record_id").values_list("record__title", "record__abstract")[:limit]
    return [f"{title} {abstract}" for title, abstract in rows]
