"""The pilot round that is open at a stage, as one of its reviewers sees it."""

from django.db.models import Count, Q

from screening.models.pilot import PilotRound
from screening.models.stage import StageState


def pilot_without(review_id: int, stage: str, user_id: int) -> int | None:
    """The number of the open round in which this person takes no part, and so is given nothing; else None."""
    found = PilotRound.objects.filter(review=review_id, stage=stage, closed_at=None).first()
    return found.number if found is not None and user_id not in found.reviewers else None


def pilot_of(review_id: int, stage: str, user_id: int) -> dict[str, int] | None:
    """{"number", "mine_done", "mine_total"}; None without an open round, and for who is not in it. Two queries."""
    found = PilotRound.objects.filter(review=review_id, stage=stage, closed_at=None).first()
    if found is None or user_id not in found.reviewers:
        return None
    done = Count("id", filter=Q(voters__contains=[user_id]))
    counted = StageState.objects.filter(pilot=found).aggregate(mine_done=done, mine_total=Count("id"))
    return {"number": found.number, **counted}
