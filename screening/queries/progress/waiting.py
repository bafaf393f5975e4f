"""What waits for people in a review, for the navigation of every page."""

from screening.enums import CandidateStatus
from screening.models.document import Document
from screening.models.merge import DuplicateCandidate
from screening.queries.identification.hints import open_hints
from screening.queries.stages.conflicts import open_conflicts


def waiting(review_id: int, user_id: int) -> dict[str, int]:
    """{"conflicts": n, "duplicates": n, "documents": n files without a record, "hints": n}.

    Conflicts are those that this person may settle, if they adjudicate.
    """
    open_pairs = DuplicateCandidate.objects.filter(review_id=review_id, status=CandidateStatus.OPEN)
    tray = Document.objects.filter(review_id=review_id, record=None, removed=False)
    return {
        "conflicts": open_conflicts(review_id, user_id).count(),
        "duplicates": open_pairs.count(),
        "documents": tray.count(),
        "hints": open_hints(review_id).count(),
    }
