"""Taking a whole import back, while nothing that people decided would be lost (IMP-04).

First its places are closed, in one step: from then on nobody can decide on its records. Then the records go, in lots;
at last merges with records of other imports are undone, and those stand for themselves again. A large import is taken
back by a worker, with progress, and may be cut off anywhere: whoever comes next goes on.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit import events
from audit.history import write_copies
from reviewapp.deadlocks import begun_again
from reviewapp.queue import enqueue
from screening.actions import clusters, deduplication, stages, word_index
from screening.enums import ImportStatus, Verdict
from screening.models.decision import Decision
from screening.models.merge import DuplicateCandidate, Merge, Unmerge
from screening.models.record import Record
from screening.models.source import ImportedFile
from screening.models.stage import StageState

NAMED = 5
LOT = 2_000
"""Records that leave in one transaction; an import of more is taken back by a worker."""

UNDOABLE = (
    ImportStatus.QUEUED,
    ImportStatus.RUNNING,
    ImportStatus.DEDUPLICATING,
    ImportStatus.DONE,
    ImportStatus.FAILED,
)


class UndoRefusedError(ValueError):
    """The import can't be taken back; the message says why. `records` are those with decisions that would be lost."""

    def __init__(self, message: str, *, records: list[Record] | None = None) -> None:
        super().__init__(message)
        self.records = records or []


def decided(file: ImportedFile) -> QuerySet[Record]:
    """The file's records on which somebody's last word stands."""
    words = Decision.objects.filter(record__citation__file=file, superseded_by__isnull=True)
    ids = words.exclude(verdict=Verdict.WITHDRAWN).values("record_id")
    return Record.objects.filter(pk__in=ids).order_by("pk")


@begun_again
@transaction.atomic
def undo(*, file: ImportedFile, by: User, reason: str = "", at_once: bool | None = None) -> int | None:
    """Take an import back, a running one too: its rows stay, its records are inactive. Returns how many.

    Records of other imports that had been merged into them stand for themselves again and are compared with the rest
    anew. A large import is left to a worker (None). Raises UndoRefusedError, naming the records, if a decision would be
    lost; should somebody decide before the worker comes, the file's `error` says so, and nothing has changed.
    """
    clusters.hold(file.review)
    row = ImportedFile.objects.select_for_update(no_key=True, of=("self",)).select_related("review").get(pk=file.pk)
    if row.status == ImportStatus.UNDOING:
        return None  # a second click
    if row.status not in UNDOABLE:
        raise UndoRefusedError(f"“{row.name}” is not imported, so there is nothing to undo.")
    _check_undecided(row)
    row.undone_from, row.undone_by, row.undo_reason = row.status, by, reason
    row.status, row.error, row.heartbeat_at = ImportStatus.UNDOING, "", timezone.now()
    row.save()
    if not (row.stored <= LOT if at_once is None else at_once):
        enqueue("screening.undo_import", file_id=row.pk)
        return None
    _close(row)
    while _take_out(row):
        pass
    return _end(row)


def carry_on(*, file_id: int) -> None:
    """Go on with an undo wherever it stands. Twice at a time does no harm."""
    try:
        going = _step(file_id, _close)
    except UndoRefusedError as error:
        _call_off(file_id, str(error))
        return
    while going:
        going = _step(file_id, _take_out)
    word_index.tidy()
    _step(file_id, _end)


@begun_again
@transaction.atomic
def _step(file_id: int, act: Callable[[ImportedFile], int]) -> int:
    """One step of an undo that is going on; 0 for none."""
    rows = ImportedFile.objects.select_related("review")
    clusters.hold(rows.get(pk=file_id).review)
    file = rows.select_for_update(no_key=True, of=("self",)).filter(pk=file_id, status=ImportStatus.UNDOING).first()
    if file is None:
        return 0
    ImportedFile.objects.filter(pk=file_id).update(heartbeat_at=timezone.now())
    return act(file)


def _close(file: ImportedFile) -> int:
    """Close the places of its records. Twice changes nothing. Raises UndoRefusedError."""
    states = StageState.objects.select_for_update(of=("self",)).filter(record__citation__file=file)
    # From here on no decision on these records can slip in. Title and abstract first, as in a recount: no deadlock.
    list(states.order_by("-stage", "pk").values_list("pk"))
    _check_undecided(file)
    stages.close(review=file.review, record_ids=_records(file).values_list("pk", flat=True))
    return 1


def _records(file: ImportedFile) -> QuerySet[Record]:
    return Record.objects.filter(citation__file=file)


def still_in(file: ImportedFile) -> int:
    """How many of its records have not left yet."""
    return _records(file).filter(active=True).count()


def _take_out(file: ImportedFile) -> int:
    """Let the next records go; returns how many."""
    ids = list(_records(file).filter(active=True).order_by("pk").values_list("pk", flat=True)[:LOT])
    word_index.in_bulk()
    Record.objects.filter(pk__in=ids).update(active=False)
    write_copies(Record, ids, change="~")
    return len(ids)


def _end(file: ImportedFile) -> int:
    review, ids = file.review, set(_records(file).values_list("pk", flat=True))
    by = file.undone_by or file.created_by
    parted = _part(file, ids, by)
    freed = parted - ids
    touched = clusters.regroup(review=review, record_ids=parted) if parted else set()
    clusters.restate(review=review, record_ids=(touched | freed) - ids)
    _forget_pairs(file, ids)
    file.status = ImportStatus.UNDONE
    file.save()
    events.record(
        "import.undone",
        subject=file,
        by=by,
        review_id=review.pk,
        reason=file.undo_reason,
        name=file.name,
        records=len(ids),
    )
    if freed:
        deduplication.deduplicate(review=review, by=by, new_records=freed)
    return len(ids)


def _forget_pairs(file: ImportedFile, ids: set[int]) -> None:
    """Pairs with its records that nobody has judged."""
    for pair in DuplicateCandidate.objects.filter(review=file.review, judged_at__isnull=True):
        if pair.first_id in ids or pair.second_id in ids:
            pair.delete()


@transaction.atomic
def _call_off(file_id: int, why: str) -> None:
    """Somebody has decided meanwhile: all is as it was, and an import that was cut short can go on."""
    file = ImportedFile.objects.select_for_update(no_key=True).get(pk=file_id)
    if file.status == ImportStatus.UNDOING:
        done = file.undone_from == ImportStatus.DONE
        file.status, file.error = ImportStatus.DONE if done else ImportStatus.FAILED, why
        file.save()


def _check_undecided(file: ImportedFile) -> None:
    records = list(decided(file)[: NAMED + 1])
    if not records:
        return
    names = "; ".join(f"“{record.title[:80] or record.pk}”" for record in records[:NAMED])
    count = decided(file).count()
    more = f" and {count - NAMED} more" if count > NAMED else ""
    what = "1 record has a decision" if count == 1 else f"{count} records have decisions"
    raise UndoRefusedError(
        f"“{file.name}” can't be undone: {what} that would be lost: {names}{more}. "
        "Whoever decided can take the decision back first; nothing was changed.",
        records=records[:NAMED],
    )


def _part(file: ImportedFile, ids: set[int], by: User) -> set[int]:
    """Undo every merge with a record of this file; returns the records that were merged, of this file and of others."""
    merges = Merge.objects.filter(review=file.review, undone__isnull=True)
    with_ours = [merge for merge in merges if merge.kept_id in ids or merge.absorbed_id in ids]
    reason = f"The import of “{file.name}” was undone."
    Unmerge.objects.bulk_create([Unmerge(merge=merge, reason=reason, created_by=by) for merge in with_ours])
    return {end for merge in with_ours for end in (merge.kept_id, merge.absorbed_id)}
