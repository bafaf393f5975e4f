"""Where records came from, and the files that brought them."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from audit.immutable import ImmutableModel
from screening.enums import ImportStatus, SourceKind
from screening.models.review import Review


class Source(models.Model):
    """A database, register, website, organisation or citation search, with its strategy and date searched."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=SourceKind, default=SourceKind.DATABASE)
    platform = models.CharField(max_length=120, blank=True)
    date_searched = models.DateField(null=True, blank=True)
    strategy = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "name"], name="source_name_once")]

    def __str__(self) -> str:
        return self.name


def _place(instance: "ImportedFile", filename: str) -> str:
    """By hash: the name somebody gave a file is never a path of ours."""
    return f"imports/{instance.review_id}/{instance.sha256}"


class ImportedFile(models.Model):
    """One file of citations: its dry run first, then its import as a run with progress (IMP-02, IMP-03)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="imported_files")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    content = models.FileField(upload_to=_place, max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    status = models.CharField(max_length=14, choices=ImportStatus, default=ImportStatus.CHECKING)
    format = models.CharField(max_length=20, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    importer_version = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)
    sample = models.JSONField(default=list, blank=True)
    rejects = models.JSONField(default=list, blank=True, help_text="The dry run's first rejects; see RejectedEntry.")
    quality = models.JSONField(default=dict, blank=True)
    found = models.PositiveIntegerField(default=0)
    parsed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0, help_text="Progress: entries that are in the database by now.")
    duplicates = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undo_reason = models.TextField(blank=True)
    undone_from = models.CharField(max_length=14, blank=True, help_text="The status that it had before its undo.")
    search_run = models.ForeignKey(
        "screening.SearchRun", null=True, blank=True, on_delete=models.PROTECT, related_name="files",
        help_text="The run of a saved search whose replies these are; nobody uploaded it.",
    )  # fmt: skip
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked(excluded=["sample", "rejects", "stored", "heartbeat_at"])

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "sha256"],
                condition=models.Q(status__in=["queued", "running", "deduplicating", "done"]),
                name="same_file_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RejectedEntry(ImmutableModel):
    """An entry that could not be read: where, which field, why, and what stood there (IMP-03)."""

    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="rejected_entries")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=60, blank=True)
    reason = models.TextField()
    raw = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["line"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"
