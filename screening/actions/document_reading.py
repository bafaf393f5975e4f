"""Reading a document: a worker claims it, a process of its own reads the file, its pages are stored (EXT-01).

The queue is the rows: WAITING, READING since `claimed_at`, READY or FAILED. A worker that dies leaves READING behind,
and the sweeper gives it back; a file that kills its reader every time is failed, and can still be opened by people.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit import actors, events
from reviewapp.queue import enqueue, pending
from screening.actions.documents import attach, follow
from screening.enums import DocumentStatus
from screening.fulltext.child import read_limited
from screening.fulltext.page import Page, quality_of
from screening.fulltext.reading import PARSER_VERSION, NotReadable
from screening.models.document import Document, DocumentPage
from screening.models.record import Record
from screening.prompts.hygiene import injection_flags
from screening.queries.documents import matching

log = structlog.get_logger(__name__)

MOST = 3  # times that a worker may end while it reads one file
STALE = timedelta(seconds=240)  # twice what reading may take
LATE = timedelta(seconds=25)  # after which a doorbell counts as lost
RUNG_AT_ONCE = 20
EDGE = 1 << 18  # bytes at the beginning and end of a file where its metadata stand
BATCH = 200  # pages


def read(document_id: int) -> None:
    """Read a document that waits; nothing if it does not. Never raises for what is in the file."""
    document = _claim(document_id)
    if document is None:
        return
    try:
        with _on_disk(document) as (path, edges):
            pages = _pages(path)
    except NotReadable as refusal:
        _fail(document, str(refusal))
    except FileNotFoundError:
        _fail(document, "The stored file is gone. Upload it again; its record and its history are kept.")
    else:
        _store(document, pages, edges)


def _claim(document_id: int) -> Document | None:
    """Compare and set: of two workers that are rung for one document, one gets it."""
    waiting = Document.objects.filter(pk=document_id, status=DocumentStatus.WAITING, removed=False)
    now = timezone.now()
    if not waiting.update(status=DocumentStatus.READING, claimed_at=now, attempts=F("attempts") + 1):
        return None
    document = Document.objects.select_related("review").get(pk=document_id)
    if document.attempts > MOST:
        _fail(document, f"Reading this file ended the reader {MOST} times, so it was given up. People can open it.")
        return None
    return document


@contextmanager
def _on_disk(document: Document) -> Iterator[tuple[str, bytes]]:
    """A path that another process can read, and the file's edges: a copy for the while where it is kept elsewhere."""
    with document.file.open("rb") as stored:
        edges = stored.read(EDGE)
        stored.seek(max(document.size - EDGE, 0))
        edges += stored.read(EDGE)
        try:
            yield document.file.path, edges
        except NotImplementedError:  # a remote storage has no paths
            with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
                stored.seek(0)
                for chunk in stored.chunks():
                    copy.write(chunk)
                copy.flush()
                yield copy.name, edges


def _pages(path: str) -> list[Page]:
    return read_limited(
        path,
        seconds=settings.DOCUMENT_READ_SECONDS,
        megabytes=settings.DOCUMENT_READ_MEGABYTES,
        most_pages=settings.DOCUMENT_MAX_PAGES,
    )


@transaction.atomic
def _store(claimed: Document, pages: Sequence[Page], edges: bytes) -> None:
    document = _still_ours(claimed)
    if document is None:
        return
    for start in range(0, len(pages), BATCH):
        DocumentPage.objects.bulk_create([_row(document, page) for page in pages[start : start + BATCH]])
    quality = quality_of(pages)
    flags = {flag for page in pages for flag in injection_flags(page.text)} | (
        {"hidden_text"} if quality.hidden else set()
    )
    document.status, document.error, document.parser_version = DocumentStatus.READY, "", PARSER_VERSION
    document.page_count, document.characters, document.layer = quality.pages, quality.characters, quality.layer
    document.quality, document.flags = quality.as_dict(), sorted(flags)
    document.save()
    events.record(
        "document.read",
        subject=document,
        by=actors.current(),
        review_id=document.review_id,
        record_id=document.record_id,
        name=document.name,
        pages=quality.pages,
        layer=quality.layer,
        flags=document.flags,
    )
    if document.record_id is None:
        _match(document, edges, pages[0].visible if pages else "")
    else:
        follow(document)


def _row(document: Document, page: Page) -> DocumentPage:
    """PostgreSQL holds no NUL in a text."""
    words = [[w.start, w.end, *(round(edge, 5) for edge in (w.x0, w.y0, w.x1, w.y1))] for w in page.words]
    return DocumentPage(
        document=document,
        number=page.number,
        width=page.width,
        height=page.height,
        text=page.text.replace("\x00", " "),
        words=words,
        hidden=[[span.start, span.end, span.why] for span in page.hidden],
    )


def _match(document: Document, edges: bytes, first_page: str = "") -> None:
    """Give a document without a record to the one record that it plainly belongs to."""
    if document.record_id is not None:
        return
    found = matching.find(review_id=document.review_id, name=document.name, content=edges, first_page=first_page)
    if found is None:
        return
    record_id, how = found
    record = Record.objects.select_for_update(no_key=True).get(pk=record_id)
    if not matching.taken(record.merged_into_id or record.pk):  # by another worker, a moment ago
        attach(document=document, record=record, by=actors.current(), matched_by=how)


@transaction.atomic
def _fail(claimed: Document, why: str) -> None:
    document = _still_ours(claimed)
    if document is None:
        return
    document.status, document.error, document.parser_version = DocumentStatus.FAILED, why, PARSER_VERSION
    document.save()
    events.record(
        "document.failed",
        subject=document,
        by=actors.current(),
        review_id=document.review_id,
        record_id=document.record_id,
        reason=why,
        name=document.name,
    )
    _match(document, b"")


def _still_ours(claimed: Document) -> Document | None:
    """The row, locked, unless the sweeper gave it to somebody else meanwhile."""
    rows = Document.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "review", "record", "created_by"
    )
    return rows.filter(pk=claimed.pk, status=DocumentStatus.READING, claimed_at=claimed.claimed_at).first()


def sweep(*, stale: timedelta = STALE, late: timedelta = LATE) -> int:
    """Give back what a dead worker held, and ring for what waits; how many were rung for."""
    now = timezone.now()
    gone = Document.objects.filter(status=DocumentStatus.READING, claimed_at__lt=now - stale)
    returned = gone.update(status=DocumentStatus.WAITING)
    if returned:
        log.warning("readers_died", documents=returned)
    if pending("cpu") >= RUNG_AT_ONCE:
        return 0
    waiting = _waiting(now - late)
    for document_id in waiting:
        enqueue("screening.read_document", document_id=document_id)
    return len(waiting)


def _waiting(before: datetime) -> list[int]:
    rows = Document.objects.filter(status=DocumentStatus.WAITING, removed=False, created_at__lt=before)
    return list(rows.order_by("id").values_list("pk", flat=True)[:RUNG_AT_ONCE])
