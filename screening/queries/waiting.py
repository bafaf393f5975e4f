"""What waits for people in a review, for the navigation of every page."""

from screening.enums import CandidateStatus, StageStatus
from screening.models.document import Document
from screening.models.merge import DuplicateCandidate
from screening.models.stage import StageState
from screening.queries.hints import open_hints


def waiting(review_id: int) -> dict[str, int]:
    """{"conflicts": n, "duplicates": n, "documents": n files without a record, "hints": n}."""
    conflicts = StageState.objects.filter(review_id=review_id, status=StageStatus.CONFLICT)
    open_pairs = DuplicateCandidate.objects.filter(review_id=review_id, status=CandidateStatus.OPEN)
    tray = Document.objects.filter(review_id=review_id, record=None, removed=False)
    return {
        "conflicts": conflicts.count(),
        "duplicates": open_pairs.count(),
        "documents": tray.count(),
        "hints": open_hints(review_id).count(),
    }
