"""What was asked of a model, and what came of it: two append-only rows, so that a call in flight is seen as such."""

from typing import ClassVar

from django.db import models

from audit.immutable import ImmutableModel


class ModelCall(ImmutableModel):
    """A question that was, or was about to be, sent to a model. Without an outcome it is in flight, or was cut off."""

    at = models.DateTimeField(auto_now_add=True)
    purpose = models.CharField(max_length=60)
    review_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    model = models.CharField(max_length=200)
    api_host = models.CharField(max_length=200, default="", blank=True)
    parameters = models.JSONField(default=dict)
    messages = models.JSONField(default=list)
    sends = models.JSONField(default=list, help_text="The rows whose text is in the prompt: [{type, id}].")
    prompt_sha256 = models.CharField(max_length=64)
    attempt = models.PositiveSmallIntegerField(default=1)
    cache_key = models.CharField(
        max_length=64, default="", blank=True, help_text="Hash of all that decides a reply, and of whose text was sent."
    )
    reserved = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, help_text="The most that it was expected to cost, in USD."
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="call_by_subject"),
            models.Index(fields=["prompt_sha256"], name="call_by_prompt"),
            models.Index(fields=["review_id", "-id"], name="call_by_review"),
            models.Index(fields=["cache_key"], condition=~models.Q(cache_key=""), name="call_by_cache_key"),
        ]

    def __str__(self) -> str:
        return f"{self.model} for {self.subject_type} {self.subject_id}"


class ModelOutcome(ImmutableModel):
    """How a call ended: `answered`, `failed`, or `unknown`: nobody can say whether it was answered and billed.

    A worker that died while it was in flight leaves it so, and a time-out or a line that dropped before an answer.
    """

    ANSWERED, FAILED, UNKNOWN = "answered", "failed", "unknown"

    call = models.OneToOneField(ModelCall, on_delete=models.PROTECT, related_name="outcome")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10)
    reply = models.TextField(default="", blank=True)
    answered_by = models.CharField(max_length=200, default="", blank=True)
    finish_reason = models.CharField(max_length=30, default="", blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    seconds = models.FloatField(default=0)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["answered", "failed", "unknown"]), name="outcome_state_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.state}"
