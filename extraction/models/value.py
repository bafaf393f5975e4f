"""What a person says a cell is. The human record: no worker reaches this module (law 1)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from extraction.enums import Capacity, Manner, OverrideReason, ValueState
from extraction.models.form import FormVersion
from extraction.models.proposal import Proposal
from extraction.models.structure import Arm, Measure
from screening.models.document import Document
from screening.models.study import Study


class Value(ImmutableModel):
    """Immutable; a change is a later row of the same author and capacity that supersedes (EXT-05).

    `citing` is the proposal that the author had seen; `override` says why it was edited. `mode` is the proposal mode in
    force. `quote`, `document`, `page` and `places` say where in the report it stands.
    """

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="values")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    cell = models.CharField(max_length=120)
    field_key = models.CharField(max_length=60)
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=10, choices=Capacity, default=Capacity.EXTRACTION)
    state = models.CharField(max_length=14, choices=ValueState)
    value = models.JSONField(null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    manner = models.CharField(max_length=8, choices=Manner, default=Manner.TYPED)
    citing = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    override = models.CharField(max_length=13, choices=OverrideReason, blank=True)
    mode = models.CharField(max_length=11)
    note = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    page = models.PositiveIntegerField(null=True, blank=True)
    places = models.JSONField(default=list, blank=True, help_text="[[page, start, end], …] of the quote.")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    idempotency_key = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="value_stored_once"),
            models.CheckConstraint(
                condition=models.Q(state="reported", value__isnull=False)
                | (~models.Q(state="reported") & models.Q(value__isnull=True)),
                name="only_a_reported_cell_has_a_value",
            ),
            models.CheckConstraint(
                condition=models.Q(manner="typed") | models.Q(citing__isnull=False),
                name="taken_from_a_proposal_cites_it",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["study", "cell", "-id"], name="value_of_cell"),
            models.Index(fields=["study", "author", "-id"], name="value_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.cell} of study {self.study_id} by {self.author_id}"


def cell_key(field_key: str, arm_id: int | None = None, measure_id: int | None = None) -> str:
    """The name of a cell within a study and a form: field, arm and outcome at a time point."""
    return f"{field_key}@{arm_id or 0}@{measure_id or 0}"
