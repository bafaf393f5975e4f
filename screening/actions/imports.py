"""What a lead does with a file of citations: hand it in, correct how it is read, import it (IMP-02, IMP-03)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import actors, events
from reviewapp.queue import enqueue
from screening.actions import import_check
from screening.enums import ImportStatus
from screening.models.review import Review
from screening.models.search import SearchRun
from screening.models.source import ImportedFile, Source

CHECKED_AT_ONCE = 1_000_000
"""Bytes. The dry run of a smaller file takes no longer than a request may."""

IMPORTED = (
    ImportStatus.QUEUED,
    ImportStatus.RUNNING,
    ImportStatus.DEDUPLICATING,
    ImportStatus.DONE,
    ImportStatus.UNDOING,
)
WORKED_ON = (ImportStatus.CHECKING, ImportStatus.RUNNING, ImportStatus.DEDUPLICATING, ImportStatus.UNDOING)
TASKS = {ImportStatus.CHECKING: "screening.check_import", ImportStatus.UNDOING: "screening.undo_import"}
WAITING = (ImportStatus.CHECKING, ImportStatus.CHECKED, ImportStatus.REFUSED)


class ImportRefusedError(ValueError):
    """The file can't be taken; the message says why and what to do. `earlier` is the import that brought it before."""

    def __init__(self, message: str, *, earlier: ImportedFile | None = None) -> None:
        super().__init__(message)
        self.earlier = earlier


@transaction.atomic
def upload(
    *,
    review: Review,
    source: Source,
    file: "File[bytes]",
    by: User,
    at_once: bool | None = None,
    search_run: SearchRun | None = None,
) -> ImportedFile:
    """Keep a file by its hash and start its dry run: at once where it is small (or asked for), else by a worker.

    Raises ImportRefusedError for a file that is too large or whose content was imported before. The same file handed in
    again while its dry run waits takes that one's place. With `search_run` it holds a provider's replies, handed in by
    whoever acts now; `by` asked for them.
    """
    size = file.size or 0
    if size > settings.IMPORT_MAX_BYTES:
        raise ImportRefusedError(
            f"“{file.name}” is larger than {settings.IMPORT_MAX_BYTES // 2**20} MB. Nothing was kept. "
            "Split the export into several files and drop them together."
        )
    digest = _hash(file)
    _check_new(review, digest, str(file.name))
    row = ImportedFile.objects.filter(review=review, sha256=digest, status__in=WAITING).first()
    row = row or ImportedFile(review=review, sha256=digest, created_by=by)
    row.source, row.name, row.size, row.search_run = source, _shown_name(file.name), size, search_run
    row.status, row.error, row.mapping, row.heartbeat_at = ImportStatus.CHECKING, "", {}, timezone.now()
    _keep(row, file)
    row.save()
    hand = actors.current() if search_run else by
    events.record(
        "import.uploaded", subject=row, by=hand, review_id=review.pk, name=row.name, source=source.name, size=size
    )
    return _recheck(row, at_once=size < CHECKED_AT_ONCE if at_once is None else at_once)


def _hash(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _shown_name(name: str | None) -> str:
    return (name or "unnamed").replace("\\", "/").rsplit("/", 1)[-1][-255:]


def _check_new(review: Review, digest: str, name: str) -> None:
    earlier = ImportedFile.objects.filter(review=review, sha256=digest, status__in=IMPORTED).first()
    if earlier:
        raise ImportRefusedError(
            f"“{name}” was imported before, as “{earlier.name}” on {earlier.created_at:%d %B %Y}. "
            "Nothing was imported twice.",
            earlier=earlier,
        )


def _keep(row: ImportedFile, file: "File[bytes]") -> None:
    """Equal content is kept once."""
    place = f"imports/{row.review_id}/{row.sha256}"
    if default_storage.exists(place) and default_storage.size(place) == row.size:
        row.content.name = place
    else:
        row.content.save(row.sha256, file, save=False)


def _recheck(row: ImportedFile, *, at_once: bool) -> ImportedFile:
    if at_once:
        import_check.check(file_id=row.pk)
        row.refresh_from_db()
    else:
        enqueue("screening.check_import", file_id=row.pk)
    return row


@transaction.atomic
def set_mapping(
    *, file: ImportedFile, mapping: Mapping[str, str], by: User, at_once: bool | None = None
) -> ImportedFile:
    """Correct which column of a table is which field (field -> column, "" for none), and check the file anew."""
    row = _locked(file)
    if row.status not in WAITING:
        raise ImportRefusedError(f"“{row.name}” is past its dry run; its columns can't be changed any more.")
    old, row.mapping = row.mapping, dict(mapping)
    row.status, row.heartbeat_at = ImportStatus.CHECKING, timezone.now()
    row.save()
    events.record(
        "import.mapped", subject=row, by=by, review_id=row.review_id, name=row.name, old=old, new=dict(mapping)
    )
    return _recheck(row, at_once=row.size < CHECKED_AT_ONCE if at_once is None else at_once)


@transaction.atomic
def commit(*, file: ImportedFile, by: User, ring: bool = True) -> ImportedFile:
    """Import what the dry run showed, or go on with an import that failed. Raises ImportRefusedError."""
    row = _locked(file)
    if row.status in IMPORTED:
        return row  # a second click
    _check_not_of_decisions(row)
    if row.status not in (ImportStatus.CHECKED, ImportStatus.FAILED):
        raise ImportRefusedError(f"“{row.name}” is not ready to be imported: {row.get_status_display().lower()}.")
    row.status, row.error, row.heartbeat_at = ImportStatus.QUEUED, "", timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # the same content, committed a moment ago by somebody else
        raise ImportRefusedError(f"“{row.name}” is being imported already.") from error
    events.record(
        "import.started",
        subject=row,
        by=by,
        review_id=row.review_id,
        name=row.name,
        parsed=row.parsed,
        again=bool(row.stored),
    )
    if ring:
        enqueue("screening.run_import", file_id=row.pk)
    return row


@transaction.atomic
def discard(*, file: ImportedFile, by: User) -> None:
    """Drop a dry run that nobody wants. Raises ImportRefusedError once something of it was imported."""
    row = _locked(file)
    _check_not_of_decisions(row)
    if row.status not in WAITING:
        raise ImportRefusedError(f"“{row.name}” was imported; undo the import instead.")
    events.record("import.discarded", subject=row, by=by, review_id=row.review_id, name=row.name, found=row.found)
    others = ImportedFile.objects.filter(content=row.content.name).exclude(pk=row.pk)
    if not others.exists():
        name = row.content.name
        transaction.on_commit(lambda: default_storage.delete(str(name)))
    row.delete()


def _check_not_of_decisions(row: ImportedFile) -> None:
    if row.status == ImportStatus.DECISIONS:
        raise ImportRefusedError(
            f"“{row.name}” is read for its decisions only. Leave its decisions alone, and it waits to be imported "
            "again; where some were brought in, hand in the file once more to import it."
        )


def _locked(file: ImportedFile) -> ImportedFile:
    return ImportedFile.objects.select_for_update(no_key=True, of=("self",)).select_related("source").get(pk=file.pk)


def sweep(*, stale_seconds: int = 60) -> int:
    """Ring again for checks and imports that nobody has worked on for a while. Returns how many."""
    stale = timezone.now() - timedelta(seconds=stale_seconds)
    ids = ImportedFile.objects.filter(status__in=[*WORKED_ON, ImportStatus.QUEUED], heartbeat_at__lt=stale).values_list(
        "pk", flat=True
    )
    return sum(_ring_again(file_id, stale) for file_id in list(ids))


@transaction.atomic
def _ring_again(file_id: int, stale: datetime) -> bool:
    rows = ImportedFile.objects.select_for_update(no_key=True, skip_locked=True)
    row = rows.filter(pk=file_id, heartbeat_at__lt=stale).first()
    if row is None:
        return False
    ImportedFile.objects.filter(pk=file_id).update(heartbeat_at=timezone.now())
    if row.status in (ImportStatus.RUNNING, ImportStatus.DEDUPLICATING):
        row.status = ImportStatus.QUEUED  # whoever had it is gone, or will find that it was overtaken
        row.save(update_fields=["status"])
    enqueue(TASKS.get(ImportStatus(row.status), "screening.run_import"), file_id=row.pk)
    return True
