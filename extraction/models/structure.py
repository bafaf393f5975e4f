"""What repeats in a study: its arms, and its outcomes at time points. Shared by all who extract it."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from screening.models.review import Review
from screening.models.study import Study


class Arm(models.Model):
    """A group of a study. One that has values is retired, never deleted."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="arms")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=1)
    retired = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked()

    class Meta:
        ordering: ClassVar = ["study", "position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["study", "name"], name="arm_name_once")]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """An outcome at a time point. One that has values is retired, never deleted."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="measures")
    outcome = models.CharField(max_length=160)
    time_point = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    retired = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked()

    class Meta:
        ordering: ClassVar = ["study", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "outcome", "time_point"], name="measure_once")
        ]

    def __str__(self) -> str:
        return f"{self.outcome}, {self.time_point}" if self.time_point else self.outcome
