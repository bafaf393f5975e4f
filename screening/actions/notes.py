"""What people remark on records: notes that are never edited, and tags (SCR-03)."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Lower

from audit import events
from screening.models.note import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, Note, Tag, Tagging
from screening.models.record import Record
from screening.models.review import Review
from screening.names import tidy
from screening.queries.marks.annotations import tags_of, visible_taggings


class AnnotationRefusedError(ValueError):
    """The note or tag can't be stored so; the message says why and what to do. Nothing was changed."""


@transaction.atomic
def write(
    *, record: Record, text: str, private: bool, by: User, idempotency_key: UUID, replaces_id: int | None = None
) -> Note:
    """Store a note of `by`; with `replaces_id` in place of an earlier one, and with no text to remove that one.

    A repeated key answers with the note that was stored. Raises AnnotationRefusedError.
    """
    before = Note.objects.filter(author=by, idempotency_key=idempotency_key).first()
    if before is not None:
        return before
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise AnnotationRefusedError(f"A note has at most {LONGEST_NOTE:,} characters; this one has {len(text):,}.")
    if not text and replaces_id is None:
        raise AnnotationRefusedError("There is nothing in this note yet. Write a word or two, then save it.")
    old = _own(replaces_id, record, by) if replaces_id is not None else None
    note = Note.objects.create(
        review=record.review,
        record=old.record if old else record,
        author=by,
        text=text,
        private=private,
        replaces=old,
        idempotency_key=idempotency_key,
    )
    # The words stay in the note: the ledger is read by more people than a private note.
    events.record(
        "note.written",
        subject=note,
        by=by,
        review_id=record.review_id,
        record_id=note.record_id,
        private=private,
        replaces=old.pk if old else None,
        removed=not text,
    )
    return note


def _own(note_id: int, record: Record, by: User) -> Note:
    """The note that is to be replaced, locked so that of two changes at once the second is told."""
    family = (record.pk, record.merged_into_id)
    note = Note.objects.select_for_update(of=("self",)).select_related("record").filter(pk=note_id, author=by).first()
    if note is None or not {note.record_id, note.record.merged_into_id} & {pk for pk in family if pk}:
        raise AnnotationRefusedError("There is no such note of yours on this record. Nothing was changed.")
    if Note.objects.filter(replaces=note).exists() or not note.text:
        raise AnnotationRefusedError("This note was changed meanwhile. Load it again before you change it.")
    return note


@transaction.atomic
def tag(*, record: Record, name: str, by: User, roles: Collection[str]) -> Tag:
    """Put a tag of this name on a record, and make the tag if the review has none such. Twice changes nothing.

    `roles` say which tags of others count: a limit must not tell of what may not be seen.
    Raises AnnotationRefusedError.
    """
    name = tidy(name)
    if not name:
        raise AnnotationRefusedError("A tag needs a name.")
    if len(name) > LONGEST_TAG:
        raise AnnotationRefusedError(f"A tag has at most {LONGEST_TAG} characters; this one has {len(name)}.")
    root = record.merged_into or record
    Record.objects.select_for_update(no_key=True).get(pk=root.pk)
    there = tags_of([root.pk], review_id=record.review_id, user_id=by.pk, roles=roles).get(root.pk, [])
    wanted = named(record.review, name)
    if any(one["id"] == wanted.pk and one["mine"] for one in there):
        return wanted
    if len({one["id"] for one in there} | {wanted.pk}) > MOST_TAGS:
        raise AnnotationRefusedError(f"A record has at most {MOST_TAGS} tags. Take one off first.")
    tagging, created = Tagging.objects.get_or_create(
        record=root, tag=wanted, added_by=by, defaults={"review": record.review}
    )
    if created:
        tell("record.tagged", tagging, by)
    return wanted


def named(review: Review, name: str) -> Tag:
    """The review's tag of this name, whatever its capitals; made if there is none."""
    same = Tag.objects.filter(review=review).annotate(low=Lower("name")).filter(low=Lower(Value(name)))
    there = same.first()
    if there is None:
        try:
            with transaction.atomic():
                return Tag.objects.create(review=review, name=name)
        except IntegrityError:  # somebody else made it in this very moment
            there = same.get()
    return there


@transaction.atomic
def untag(*, record: Record, tag: Tag, by: User, roles: Collection[str]) -> int:
    """Take a tag off a record, as far as this person may see it there; how many people had put it there.

    What is hidden stays: whoever put it there finds it again.
    """
    root = record.merged_into_id or record.pk
    seen = visible_taggings(review_id=record.review_id, user_id=by.pk, roles=roles).filter(root=root, tag=tag)
    taggings = list(seen.select_related("tag", "record").order_by("id"))
    for tagging in taggings:
        tell("record.untagged", tagging, by)
        tagging.delete()
    return len(taggings)


def tell(event: str, tagging: Tagging, by: User) -> None:
    events.record(
        event,
        subject=tagging,
        by=by,
        review_id=tagging.review_id,
        record_id=tagging.record_id,
        tag=tagging.tag.name,
        of=tagging.added_by_id,
    )
