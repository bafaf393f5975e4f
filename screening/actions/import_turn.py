"""One large import at a time in an instance, whatever the number of workers.

A comparison reads every record of its review: for 100,000 of them it takes the memory that a machine of 4 GB has to
spare. So a large import stays queued while another one is under way, and is rung for when that has ended; the sweeper
rings, too. Small ones go on beside it.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Count

from reviewapp.queue import enqueue
from screening.enums import ImportStatus
from screening.models.record import Record
from screening.models.source import ImportedFile

LARGE = 20_000  # records that a comparison reads: those of the file and those that the review has
LOCK = -20_260_006  # the first key of an advisory lock: two workers do not look at once
UNDER_WAY = (ImportStatus.RUNNING, ImportStatus.DEDUPLICATING)


def must_wait(file: ImportedFile) -> bool:
    """Whether it is to stay queued. Call it in the transaction that claims it: others wait for that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK])
    return file.pk in waiting([file])


def waiting(files: Sequence[ImportedFile]) -> set[int]:
    """The ids of those queued files that wait for a large import, in whatever review. Three queries at most."""
    queued = [file for file in files if file.status == ImportStatus.QUEUED]
    if not queued:
        return set()
    going = ImportedFile.objects.filter(status__in=UNDER_WAY).only("pk", "found", "review_id")
    if not _large(list(going)):
        return set()
    return {file.pk for file in _large(queued)}


def _large(files: Sequence[ImportedFile]) -> list[ImportedFile]:
    """Those of which a comparison reads many records."""
    of_reviews = Record.objects.filter(review__in={file.review_id for file in files}).order_by()
    known = dict(of_reviews.values_list("review_id").annotate(n=Count("id")))
    return [file for file in files if file.found + known.get(file.review_id, 0) > LARGE]


def ring_next() -> None:
    """Ring for what was queued first, once an import has ended; the others are rung for when that has."""
    first = ImportedFile.objects.filter(status=ImportStatus.QUEUED).order_by("heartbeat_at", "pk").first()
    if first is not None:
        enqueue("screening.run_import", file_id=first.pk)
