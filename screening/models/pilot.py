"""Pilot rounds: a random sample that everybody screens, to learn whether the criteria are understood alike (SCR-07)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.history import tracked
from screening.enums import Stage
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review


class PilotRound(models.Model):
    """Which records it has is said by `StageState.pilot`. `reviewers` are the ids of those who screen each of them.

    While it is open, only its records are given out at its stage, and none of them gets a final status.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="pilots")
    stage = models.CharField(max_length=14, choices=Stage)
    number = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    reviewers = ArrayField(models.IntegerField(), default=list)
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, null=True, related_name="+")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "stage", "number"], name="pilot_number_once"),
            models.UniqueConstraint(
                fields=["review", "stage"], condition=models.Q(closed_at=None), name="one_open_pilot_per_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"Pilot round {self.number}"

    @property
    def open(self) -> bool:
        return self.closed_at is None
