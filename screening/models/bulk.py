"""Decisions that were made together."""

from typing import ClassVar
from uuid import UUID, uuid5

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import Stage, Verdict
from screening.models.review import Review

MOST_AT_ONCE = 100  # records


class BulkDecision(ImmutableModel):
    """One person's same word on many records (SCR-10). Each record has its own Decision; this row says which.

    `left_out` are those of the selection that got none, because they were not open to the author's vote.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage)
    verdict = models.CharField(max_length=9, choices=Verdict)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    records = ArrayField(models.BigIntegerField())
    left_out = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["author", "key"], name="bulk_decision_stored_once")]

    def key_for(self, record_id: int, what: str = "") -> UUID:
        """The idempotency key of its decision on one record: the same each time it is asked for."""
        return uuid5(self.key, f"{what}{record_id}")

    def __str__(self) -> str:
        return f"{self.verdict} on {len(self.records)} records"
