"""Decisions that were made elsewhere and are brought in from a file (IMP-06)."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from screening.enums import CountsAs, DecisionImportStatus, Stage
from screening.models.review import Review
from screening.models.source import ImportedFile


class DecisionImport(models.Model):
    """What a lead chose to read out of a file as decisions, and how far a worker is with storing them.

    `place` is where in each entry the decision stands (`importing.elsewhere`), `verdicts` what each value found there
    means, `reason_place` and `reasons` (value -> id of an exclusion reason) the same for reasons. `found` is what
    stands where, with counts; `preview` what storing it would do. `author` has committed it, and is the author of each
    decision; `returned_by` has taken it back. `stored` of `total` decisions are there; `reached` is its last entry.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decision_imports")
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="decision_imports")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage, default=Stage.TITLE_ABSTRACT)
    counts_as = models.CharField(max_length=7, choices=CountsAs, default=CountsAs.FINAL)
    place = models.CharField(max_length=200, blank=True)
    verdicts = models.JSONField(default=dict, blank=True)
    reason_place = models.CharField(max_length=200, blank=True)
    reasons = models.JSONField(default=dict, blank=True)
    found = models.JSONField(default=dict, blank=True)
    preview = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=DecisionImportStatus, default=DecisionImportStatus.LOOKING)
    error = models.TextField(blank=True)
    reached = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked(excluded=["found", "preview", "reached", "stored", "heartbeat_at"])

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"decisions of {self.file}"
