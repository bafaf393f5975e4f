"""The protocol: immutable, numbered, hashed versions with their criteria (SCR-09)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from audit.immutable import ImmutableModel
from screening.enums import Facet, IfNotReported, Polarity, Stage
from screening.models.review import Review


class ProtocolVersion(ImmutableModel):
    """The question and criteria as they stood from a moment on. An amendment is a new version with its reason."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="protocol_versions")
    number = models.PositiveIntegerField()
    question = models.TextField()
    reason = models.TextField(blank=True, help_text="Why the protocol was amended.")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "number"], name="protocol_number_once")]

    def __str__(self) -> str:
        return f"Protocol v{self.number}"


class Criterion(ImmutableModel):
    """One question of the protocol. `key` stays the same from version to version."""

    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="criteria")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    text = models.TextField()
    facet = models.CharField(max_length=5, choices=Facet)
    polarity = models.CharField(max_length=7, choices=Polarity, default=Polarity.INCLUDE)
    if_not_reported = models.CharField(max_length=14, choices=IfNotReported, default=IfNotReported.UNCLEAR)

    class Meta:
        ordering: ClassVar = ["protocol", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["protocol", "key"], name="criterion_key_once")]

    def __str__(self) -> str:
        return self.label


class ExclusionReason(models.Model):
    """One of the review's ordered reasons. A reason that was used is retired, never deleted."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="exclusion_reasons")
    stage = models.CharField(max_length=14, choices=Stage, default=Stage.FULL_TEXT)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    retired = models.BooleanField(default=False)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["stage", "position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "stage", "text"], name="reason_text_once")]

    def __str__(self) -> str:
        return self.text
