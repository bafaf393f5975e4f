"""What an assistant says a cell is. Never a value (law 1)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from extraction.enums import OverrideReason, ValueState
from extraction.models.form import FormVersion
from extraction.models.structure import Arm, Measure
from extraction.prompts.flags import sentences
from extraction.prompts.shown import seen_said
from screening.enums import Engine
from screening.models.assistant import Assistant
from screening.models.document import Document
from screening.models.run import RunItem
from screening.models.study import Study


class Proposal(ImmutableModel):
    """Evidence first, then the value (EXT-04).

    `cell` is empty where the reply named an arm or outcome that the study doesn't have: kept, flagged, never offered.
    `quote_found`: the quote stands in the document. `number_found`: the number stands in the quote (True for fields
    that are no numbers). `call_id` names the audit.ModelCall behind it; empty for the offline engine.
    """

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="proposals")
    item = models.ForeignKey(RunItem, on_delete=models.PROTECT, related_name="proposals")
    assistant = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    cell = models.CharField(max_length=120, blank=True)
    field_key = models.CharField(max_length=60)
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=14, choices=[c for c in ValueState.choices if c[0] != "withdrawn"])
    value = models.JSONField(null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    quote = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    page = models.PositiveIntegerField(null=True, blank=True)
    places = models.JSONField(default=list, blank=True, help_text="[[page, start, end], …] of the quote.")
    quote_found = models.BooleanField(default=False)
    number_found = models.BooleanField(default=False)
    rationale = models.TextField(blank=True)
    flags = models.JSONField(default=list, blank=True)
    seen = models.JSONField(default=list, blank=True, help_text="Which passages the assistant was shown.")
    answered_by = models.CharField(max_length=200, blank=True)
    fallback = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="Which fallback answered, by which card as it stood approved, and instead of whom (AI-14).",
    )
    call_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "cell"], condition=~models.Q(cell=""), name="one_proposal_a_cell_and_item"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["study", "form_version", "-id"], name="proposal_of_study")]

    @property
    def doubts(self) -> list[str]:
        """What is doubtful about it, in sentences."""
        return sentences(self.flags)

    @property
    def read(self) -> str:
        """What of the documents its assistant was shown, as a sentence."""
        return seen_said(self.seen)

    @property
    def said_by(self) -> str:
        """The model that answered, or the offline engine, which is none and says so (AI-14)."""
        if self.assistant.engine == Engine.LOCAL:
            return f"{self.assistant}, not an LLM"
        return self.answered_by or str(self.assistant)

    def __str__(self) -> str:
        return f"{self.assistant}: {self.field_key} of study {self.study_id}"


class Rejection(ImmutableModel):
    """A person did not take a proposal, and why (AI-11). Each person says it for themselves."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="rejections")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=13, choices=OverrideReason)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "author"], name="rejected_once_by_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.author_id} rejected {self.proposal_id}"
