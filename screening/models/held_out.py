"""Records that are kept from the assistants' learning, so that they can be tested on them later."""

from typing import ClassVar, Self

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel, ImmutableQuerySet
from screening.enums import Stage
from screening.models.record import Record
from screening.models.review import Review


class HeldOutQuerySet(ImmutableQuerySet["HeldOut"]):
    """Whoever keeps from an assistant what it is to be tested on begins with `standing`."""

    def standing(self) -> Self:
        """What is held out still."""
        return self.filter(release=None)


class HeldOut(ImmutableModel):
    """A record of a test set: no prompt ever shows it, or what people made of it, as an example (AI-08)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="held_out")
    stage = models.CharField(max_length=14, choices=Stage)
    why = models.TextField(help_text="Of which test set it is part.")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar = models.Manager.from_queryset(HeldOutQuerySet)()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "stage"], name="held_out_once")]

    def __str__(self) -> str:
        return f"record {self.record_id} at {self.stage}, held out"


class HeldOutRelease(ImmutableModel):
    """The end of a record's part in a test set. It is never held out again: assistants may learn from it now."""

    held_out = models.OneToOneField(HeldOut, on_delete=models.PROTECT, related_name="release")
    why = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"release of {self.held_out}"
