"""Records that are kept from the assistants' learning, so that they can be tested on them later."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import Stage
from screening.models.record import Record
from screening.models.review import Review


class HeldOut(ImmutableModel):
    """A record of a test set: no prompt ever shows it, or what people made of it, as an example (AI-08)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="held_out")
    stage = models.CharField(max_length=14, choices=Stage)
    why = models.TextField(help_text="Of which test set it is part.")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "stage"], name="held_out_once")]

    def __str__(self) -> str:
        return f"record {self.record_id} at {self.stage}, held out"
