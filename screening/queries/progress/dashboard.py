"""What the page Progress shows of a stage, and the overview in short."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from django.utils import timezone

from screening.enums import Stage
from screening.forecast import Forecast, forecast
from screening.models.review import Review
from screening.models.stage import StageRule
from screening.queries.progress.open_work import OpenWork, open_work
from screening.queries.progress.progress import done_of_total
from screening.queries.team.pace import Evening, PersonDay, arrived, complete_days, evenings, person_days

LONGEST = 3_650  # days: who needs more than ten years needs no date


@dataclass(frozen=True, slots=True)
class Dates:
    """When the last opinion is given, as dates; `late` is None beyond ten years."""

    early: date
    likely: date
    late: date | None


@dataclass(frozen=True, slots=True)
class StagePace:
    """A stage's days up to `today`, and what follows from them."""

    today: date
    days: list[PersonDay]
    evenings: list[Evening]
    forecast: Forecast

    @property
    def dates(self) -> Dates | None:
        """The forecast's days as dates; None without one, or where even the likely one is beyond ten years."""
        span = self.forecast.days
        if span is None or span.likely > LONGEST:
            return None
        late = self._on(span.high) if span.high <= LONGEST else None
        return Dates(self._on(span.low), self._on(span.likely), late)

    def _on(self, days: float) -> date:
        return self.today + timedelta(days=ceil(days))


def work_of(review: Review) -> dict[str, OpenWork]:
    """Stage -> what is open there, for each stage. Three queries."""
    rules = {rule.stage: rule for rule in StageRule.objects.filter(review=review).select_related("review")}
    return {str(stage): open_work(rules[stage]) for stage in Stage if stage in rules}


def pace_of(review: Review, stage: str, work: OpenWork) -> StagePace:
    """Two queries; four when a process asks for the first time."""
    today = timezone.localdate()
    days = person_days(review, stage)
    shown = evenings(days, arrived(review, stage, work.asked), remaining=work.opinions, today=today)
    return StagePace(today, days, shown, forecast(complete_days(shown, today=today), work.opinions))


def liveliest(work: dict[str, OpenWork]) -> str:
    """The stage to show first: the earliest that has something open, else the last that has records."""
    for stage, one in work.items():
        if one.opinions or one.counts["conflict"]:
            return stage
    return next((stage for stage in reversed(work) if done_of_total(work[stage].counts)["total"]), next(iter(work)))
