"""Records that are screened anew because the protocol was amended (SCR-09)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.immutable import ImmutableModel
from screening.enums import Stage
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review


class Rescreening(ImmutableModel):
    """Which records were given back at which stage. Decisions on them under versions before `protocol` stay on record
    and no longer count (`StageState.counts_from`)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rescreenings")
    stage = models.CharField(max_length=14, choices=Stage)
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    records = ArrayField(models.BigIntegerField())
    reason = models.TextField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{len(self.records)} records anew under version {self.protocol.number}"
