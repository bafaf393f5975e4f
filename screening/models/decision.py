"""What a person says of a record. The human record: no worker reaches this module (law 1)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import Origin, OverrideReason, Oversight, Stage, Verdict
from screening.models.decision_import import DecisionImport
from screening.models.protocol import ExclusionReason, ProtocolVersion
from screening.models.record import Record
from screening.models.review import Review
from screening.models.suggestion import Suggestion


class Decision(ImmutableModel):
    """Immutable; undo and change of mind are new decisions of the same author that supersede (SCR-05).

    `citing` is the suggestion that the author had seen when deciding; `oversight` is the mode in force.
    `override` is why they decided otherwise than what they had seen (AI-11), empty where they did not.
    `seconds` is active time on the record, as the browser measured it. `criteria_failed` is how many criteria its
    author judged to speak against the record (`models.judgement` has them one by one). `brought_in` is the import of
    decisions that a decision made elsewhere came with: its author is whoever brought it in; its note says who decided.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=14, choices=Stage)
    verdict = models.CharField(max_length=9, choices=Verdict)
    reason = models.ForeignKey(ExclusionReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.SCREENING)
    citing = models.ForeignKey(Suggestion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    override = models.CharField(max_length=19, choices=OverrideReason, blank=True, default="", db_default="")
    oversight = models.CharField(max_length=15, choices=Oversight)
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, null=True, related_name="+")
    brought_in = models.ForeignKey(
        DecisionImport, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", db_index=False
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    idempotency_key = models.UUIDField()
    criteria_failed = models.PositiveSmallIntegerField(default=0)
    seconds = models.FloatField(null=True, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["author", "idempotency_key"], name="decision_stored_once"),
            models.CheckConstraint(
                condition=models.Q(reason__isnull=True) | models.Q(verdict="exclude"), name="only_exclusion_has_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(override="") | models.Q(citing__isnull=False), name="override_of_what_was_seen"
            ),
            models.CheckConstraint(
                condition=models.Q(brought_in__isnull=True) ^ models.Q(origin="imported"), name="imported_by_an_import"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record", "stage", "id"], name="decision_of_record"),
            models.Index(fields=["review", "stage", "author", "-id"], name="decision_of_author"),
            models.Index(
                fields=["brought_in", "id"],
                name="decision_brought_in",
                condition=models.Q(brought_in__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} {self.verdict} {self.record_id}"
