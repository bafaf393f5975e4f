"""How people decided once they had seen a suggestion: accepted, or otherwise and why, by direction (AI-11)."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count

from screening.enums import OverrideReason, Verdict
from screening.models.decision import Decision
from screening.models.review import Review
from screening.policies import other_side
from screening.queries.assistants.runs import bound

ORDER = (Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE)


@dataclass(frozen=True, slots=True)
class Direction:
    """How often a suggested verdict met one of another side, `n` times; `reasons` are (label, times), most often first.

    Some of `n` may have none: who decided before reasons were asked for gave none.
    """

    suggested: str
    said: str
    n: int
    reasons: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Overrides:
    """Of the `seen` decisions that cite a suggestion and stand, `accepted` are on its side; the others by direction."""

    seen: int
    accepted: int
    directions: list[Direction]

    @property
    def differing(self) -> int:
        return self.seen - self.accepted


def overrides(review: Review, stage: str, *, user_id: int, roles: Collection[str]) -> Overrides:
    """Of a stage, each person's last words. Who is bound (AI-02) gets only their own. Two queries at most."""
    found = Decision.objects.filter(review=review, stage=stage, citing__isnull=False, superseded_by__isnull=True)
    found = found.exclude(verdict=Verdict.WITHDRAWN)
    if bound(review, stage, roles):
        found = found.filter(author=user_id)
    rows = found.order_by().values_list("citing__proposed_verdict", "verdict", "override").annotate(n=Count("id"))
    return _sorted_out(rows, stage)


def _sorted_out(rows: Iterable[tuple[str, str, str, int]], stage: str) -> Overrides:
    pairs: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str, str]] = Counter()
    for suggested, said, reason, n in rows:
        pairs[suggested, said] += n
        reasons[suggested, said, reason] += n
    directions = [
        Direction(suggested, said, pairs[suggested, said], _reasons(reasons, suggested, said))
        for suggested in ORDER
        for said in ORDER
        if pairs[suggested, said] and other_side(said, suggested, stage=stage)
    ]
    accepted = pairs.total() - sum(one.n for one in directions)
    return Overrides(seen=pairs.total(), accepted=accepted, directions=directions)


def _reasons(reasons: Counter[tuple[str, str, str]], suggested: str, said: str) -> list[tuple[str, int]]:
    given = [(one.label.lower(), reasons[suggested, said, one.value]) for one in OverrideReason]
    return sorted(((label, n) for label, n in given if n), key=lambda one: -one[1])
