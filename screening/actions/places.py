"""Taking hold of a record's place at a stage, so that opinions that arrive at once are counted one by one.

A record can be merged or parted while somebody waits for the lock. What a locked row says is fresh, what the same
statement joined to it is not; so wherever the two can differ, the root is read anew, in a statement of its own.
"""

from screening.enums import StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState


class MovedError(Exception):
    """The record was merged or parted while its place was waited for: let go of all locks, and begin anew."""


def held(review: Review, record_id: int, stage: str) -> StageState | None:
    """The place of a record at a stage, or of the record that it was merged into, locked; None if there is none.

    Only ever one place is locked: holding an absorbed record's while waiting for the kept one's would meet whoever
    locks the two in the order of ids. Raises MovedError.
    """
    state = _locked(review, record_id, stage)
    if state is not None and state.status != StageStatus.INACTIVE:
        return state  # a place that is open is that of a root: a merge closes the absorbed one's
    root_id = root_of(record_id)
    if root_id == record_id:
        return state
    if state is not None:
        raise MovedError
    kept = _locked(review, root_id, stage)
    if root_of(record_id) != root_id:
        raise MovedError
    return kept


def root_of(record_id: int) -> int:
    """The record that this one was merged into, as of now; itself if into none."""
    merged_into = Record.objects.filter(pk=record_id).values_list("merged_into_id", flat=True).first()
    return merged_into or record_id


def _locked(review: Review, record_id: int, stage: str) -> StageState | None:
    """Its place if it is a root. Not in the way of who reserves it for somebody (`no_key`)."""
    states = StageState.objects.select_for_update(of=("self",), no_key=True).select_related("record", "review", "pilot")
    return states.filter(review=review, record_id=record_id, record__merged_into=None, stage=stage).first()
