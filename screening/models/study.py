"""What is extracted: one investigation, reported by one or more included records (EXT-09)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.history import tracked
from screening.enums import HintKind, HintStatus
from screening.models.record import Record
from screening.models.review import Review


class Study(models.Model):
    """One investigation. A report that was included makes one; people link reports that tell of the same.

    `created_by` is empty where a study came about because its report was included.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="studies")
    label = models.CharField(max_length=120, help_text="As reviewers call it, such as “Okafor 2021”.")
    registrations = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering: ClassVar = ["label", "id"]
        verbose_name_plural = "studies"
        indexes: ClassVar = [models.Index(fields=["review", "label"], name="study_list")]

    def __str__(self) -> str:
        return self.label


class StudyReport(models.Model):
    """A record reports a study: each record one, each study one or more. `main` is the report it is cited by."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="reports")
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="study_report")
    main = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["-main", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study"], condition=models.Q(main=True), name="one_main_report")
        ]

    def __str__(self) -> str:
        return f"record {self.record_id} reports study {self.study_id}"


class StudyHint(models.Model):
    """Two reports that may be of one study: a person confirms or rejects. `first` has the lower id."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="study_hints")
    first = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=13, choices=HintKind)
    reason = models.TextField()
    score = models.FloatField()
    status = models.CharField(max_length=9, choices=HintStatus, default=HintStatus.OPEN)
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["-score", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="hint_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="hint_in_order"),
            models.CheckConstraint(
                condition=models.Q(judged_at__isnull=True, judged_by__isnull=True)
                | models.Q(judged_at__isnull=False, judged_by__isnull=False),
                name="hint_judged_at_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"
