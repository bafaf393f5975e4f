"""The stop switch: who stopped AI, or let it go on, when and why."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel


class StopSwitch(ImmutableModel):
    """One turn of the switch, of a review or (no review) of the whole instance. The latest of each counts."""

    at = models.DateTimeField(auto_now_add=True)
    review_id = models.BigIntegerField(null=True)
    stopped = models.BooleanField()
    why = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["review_id", "-id"], name="stop_by_review")]

    def __str__(self) -> str:
        of = f"review {self.review_id}" if self.review_id is not None else "everything"
        return f"{'stopped' if self.stopped else 'let go on'}: {of}"
