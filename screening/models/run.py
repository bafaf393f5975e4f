"""A batch of AI work and its units. The database is the queue."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from screening.enums import ItemStatus, RunStatus, Stage
from screening.models.assistant import Assistant
from screening.models.protocol import ProtocolVersion
from screening.models.record import Record
from screening.models.review import Review


class Run(models.Model):
    """One assistant over many records at a stage, under one protocol version."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="runs")
    stage = models.CharField(max_length=14, choices=Stage)
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="runs")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.PREPARING)
    estimate = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"Run {self.pk}"


class RunItem(models.Model):
    """One record of a run. Claimed by compare-and-set on `status` and `attempts`; ends `done` or `failed`."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=ItemStatus, default=ItemStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text="Back-off: not to be claimed earlier.")
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="Why it failed, in a sentence that a person can read.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "record"], name="item_once")]
        indexes: ClassVar = [models.Index(fields=["run", "status"], name="item_by_status")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.record_id}: {self.status}"
