"""Whether the report of a record could be had at all (PRISMA 2020: reports sought, reports not retrieved)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import RetrievalOutcome
from screening.models.record import Record
from screening.models.review import Review


class Retrieval(ImmutableModel):
    """What a person said of the search for a report. The last word stands."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="retrievals")
    outcome = models.CharField(max_length=13, choices=RetrievalOutcome)
    note = models.TextField(blank=True, help_text="What was tried.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["record", "-id"], name="retrieval_of_record")]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.outcome}"
