"""A batch of AI work and its units. The database is the queue."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from screening.enums import FailureKind, ItemStatus, PauseReason, RunKind, RunPurpose, RunStatus, Stage
from screening.models.assistant import Assistant
from screening.models.prompt import PromptVersion
from screening.models.protocol import ProtocolVersion
from screening.models.record import Record
from screening.models.review import Review
from screening.models.study import Study


class Run(models.Model):
    """One assistant over many records at a stage, or over many studies, under one protocol version.

    Of kind `again` it is over one record: what is said stands beside the suggestion `again_of`, and nowhere else.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="runs")
    purpose = models.CharField(max_length=10, choices=RunPurpose, default=RunPurpose.SCREENING)
    stage = models.CharField(max_length=14, choices=Stage, blank=True)
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="runs")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=RunKind, default=RunKind.WORK)
    prompt = models.ForeignKey(
        PromptVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="trials", help_text="Is tried."
    )
    again_of = models.ForeignKey(
        "screening.Suggestion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs_again",
        help_text="Is run again.",
    )
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.PREPARING)
    estimate = models.JSONField(default=dict, blank=True)
    repeat_share = models.PositiveSmallIntegerField(
        default=0, help_text="How many of 100 records are asked about once more, to measure instability."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped_for = models.CharField(max_length=9, choices=PauseReason, blank=True, help_text="Why it is paused.")
    waits_until = models.DateTimeField(null=True, blank=True, help_text="When a paused run goes on by itself.")

    history = tracked()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose="screening", stage__in=Stage.values)
                | models.Q(purpose="extraction", stage=""),
                name="only_screening_has_a_stage",
            ),
            models.CheckConstraint(condition=models.Q(repeat_share__lte=100), name="repeat_share_is_one"),
            models.CheckConstraint(
                condition=models.Q(kind="trial", prompt__isnull=False)
                | models.Q(kind__in=["work", "again"], prompt__isnull=True),
                name="only_a_trial_tries_a_prompt",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="again", again_of__isnull=False)
                | models.Q(kind__in=["work", "trial"], again_of__isnull=True),
                name="again_names_what",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}"


class RunItem(models.Model):
    """A record or a study of a run. Claimed by compare-and-set on `status` and `attempts`; ends `done` or `failed`."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(
        Assistant, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Of the run's panel."
    )
    repeat = models.PositiveSmallIntegerField(default=0, help_text="0, or which repeat of the same question.")
    examples = models.JSONField(
        null=True, blank=True, help_text="[[record's id, verdict], …] that are shown with it; empty: not chosen yet."
    )
    line = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Whom it is asked: 0, the assistant's own model, or which of its fallbacks."
    )
    line_failures = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often in a row its line failed in a way that passes."
    )
    passed_over = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        help_text="[{card, model, why}] of the lines before its own.",
    )
    status = models.CharField(max_length=9, choices=ItemStatus, default=ItemStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True, help_text="Back-off: not to be claimed earlier.")
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="Why it failed, in a sentence that a person can read.")
    failure = models.CharField(
        max_length=13,
        choices=FailureKind,
        blank=True,
        default="",
        db_default="",
        help_text="Why it failed, for programs.",
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "record", "member", "repeat"],
                condition=models.Q(record__isnull=False),
                nulls_distinct=False,
                name="record_item_once",
            ),
            models.UniqueConstraint(fields=["run", "study"], name="study_item_once"),
            models.CheckConstraint(
                condition=models.Q(record__isnull=False, study__isnull=True)
                | models.Q(record__isnull=True, study__isnull=False),
                name="item_is_a_record_or_a_study",
            ),
            models.CheckConstraint(
                condition=models.Q(failure="") | models.Q(status="failed"), name="only_what_failed_has_a_failure"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "status"], name="item_by_status")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.record_id or self.study_id}: {self.status}"
