"""How a review extracts."""

from typing import ClassVar

from django.db import models

from audit.history import tracked
from extraction.enums import ProposalMode
from screening.models.review import Review


class ExtractionRule(models.Model):
    """One or two extractors for each study, and when they see what an assistant proposes (EXT-05, EXT-06)."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="extraction_rule")
    extractors_per_study = models.PositiveSmallIntegerField(default=2, choices=[(1, "One"), (2, "Two, independently")])
    descriptive_mode = models.CharField(
        "Proposals for descriptive fields", max_length=11, choices=ProposalMode, default=ProposalMode.ASSIST
    )
    outcome_mode = models.CharField(
        "Proposals for outcome fields", max_length=11, choices=ProposalMode, default=ProposalMode.BLIND_FIRST
    )

    history = tracked()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(extractors_per_study__in=[1, 2]), name="one_or_two_extractors")
        ]

    def __str__(self) -> str:
        return f"extraction rule of review {self.review_id}"
