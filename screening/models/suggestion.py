"""What an assistant says of a record at a stage. Never a decision."""

from typing import ClassVar, Self

from django.db import models

from audit.immutable import ImmutableModel, ImmutableQuerySet
from screening.enums import Judged, Stage, SuggestionRole, Verdict
from screening.models.assistant import Assistant
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.record import Record
from screening.models.review import Review
from screening.models.run import RunItem


class SuggestionQuerySet(ImmutableQuerySet["Suggestion"]):
    """Whoever shows, orders or counts by suggestions begins with `standing`."""

    def standing(self) -> Self:
        """What assistants say: no single member of a panel, no repeat, nothing that a person had run again."""
        return self.filter(role=SuggestionRole.STANDS)


class Suggestion(ImmutableModel):
    """The proposed verdict is computed in code from the judgements (AI-03); the model's own word is not taken.

    `score` orders a queue (higher is likelier to be included) and is never shown as a probability (AI-09).
    `call_id` names the audit.ModelCall behind it; empty for the offline engine, which calls no model.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="suggestions")
    stage = models.CharField(max_length=14, choices=Stage)
    item = models.OneToOneField(RunItem, on_delete=models.PROTECT, related_name="suggestion")
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="suggestions")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=6, choices=SuggestionRole, default=SuggestionRole.STANDS)
    beside = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="others", help_text="What it repeats."
    )
    proposed_verdict = models.CharField(max_length=7, choices=[c for c in Verdict.choices if c[0] != "withdrawn"])
    why = models.TextField(help_text="Which rule of the truth table gave the proposed verdict.")
    rationale = models.TextField(blank=True)
    band = models.CharField(max_length=10)
    band_method = models.CharField(max_length=20)
    score = models.FloatField(null=True)
    flags = models.JSONField(default=list, blank=True)
    explanation = models.JSONField(default=dict, blank=True)
    answered_by = models.CharField(max_length=200, blank=True, help_text="The model's name as it answered.")
    call_id = models.BigIntegerField(null=True, blank=True)
    replayed = models.BooleanField(default=False, help_text="It stands on the reply to an earlier call.")
    fallback = models.BooleanField(
        default=False, db_default=False, help_text="Another model than the assistant's own answered, or a member's."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = models.Manager.from_queryset(SuggestionQuerySet)()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["record", "stage", "role", "-id"], name="suggestion_by_role"),
            models.Index(
                fields=["review"],
                condition=models.Q(role="stands") & (models.Q(band="unsure") | ~models.Q(flags=[])),
                name="suggestion_to_look_at",
            ),
            models.Index(fields=["review"], condition=models.Q(role="repeat"), name="suggestion_of_repeat"),
        ]

    def __str__(self) -> str:
        return f"{self.assistant}: {self.proposed_verdict}"


class Judgement(ImmutableModel):
    """An assistant's judgement of one criterion, with its verbatim quotes and where they stand (AI-05)."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    judgement = models.CharField(max_length=7, choices=Judged)
    rationale = models.TextField(blank=True)
    quotes = models.JSONField(default=list, blank=True, help_text="[{text, field, start, end, verified}]")

    class Meta:
        ordering: ClassVar = ["suggestion", "criterion__position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["suggestion", "criterion"], name="judgement_once")]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.judgement}"
