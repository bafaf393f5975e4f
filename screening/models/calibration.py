"""How well an assistant's scores tell what people decide, as it was at one moment (AI-09)."""

from typing import ClassVar

from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import Stage
from screening.models.assistant import Assistant
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review


class Calibration(ImmutableModel):
    """Of one assistant under one version of the protocol; another prompt, model or text is not calibrated by it.

    The latest row of assistant, stage and protocol stands. `knots` are (score, share) and lead from a score to the
    share of such records that people keep; `bins` are (mean prediction, kept, records), predicted by folds that had
    not seen them. Both are empty, and the errors null, where there are too few labels.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="calibrations")
    stage = models.CharField(max_length=14, choices=Stage)
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    n_include = models.PositiveIntegerField(help_text="Labels that keep a record: include, and maybe.")
    n_exclude = models.PositiveIntegerField()
    ece = models.FloatField(null=True, help_text="Expected calibration error, cross-fitted.")
    brier = models.FloatField(null=True, help_text="Brier score, cross-fitted.")
    usable = models.BooleanField(help_text="Enough labels of both classes, and an error that is small enough.")
    knots = models.JSONField(default=list, blank=True)
    bins = models.JSONField(default=list, blank=True)
    labels_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["assistant", "stage", "protocol", "-id"], name="calibration_latest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(usable=False) | models.Q(ece__isnull=False, n_include__gte=50, n_exclude__gte=50),
                name="calibration_usable_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assistant}, {self.n_include + self.n_exclude} labels"
