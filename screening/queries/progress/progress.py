"""How far a stage is. Counting is work that grows with a review, so a process counts at most every few seconds."""

from time import monotonic

from django.db.models import Count

from screening.enums import StageStatus
from screening.models.stage import StageState

FRESH_FOR = 5.0  # seconds
_counted: dict[tuple[int, str], tuple[float, dict[str, int]]] = {}


def by_status(review_id: int, stage: str) -> dict[str, int]:
    """Number of records per status, as of now. One query, answered from an index."""
    found = StageState.objects.filter(review_id=review_id, stage=stage).values("status").annotate(n=Count("id"))
    return dict.fromkeys(StageStatus.values, 0) | dict(found.values_list("status", "n"))


def recent_progress(review_id: int, stage: str) -> dict[str, int]:
    """{"done", "total"} as of at most FRESH_FOR ago: for the workbench, where nothing may grow with the review."""
    counted = _counted.get((review_id, stage))
    if counted is None or monotonic() - counted[0] > FRESH_FOR:
        counted = (monotonic(), done_of_total(by_status(review_id, stage)))
        _counted[review_id, stage] = counted
    return counted[1]


def done_of_total(counts: dict[str, int]) -> dict[str, int]:
    """Done is what has a verdict that stands; total is everything at the stage that can be judged."""
    elsewhere = (StageStatus.INACTIVE, StageStatus.NOT_RETRIEVED)
    total = sum(n for status, n in counts.items() if status not in elsewhere)
    return {"done": counts[StageStatus.INCLUDED] + counts[StageStatus.EXCLUDED], "total": total}
