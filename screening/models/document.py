"""A full-text file of a record, and the text of its pages with the place of every word."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from audit.immutable import ImmutableModel
from screening.enums import DocumentStatus, MatchedBy, TextLayer
from screening.models.record import Record
from screening.models.review import Review


def by_hash(document: "Document", filename: str) -> str:
    """Where a file is kept: by what it contains, never by the name that it came with."""
    return f"documents/{document.sha256[:2]}/{document.sha256}.pdf"


class Document(models.Model):
    """A file as it came, kept by its hash. Without a record it waits in the tray.

    A newer file of the same record `replaces` the older one, which is kept. A removed one is hidden, never deleted.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="documents")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, blank=True, related_name="documents")
    name = models.CharField(max_length=255, help_text="The file's name as it came; untrusted.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to=by_hash, max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    matched_by = models.CharField(max_length=6, choices=MatchedBy, blank=True)
    may_be_sent_to_ai = models.BooleanField(
        "May be sent to AI", default=False, help_text="Its text may leave this server for a model's provider."
    )
    status = models.CharField(max_length=7, choices=DocumentStatus, default=DocumentStatus.WAITING)
    error = models.TextField(blank=True, help_text="Why it can't be read, in a sentence that a person can read.")
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    page_count = models.PositiveIntegerField(default=0)
    characters = models.PositiveIntegerField(default=0)
    layer = models.CharField(max_length=5, choices=TextLayer, blank=True)
    quality = models.JSONField(default=dict, blank=True, help_text="What the reader says of it: scans, tables, hidden.")
    flags = models.JSONField(default=list, blank=True, help_text="What looks meant for a model rather than a reader.")
    parser_version = models.CharField(max_length=40, blank=True)
    removed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked(excluded=["attempts", "claimed_at"])

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "sha256"], condition=models.Q(removed=False), name="document_once_in_a_review"
            ),
            models.CheckConstraint(
                condition=models.Q(record__isnull=False) | models.Q(matched_by=""), name="matched_has_a_record"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "-id"], name="document_of_record"),
            models.Index(fields=["review", "status"], name="document_by_status"),
        ]

    def __str__(self) -> str:
        return self.name


class DocumentPage(ImmutableModel):
    """One page: its text, and where on the page each word stands.

    `words` holds [start, end, x0, y0, x1, y1] for each: offsets in `text`, then fractions of the page as it is shown,
    from its top left corner. `hidden` holds [start, end, why] of what a reader doesn't see.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField()
    width = models.FloatField(help_text="Points, as shown.")
    height = models.FloatField(help_text="Points, as shown.")
    text = models.TextField(blank=True)
    words = models.JSONField(default=list, blank=True)
    hidden = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["document", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["document", "number"], name="page_once")]

    def __str__(self) -> str:
        return f"page {self.number} of {self.document_id}"
