"""That somebody looked at what an assistant could not do, or did in a way that wants a look."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import ExceptionKind, Stage
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import RunItem


class ExceptionSeen(ImmutableModel):
    """Exceptions themselves are computed (`queries.assistants.exceptions`); this takes one out of the inbox.

    `item` is the run's item that the exception is about, empty where it is about the record itself. Another run that
    ends in the same way is another exception.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage)
    kind = models.CharField(max_length=13, choices=ExceptionKind)
    item = models.ForeignKey(RunItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "stage", "kind", "item"], nulls_distinct=False, name="exception_seen_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.record_id}"
