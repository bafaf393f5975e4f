"""The ledger."""

from typing import ClassVar

from django.db import models

from audit.immutable import ImmutableModel


class Event(ImmutableModel):
    """One line of the append-only ledger: who did what to which object, old and new, why, when, in which request.

    No foreign keys: the ledger outlives what it speaks of.
    """

    at = models.DateTimeField(auto_now_add=True)
    type = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.IntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    review_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    record_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    reason = models.TextField(default="", blank=True)
    request_id = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["review_id", "-id"], name="event_by_review"),
            models.Index(fields=["subject_type", "subject_id"], name="event_by_subject"),
            models.Index(fields=["record_id"], name="event_by_record", condition=models.Q(record_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.type}"
