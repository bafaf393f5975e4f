"""The test sets of a review: which records assistants may not learn from, since when, and which were released."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from screening.enums import Stage
from screening.models.held_out import HeldOut
from screening.models.review import Review

MOST = 300  # records that are named, the latest first


@dataclass(frozen=True, slots=True)
class TestSet:
    """Records that were held out at a stage for one reason. `held` are so still; `records` names some of these."""

    stage: str
    why: str
    held: int
    released: int
    since: datetime
    by: str
    released_for: str
    records: list[Any] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The stage, as people say it."""
        return str(Stage(self.stage).label)


def test_sets(review: Review) -> list[TestSet]:
    """The test sets, the newest first, with the first of their records. Two queries."""
    of_review = HeldOut.objects.filter(review=review)
    counted = of_review.values("stage", "why").annotate(
        held=Count("pk", filter=Q(release=None)),
        released=Count("pk", filter=Q(release__isnull=False)),
        since=Min("at"),
        by=Min("by__username"),
        released_for=Max("release__why", default=""),
    )
    named: dict[tuple[str, str], list[Any]] = {}
    for one in of_review.filter(release=None).select_related("record").order_by("-pk")[:MOST]:
        named.setdefault((one.stage, one.why), []).append(one.record)
    return [TestSet(**row, records=named.get((row["stage"], row["why"]), [])) for row in counted.order_by("-since")]
