"""Taking a whole import back, while nothing that people decided would be lost (IMP-04)."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from audit import events
from reviewapp.deadlocks import begun_again
from screening.actions import clusters, deduplication, stages
from screening.enums import ImportStatus, Verdict
from screening.models.decision import Decision
from screening.models.merge import DuplicateCandidate, Merge, Unmerge
from screening.models.record import Record
from screening.models.source import ImportedFile
from screening.models.stage import StageState

NAMED = 5
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
def undo(*, file: ImportedFile, by: User, reason: str = "") -> int:
    """Take an import back, a running one too. Its rows stay, its records are inactive; returns how many.

    Records of other imports that had been merged into them stand for themselves again and are compared with the rest
    anew. Raises UndoRefusedError, naming the records, if a decision would be lost.
    """
    review = file.review
    clusters.hold(review)
    row = ImportedFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if row.status not in UNDOABLE:
        raise UndoRefusedError(f"“{row.name}” is not imported, so there is nothing to undo.")
    states = StageState.objects.select_for_update(of=("self",)).filter(record__citation__file=row)
    # From here on no decision on these records can slip in. Title and abstract first, as in a recount: no deadlock.
    list(states.order_by("-stage", "pk").values_list("pk"))
    _check_undecided(row)
    row.status = ImportStatus.UNDONE
    row.save()
    ids = set(Record.objects.filter(citation__file=row).values_list("pk", flat=True))
    freed = _part(row, ids, by)
    touched = clusters.regroup(review=review, record_ids=ids | freed)
    stages.close(review=review, record_ids=ids)
    clusters.restate(review=review, record_ids=(touched | freed) - ids)
    for pair in DuplicateCandidate.objects.filter(review=review, judged_at__isnull=True):
        if pair.first_id in ids or pair.second_id in ids:
            pair.delete()
    events.record(
        "import.undone", subject=row, by=by, review_id=review.pk, reason=reason, name=row.name, records=len(ids)
    )
    if freed:
        deduplication.deduplicate(review=review, by=by, new_records=freed)
    return len(ids)


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
    """Undo every merge with a record of this file; returns the records of other files that were set free."""
    merges = Merge.objects.filter(review=file.review, undone__isnull=True)
    with_ours = [merge for merge in merges if merge.kept_id in ids or merge.absorbed_id in ids]
    reason = f"The import of “{file.name}” was undone."
    Unmerge.objects.bulk_create([Unmerge(merge=merge, reason=reason, created_by=by) for merge in with_ours])
    return {end for merge in with_ours for end in (merge.kept_id, merge.absorbed_id)} - ids
