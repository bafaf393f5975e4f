"""Storing a file's citations: in batches that stand or fall whole, so that an import goes on where it was cut off."""

from collections.abc import Sequence
from contextlib import closing
from itertools import islice

from django.db import DataError, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import actors, events
from audit.history import write_copies
from reviewapp import copying
from screening.actions import clusters, deduplication, import_progress, import_turn, stages, word_index
from screening.actions.batching import ahead, batches
from screening.actions.import_check import open_file
from screening.enums import ImportStatus
from screening.importing import IMPORTER_VERSION, Entry, NotACitationFile, ParsedCitation, Reject
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.source import ImportedFile, RejectedEntry

BATCH = 1_000
PLAIN = (
    "title", "year", "journal", "doi", "abstract", "url", "volume", "issue", "pages", "language", "type",
)  # fmt: skip


class OvertakenError(Exception):
    """Another worker has taken the import over, or it was undone: whoever sees this stops quietly."""


def run_import(*, file_id: int) -> None:
    """Store what is not stored yet of a QUEUED file, look for duplicates and open the first stage for its records.

    Killed at any moment it leaves whole batches; `imports.sweep` queues it again and it goes on after the last. An
    error that is not the file's fault makes it FAILED, with what was stored kept, and is raised for the log. A large
    one stays QUEUED while another one is under way (`import_turn`).
    """
    file = _claim(file_id)
    if file is None:
        return
    try:
        _import(file)
    finally:
        import_turn.ring_next()


def _import(file: ImportedFile) -> None:
    try:
        with word_index.Beside(file) as words:
            _store_entries(file, words)
            new, comparison = _compare(file)
        _sort_words_in(file)
        _finish(file, new, comparison)
    except OvertakenError:
        return
    except (NotACitationFile, OSError):
        _fail(file, "The stored file can't be read any more.")
        _sort_words_in(file)
    except Exception:  # whatever it is, the lead must see that it stopped; the log has the rest
        _fail(file, "The import stopped because of an error on the server.")
        _sort_words_in(file)
        raise


@transaction.atomic
def _claim(file_id: int) -> ImportedFile | None:
    rows = ImportedFile.objects.select_for_update(no_key=True, of=("self",)).select_related("review", "source")
    file = rows.filter(pk=file_id, status=ImportStatus.QUEUED).first()
    if file is not None and import_turn.must_wait(file):
        return None
    if file is not None:
        file.status, file.heartbeat_at = ImportStatus.RUNNING, timezone.now()
        file.importer_version = IMPORTER_VERSION
        file.save()
    return file


def _store_entries(file: ImportedFile, words: word_index.Beside) -> None:
    done, told = file.stored, import_progress.Teller(file.pk)
    with closing(ahead(batches(islice(open_file(file), done, None), BATCH))) as coming:
        for batch in coming:
            told(import_progress.IMPORTING, done, file.found)
            store_batch(file, batch, start=done, words=words)
            words.stored(done, done + len(batch))
            done += len(batch)


def _sort_words_in(file: ImportedFile) -> None:
    word_index.complete(file)
    word_index.tidy()


@transaction.atomic
def store_batch(file: ImportedFile, batch: Sequence[Entry], *, start: int, words: word_index.Beside) -> None:
    """Store entries `start`… of a file, all or none. Raises OvertakenError when they are not the next ones any more."""
    _hold(file, ImportStatus.RUNNING, stored=start)
    words.hold()
    placed = list(enumerate(batch, start + 1))
    citations = [(place, entry) for place, entry in placed if isinstance(entry, ParsedCitation)]
    rejects = [entry for entry in batch if isinstance(entry, Reject)]
    try:
        with transaction.atomic():
            _store_citations(file, citations)
    except (DataError, ValueError):  # one entry holds what PostgreSQL refuses: the others must not suffer for it
        rejects += _one_by_one(file, citations)
    RejectedEntry.objects.bulk_create(
        [RejectedEntry(file=file, line=r.line, field=r.field[:60], reason=r.reason, raw=r.raw) for r in rejects]
    )
    ImportedFile.objects.filter(pk=file.pk).update(stored=start + len(batch), heartbeat_at=timezone.now())


def _hold(file: ImportedFile, status: str, **expected: int) -> None:
    """Lock the file's row for this transaction, provided that it is still ours to work on."""
    rows = ImportedFile.objects.select_for_update(no_key=True)
    if rows.filter(pk=file.pk, status=status, **expected).values_list("pk").first() is None:
        raise OvertakenError


def _store_citations(file: ImportedFile, citations: Sequence[tuple[int, ParsedCitation]]) -> None:
    ids, now = copying.numbers(Record, len(citations)), timezone.now()
    copying.insert(
        Record,
        ("id", "review_id", "active", "created_at", *PLAIN, "authors", "keywords", "accessions"),
        ((pk, file.review_id, True, now, *_record(one)) for pk, (_, one) in zip(ids, citations, strict=True)),
    )
    write_copies(Record, ids, change="+")
    copying.insert(
        Citation,
        ("file_id", "source_id", "record_id", "position", "line", "raw", "raw_sha256"),
        (
            (file.pk, file.source_id, pk, place, one.line, one.raw, one.raw_sha256)
            for pk, (place, one) in zip(ids, citations, strict=True)
        ),
    )


def _record(citation: ParsedCitation) -> tuple[object, ...]:
    """What a record takes from its citation, whole."""
    return (
        *(getattr(citation, name) for name in PLAIN),
        copying.array(citation.authors),
        copying.array(citation.keywords),
        copying.document(citation.accessions),
    )


def _one_by_one(file: ImportedFile, citations: Sequence[tuple[int, ParsedCitation]]) -> list[Reject]:
    rejects = []
    for place, citation in citations:
        try:
            with transaction.atomic():
                _store_citations(file, [(place, citation)])
        except (DataError, ValueError) as error:
            reason = f"The database can't hold this entry: {error}".splitlines()[0]
            rejects.append(Reject(citation.line, "", reason, citation.raw.encode(errors="replace").decode()))
    return rejects


def _compare(file: ImportedFile) -> tuple[set[int], deduplication.Comparison]:
    """The file's records, and what the engine says of them."""
    with transaction.atomic():
        _hold(file, ImportStatus.RUNNING)
        file.refresh_from_db()
        file.status = ImportStatus.DEDUPLICATING
        file.save()
    new = set(Record.objects.filter(citation__file=file).values_list("pk", flat=True))
    told = import_progress.Teller(file.pk)
    return new, deduplication.compare(review=file.review, new_records=new, told=told)


@transaction.atomic
def _finish(file: ImportedFile, new: set[int], comparison: deduplication.Comparison) -> None:
    """Duplicates first, then the stage: nobody is given a record to screen that is about to be merged."""
    _hold(file, ImportStatus.DEDUPLICATING)
    found = deduplication.apply(review=file.review, comparison=comparison, by=file.created_by)
    records = Record.objects.filter(citation__file=file)
    light = records.only("review_id", "active", "title", "year")
    stages.open_stage(review=file.review, records=light.iterator(2_000))
    clusters.restate(review=file.review, record_ids=_with_older(found.touched, new))
    _close(file, records.filter(merged_into__isnull=False).count(), found)


def _with_older(touched: set[int], new: set[int]) -> list[int]:
    """Those that hang together with a record that was there before: of the others nothing has been said yet."""
    roots = dict(Record.objects.filter(pk__in=touched).values_list("pk", Coalesce("merged_into_id", "pk")))
    older = {root for pk, root in roots.items() if pk not in new}
    return [pk for pk, root in roots.items() if root in older]


def _close(file: ImportedFile, absorbed: int, found: deduplication.Found) -> None:
    file.status, file.duplicates, file.heartbeat_at = ImportStatus.DONE, absorbed, timezone.now()
    file.rejected = file.rejected_entries.count()
    file.parsed = file.found - file.rejected
    file.save()
    events.record(
        "import.finished",
        subject=file,
        by=actors.current(),
        review_id=file.review_id,
        name=file.name,
        stored=file.parsed,
        rejected=file.rejected,
        duplicates=absorbed,
        possible=found.possible,
    )


@transaction.atomic
def _fail(file: ImportedFile, what: str) -> None:
    row = ImportedFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if row.status not in (ImportStatus.RUNNING, ImportStatus.DEDUPLICATING):
        return
    kept = f"What was stored until then ({row.stored:,} entries) is kept."
    row.status, row.error = ImportStatus.FAILED, f"{what} {kept} “Go on” continues from there; “Undo” takes it back."
    row.save()
    events.record(
        "import.failed",
        subject=row,
        by=actors.current(),
        review_id=row.review_id,
        reason=row.error,
        name=row.name,
        stored=row.stored,
    )
