"""One row of one imported file, as it came."""

from typing import ClassVar

from django.db import models

from audit.immutable import ImmutableModel
from screening.models.record import Record
from screening.models.source import ImportedFile, Source


class Citation(ImmutableModel):
    """Immutable: raw text, place in the file and hash (IMP-04). `record` is the record it was born as."""

    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="citations")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="citation")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    raw = models.TextField()
    raw_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["file", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "position"], name="citation_position_once")]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"
