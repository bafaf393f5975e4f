"""What a person said of one criterion along with a decision. A human record: no worker reaches this module (law 1)."""

from typing import ClassVar

from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import Judged
from screening.models.decision import Decision
from screening.models.protocol import Criterion


class CriterionJudgement(ImmutableModel):
    """Immutable, as its decision is: a change of mind is a new decision with its own judgements (SCR-08)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    judged = models.CharField(max_length=7, choices=Judged)

    class Meta:
        ordering: ClassVar = ["criterion"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "criterion"], name="criterion_judged_once"),
            models.CheckConstraint(condition=models.Q(judged__in=Judged.values), name="criterion_judged_known"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} {self.judged}"
