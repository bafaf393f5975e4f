"""What people remark on a record besides their decision: notes and tags (SCR-03)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Lower

from audit.history import tracked
from audit.immutable import ImmutableModel
from screening.models.record import Record
from screening.models.review import Review

LONGEST_NOTE = 5_000  # characters
LONGEST_TAG = 60
MOST_TAGS = 20  # on one record


class Note(ImmutableModel):
    """Immutable: a changed note is a later row that replaces it; a removed one is replaced by a row without text.

    A private note is its author's alone; who sees a team note, and when, is said in `visibility`.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    private = models.BooleanField(default=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    idempotency_key = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="note_stored_once"),
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(replaces__isnull=False), name="only_a_removal_has_no_text"
            ),
        ]

    def __str__(self) -> str:
        return f"Note {self.pk} on record {self.record_id}"


class Tag(models.Model):
    """A word of the review's own, to find records by. Names differ by more than capitals."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(max_length=LONGEST_TAG)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = [Lower("name")]
        constraints: ClassVar = [models.UniqueConstraint("review", Lower("name"), name="tag_name_once")]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """One person's tag on a record. Two people may each put the same tag there, neither knowing of the other's."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="taggings")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "tag", "added_by"], name="tagging_once")]

    def __str__(self) -> str:
        return f"tag {self.tag_id} on record {self.record_id}"
