"""Who sits on a panel. Immutable, as every configuration is: another panel is another version."""

from typing import ClassVar

from django.db import models

from audit.immutable import ImmutableModel
from screening.models.assistant import Assistant


class PanelSeat(ImmutableModel):
    """A member of a panel, or the one that is asked where the members do not all include (`adjudicates`).

    That a panel has two to five members of one review, all of them models and no two alike, is checked by
    `actions.assistants.create_panel`.
    """

    panel = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(Assistant, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    adjudicates = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["panel", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "position"], name="panel_position_once"),
            models.UniqueConstraint(fields=["panel", "member", "adjudicates"], name="panel_member_once"),
            models.UniqueConstraint(
                fields=["panel"], condition=models.Q(adjudicates=True), name="panel_one_adjudicates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel_id}: {self.member_id}"
