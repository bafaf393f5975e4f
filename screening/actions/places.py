"""Taking hold of a record's place at a stage, so that opinions that arrive at once are counted one by one.

A record can be merged or parted while somebody waits for the lock. What a locked row says is fresh, what the same
statement joined to it is not; so wherever the two can differ, the root is read anew, in a statement of its own.
"""

from reviewapp import prepared
from screening.enums import StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState

# NO KEY: not in the way of a reservation, whose foreign key looks at the row. What else a place hangs on (its pilot
# round) is fetched when it is asked for, which is after the lock.
LOCKED = f"""
SELECT {prepared.columns(StageState, "s")}, r.id, r.review_id, r.active, r.title, r.year
  FROM screening_stagestate s JOIN screening_record r ON r.id = s.record_id
 WHERE s.review_id = %(review)s::bigint AND s.record_id = %(record)s::bigint AND s.stage = %(stage)s::text
   AND r.merged_into_id IS NULL
   FOR NO KEY UPDATE OF s
"""  # noqa: S608  names of columns
OF_RECORD = ("id", "review_id", "active", "title", "year")


class MovedError(Exception):
    """The record was merged or parted while its place was waited for: let go of all locks, and begin anew."""


def held(review: Review, record_id: int, stage: str) -> StageState | None:
    """The place of a record at a stage, or of the record that it was merged into, locked; None if there is none.

    Only ever one place is locked: holding an absorbed record's while waiting for the kept one's would meet whoever
    locks the two in the order of ids. Raises MovedError.
    """
    if not 0 < record_id <= prepared.LARGEST:
        return None
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
    """Its place if it is a root, with as much of its record as settling and queueing it takes."""
    found = prepared.rows(LOCKED, {"review": review.pk, "record": record_id, "stage": stage})
    if not found:
        return None
    (row,) = found
    state = prepared.made(StageState, row[: -len(OF_RECORD)])
    state.record, state.review = Record.from_db("default", OF_RECORD, row[-len(OF_RECORD) :]), review
    return state
