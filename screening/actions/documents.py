"""What people do with full-text files: hand in, give to a record, take off, permit (EXT-01, SEC-04).

Reading them is a worker's: see `document_reading`.
"""

import hashlib
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max

from audit import events
from audit.actors import Actor
from audit.history import write_bulk
from reviewapp.queue import enqueue
from screening.actions import stages
from screening.enums import DocumentStatus, MatchedBy, Stage
from screening.fulltext.refusals import NotReadable
from screening.models.document import Document, by_hash
from screening.models.record import Record
from screening.models.review import Review
from screening.queries.documents.documents import of_records

SIGNED_WITHIN = 1_024  # bytes in which "%PDF-" must stand (ISO 32000-1, annex H.3.4.1)


class DocumentRefusedError(ValueError):
    """It can't be done; the message says why and what to do. `earlier` is the document that is there already."""

    def __init__(self, message: str, *, earlier: Document | None = None) -> None:
        super().__init__(message)
        self.earlier = earlier


@transaction.atomic
def upload(*, review: Review, file: "File[bytes]", by: User, record: Record | None = None) -> Document:
    """Keep a PDF by its hash and ring for a worker to read it, and to match it where no record is named.

    For a record that has a document it is a newer version. Raises DocumentRefusedError: empty, too large, no PDF, or
    in this review already (`earlier`).
    """
    name = shown_name(file.name)
    digest = _checked(file, name)
    _one_at_a_time(digest)
    _refuse_twice(review, digest, name)
    document = Document(review=review, name=name, sha256=digest, size=file.size or 0, created_by=by)
    _keep(document, file)
    document.save()
    events.record(
        "document.uploaded", subject=document, by=by, review_id=review.pk, name=name, size=document.size, sha256=digest
    )
    if record is not None:
        attach(document=document, record=record, by=by)
    enqueue("screening.read_document", document_id=document.pk)
    return document


def shown_name(name: str | None) -> str:
    """A file's name without its folders, of a length and in characters that the column holds."""
    plain = (name or "").encode("utf-8", "replace").decode()  # a disk may hold names in encodings that nobody knows
    return (plain.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "") or "unnamed.pdf")[-255:]


def was_removed(document: Document) -> str:
    """What to say of a removed document with which something was to be done."""
    return f"“{document.name}” was removed. Bring it back first. Nothing was changed."


def too_large(name: str) -> str:
    """What to say of a file over the limit."""
    return (
        f"“{name}” is larger than {settings.DOCUMENT_MAX_BYTES // 2**20} MB. Nothing of it was kept. "
        "Save a copy with smaller pictures, and upload that."
    )


def _checked(file: "File[bytes]", name: str) -> str:
    """The hash of a file that may be kept."""
    if (file.size or 0) > settings.DOCUMENT_MAX_BYTES:
        raise DocumentRefusedError(too_large(name))
    digest, start = hashlib.sha256(), b""
    for chunk in file.chunks():
        start = start or chunk[:SIGNED_WITHIN]
        digest.update(chunk)
    file.seek(0)
    if b"%PDF-" not in start:
        raise DocumentRefusedError(f"“{name}” was not taken. {NotReadable('not_pdf' if start else 'empty')}")
    return digest.hexdigest()


def _one_at_a_time(digest: str) -> None:
    """Equal files come in one after the other, until the transaction ends: two at once would be kept twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"document {digest}"])


def _refuse_twice(review: Review, digest: str, name: str) -> None:
    earlier = Document.objects.filter(review=review, sha256=digest, removed=False).first()
    if earlier:
        where = "It waits in the tray." if earlier.record_id is None else "It is with its record."
        raise DocumentRefusedError(
            f"“{name}” is in this review already, as “{earlier.name}”. {where} Nothing was stored twice.",
            earlier=earlier,
        )


def _keep(document: Document, file: "File[bytes]") -> None:
    """Equal content is kept once, whatever its names and in however many reviews."""
    place = by_hash(document, document.name)
    if default_storage.exists(place) and default_storage.size(place) == document.size:
        document.file.name = place
    else:
        document.file.save(document.name, file, save=False)


@transaction.atomic
def attach(
    *, document: Document, record: Record, by: User | Actor, matched_by: MatchedBy = MatchedBy.PERSON
) -> Document:
    """Give a document to a record (of a merged one: to the one that is kept), as a newer version where it has one.

    Raises DocumentRefusedError for a record of another review, and for a document that was removed or has a record.
    """
    row = _locked(document)
    root = _root_locked(record)
    if root.review_id != row.review_id:
        raise DocumentRefusedError("That record is in another review. Nothing was changed.")
    if row.removed:
        raise DocumentRefusedError(was_removed(row))
    if row.record_id is not None:
        raise DocumentRefusedError("This document is with a record already. Put it back into the tray first.")
    there = of_records([root.pk], removed_too=True)  # a version that comes back has its number
    latest = there.filter(replaced_by=None).order_by("-id").first()
    row.version = (there.aggregate(last=Max("version"))["last"] or 0) + 1
    row.record, row.replaces, row.matched_by = root, latest, matched_by
    row.save()
    _note("document.attached", row, by, record=str(root), matched_by=str(matched_by), version=row.version)
    follow(row)
    return row


@transaction.atomic
def detach(*, document: Document, by: User) -> Document:
    """Put a document that is with the wrong record back into the tray."""
    row = _locked(document)
    if row.record_id is None:
        return row
    _note("document.detached", row, by)
    left = row.record
    later, before = Document.objects.filter(replaces=row).first(), row.replaces
    row.record, row.replaces, row.matched_by, row.version = None, None, "", 1
    row.save()
    if later is not None:
        later.replaces = before
        later.save()
    follow(row, left)
    return row


@transaction.atomic
def remove(*, document: Document, by: User, reason: str = "") -> Document:
    """Hide a document everywhere. The file and its text are kept: quotes may stand in it."""
    row = _locked(document)
    if not row.removed:
        row.removed = True
        row.save()
        _note("document.removed", row, by, reason=reason)
        follow(row)
    return row


@transaction.atomic
def restore(*, document: Document, by: User) -> Document:
    """Undo `remove`. Raises DocumentRefusedError when the same file came in again meanwhile."""
    row = _locked(document)
    if row.removed:
        _one_at_a_time(row.sha256)
        _refuse_twice(row.review, row.sha256, row.name)
        row.removed = False
        row.save()
        _note("document.restored", row, by)
        follow(row)
        if row.status == DocumentStatus.WAITING:
            enqueue("screening.read_document", document_id=row.pk)
    return row


@transaction.atomic
def permit(*, review: Review, by: User, may: bool, documents: Collection[Document] | None = None) -> int:
    """Say whether the text of these documents (None: all of the review) may be sent to AI; how many changed."""
    rows = Document.objects.select_for_update(no_key=True).filter(review=review, removed=False)
    if documents is not None:
        rows = rows.filter(pk__in=[document.pk for document in documents])
    changed = list(rows.exclude(may_be_sent_to_ai=may).order_by("id"))
    Document.objects.filter(pk__in=[row.pk for row in changed]).update(may_be_sent_to_ai=may)
    write_bulk(changed, change="~")
    if len(changed) == 1:
        _note("document.permitted", changed[0], by, may=may)
    elif changed:
        ids = [row.pk for row in changed]
        events.record("documents.permitted", subject=review, by=by, review_id=review.pk, may=may, documents=ids)
    return len(changed)


def follow(row: Document, left: Record | None = None) -> None:
    """A document came to its record, was read, or left one: the status of the record follows, and hints of studies."""
    record = left or row.record
    if record is None:
        return
    root = record.merged_into_id or record.pk
    stages.refresh(review=row.review, record_ids=[root], stage=Stage.FULL_TEXT)
    if row.status == DocumentStatus.READY and not row.removed and left is None:
        enqueue("screening.find_study_hints", review_id=row.review_id, record_id=root)


def _locked(document: Document) -> Document:
    rows = Document.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "review", "record", "created_by"
    )
    return rows.get(pk=document.pk)


def _root_locked(record: Record) -> Record:
    """The record that counts for this one, locked: two versions at once would get one number."""
    wanted = Record.objects.values_list("merged_into_id", flat=True).get(pk=record.pk) or record.pk
    while True:
        root = Record.objects.select_for_update(no_key=True).get(pk=wanted)
        if root.merged_into_id is None:
            return root
        wanted = root.merged_into_id  # merged while the lock was waited for


def _note(what: str, row: Document, by: User | Actor, *, reason: str = "", **data: object) -> None:
    events.record(
        what, subject=row, by=by, review_id=row.review_id, record_id=row.record_id, reason=reason, name=row.name, **data
    )
