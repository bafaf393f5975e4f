"""What closing a pilot round will do to its records, before it is done: it can't be undone (SCR-07)."""

from collections import Counter
from copy import copy
from dataclasses import dataclass

from django.utils import timezone

from screening.actions import stages
from screening.actions.rulebook import rulebook
from screening.enums import StageStatus
from screening.models.pilot import PilotRound

WAITING = (StageStatus.UNSCREENED, StageStatus.PARTIAL)


@dataclass(frozen=True, slots=True)
class Closing:
    """So many records are `included` or `excluded`, in `conflict`, or go back to the queue (`waiting`).

    A `blind` one is for somebody who may yet have to vote (SCR-02): nobody who reads it is to be
    shown more than how many are settled or in conflict together (`out`), and what a waived second reviewer settles
    counts as waiting.
    """

    included: int
    excluded: int
    conflict: int
    waiting: int
    blind: bool = False

    @property
    def out(self) -> int:
        return self.included + self.excluded + self.conflict

    @property
    def seen(self) -> str:
        """What whoever confirms has read; another text if anything has changed since."""
        told = (self.out,) if self.blind else (self.included, self.excluded, self.conflict)
        return "/".join(str(n) for n in (*told, self.waiting))


def closing(pilot: PilotRound, *, blind: bool = False) -> Closing:
    """What `pilots.close` would do. Ten queries at most; what follows is computed as it is there."""
    over = copy(pilot)
    over.closed_at = timezone.now()
    places = list(pilot.places.exclude(status=StageStatus.INACTIVE).select_related("record"))
    for place in places:
        place.pilot = over
    rule = stages.rule_for(pilot.review, pilot.stage)
    rule.waive_second = rule.waive_second and not blind
    found = Counter(computed.status for _, computed in stages.computed_of(rulebook(rule), places))
    return Closing(
        included=found[StageStatus.INCLUDED],
        excluded=found[StageStatus.EXCLUDED],
        conflict=found[StageStatus.CONFLICT],
        waiting=sum(found[status] for status in WAITING),
        blind=blind,
    )
