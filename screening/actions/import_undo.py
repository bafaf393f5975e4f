"""Taking a whole import back, while nothing that people decided would be lost (IMP-04).

First, in one step, merges with records of other imports are undone, and the places of its records are closed: from
then on nobody can decide on them, and the others stand for themselves again. Then the records go, in lots. A large
import is taken back by a worker, with progress, and may be cut off anywhere: whoever comes next goes on.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit import events
from audit.history import write_copies
from reviewapp.deadlocks import begun_again
from reviewapp.queue import enqueue
from screening.actions import clusters, deduplication, stages, word_index
from screening.enums import ImportStatus, Verdict
from screening.models.decision import Decision
from screening.models.decision_import import DecisionImport
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
    """The import can't be taken back; the message says why. `records` are those with decisions that would be lost;
    `imports` brought some of these decisions in."""

    def __init__(self, message: str, *, records: Sequence[Record] = (), imports: Sequence[DecisionImport] = ()) -> None:
        super().__init__(message)
        self.records, self.imports = list(records), list(imports)


def _words(file: ImportedFile) -> QuerySet[Decision]:
    """What was said last of the file's records, and not taken back."""
    words = Decision.objects.filter(record__citation__file=file, superseded_by__isnull=True)
    return words.exclude(verdict=Verdict.WITHDRAWN)


def decided(file: ImportedFile) -> QuerySet[Record]:
    """The file's records on which somebody's last word stands."""
    return Record.objects.filter(pk__in=_words(file).values("record_id")).order_by("pk")


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
    """Part its records from all others and close their places. Twice changes nothing. Raises UndoRefusedError."""
    review, ids = file.review, set(_records(file).values_list("pk", flat=True))
    merges, by = _merges(file, ids), file.undone_by or file.created_by
    ends = {end for merge in merges for end in (merge.kept_id, merge.absorbed_id)}
    # From here on no decision on these records can slip in. Title and abstract first, as in a recount: no deadlock.
    list(_places(file, ends).select_for_update(of=("self",)).order_by("-stage", "pk").values_list("pk"))
    _check_undecided(file)
    Unmerge.objects.bulk_create([Unmerge(merge=merge, reason=_reason(file), created_by=by) for merge in merges])
    touched = clusters.regroup(review=review, record_ids=ends) if ends else set()
    stages.close(review=review, record_ids=ids)
    clusters.restate(review=review, record_ids=(touched | ends) - ids)
    return 1


def _places(file: ImportedFile, ends: Collection[int]) -> QuerySet[StageState]:
    """Of its records, of those they were merged with, and of their roots, where a decision on any of them waits."""
    roots = _records(file).filter(merged_into__isnull=False).values("merged_into")
    of = Q(record__citation__file=file) | Q(record__in=ends) | Q(record__in=roots)
    return StageState.objects.filter(of, review=file.review)


def _merges(file: ImportedFile, ids: set[int]) -> list[Merge]:
    """Merges that stand, of a record of this file with any other."""
    merges = Merge.objects.filter(review=file.review, undone__isnull=True)
    return [merge for merge in merges if merge.kept_id in ids or merge.absorbed_id in ids]


def _reason(file: ImportedFile) -> str:
    return f"The import of “{file.name}” was undone."


def _freed(file: ImportedFile, ids: set[int]) -> set[int]:
    """Records of other imports that this undo has parted from its own; not those that people parted before."""
    begun = file.history.filter(status=ImportStatus.UNDOING).order_by("history_id").last()
    parted = Merge.objects.filter(review=file.review, undone__reason=_reason(file))
    if begun:
        parted = parted.filter(undone__created_at__gte=begun.history_date)
    return {
        end for ends in parted.values_list("kept_id", "absorbed_id") if not ids.isdisjoint(ends) for end in ends
    } - ids


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
    _forget_pairs(file, ids)
    file.status = ImportStatus.UNDONE
    file.save()
    told: dict[str, Any] = {"reason": file.undo_reason, "name": file.name, "records": len(ids)}
    events.record("import.undone", subject=file, by=by, review_id=review.pk, **told)
    freed = _freed(file, ids)
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
    what = "1 record has a decision" if count == 1 else f"{count:,} records have decisions"
    imports = DecisionImport.objects.filter(pk__in=_words(file).values("brought_in"))
    raise UndoRefusedError(
        f"“{file.name}” can't be undone: {what} that would be lost: {names}{more}. {_mend(file)} Nothing was changed.",
        records=records[:NAMED],
        imports=list(imports),
    )


def _mend(file: ImportedFile) -> str:
    """Who can take back what stands in the way."""
    imported = _words(file).filter(brought_in__isnull=False).exists()
    people = _words(file).filter(brought_in__isnull=True).exists()
    said = ["Whoever decided can take the decision back first."] if people else []
    more = "Decisions that were brought in from another tool are taken back where they were brought in."
    return " ".join([*said, more] if imported else said)
