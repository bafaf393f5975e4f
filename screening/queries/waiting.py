"""What waits for people in a review, for the navigation of every page."""

from screening.enums import CandidateStatus, StageStatus
from screening.models.merge import DuplicateCandidate
from screening.models.stage import StageState


def waiting(review_id: int) -> dict[str, int]:
    """{"conflicts": n, "duplicates": n}."""
    conflicts = StageState.objects.filter(review_id=review_id, status=StageStatus.CONFLICT)
    open_pairs = DuplicateCandidate.objects.filter(review_id=review_id, status=CandidateStatus.OPEN)
    return {
        "conflicts": conflicts.count(),
        "duplicates": open_pairs.count(),
    }
