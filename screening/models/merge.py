"""Which records were judged to be the same, by whom, and what was taken back (DED-01, DED-03)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from audit.history import tracked
from audit.immutable import ImmutableModel
from screening.enums import CandidateStatus, RelationSort
from screening.models.record import Record
from screening.models.review import Review


class Merge(ImmutableModel):
    """`absorbed` was judged to be the same item as `kept`. Stands until an Unmerge takes it back."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="merges")
    kept = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="merges_kept")
    absorbed = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="merges_absorbed")
    automatic = models.BooleanField(help_text="Certain tier, merged by the engine; else a person decided.")
    score = models.FloatField(null=True)
    reason = models.TextField()
    engine_version = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("absorbed")), name="merge_of_two")
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.kept_id}"


class Unmerge(ImmutableModel):
    """A merge was taken back: who, when, why."""

    merge = models.OneToOneField(Merge, on_delete=models.PROTECT, related_name="undone")
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.merge} undone"


class DuplicateCandidate(models.Model):
    """A possible pair: a person decides what the two are to one another (DED-02). `first` has the lower id.

    `proposed`, and `sort` until somebody has judged, are what the engine thinks; earlier words stay in the history.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="duplicate_candidates")
    first = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField()
    reason = models.TextField()
    engine_version = models.CharField(max_length=20)
    tier = models.CharField(max_length=8, default="possible", help_text="“possible”, “related” or “by hand”.")
    proposed = models.CharField(max_length=13, choices=CandidateStatus, default=CandidateStatus.DUPLICATE)
    sort = models.CharField(max_length=10, choices=RelationSort, blank=True, default="")
    of_first = models.BooleanField(
        default=False, help_text="It is the second that corrects the first, is its preprint …; else the first."
    )
    status = models.CharField(max_length=13, choices=CandidateStatus, default=CandidateStatus.OPEN)
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["-score", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="candidate_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="candidate_in_order"),
            models.CheckConstraint(
                condition=models.Q(judged_at__isnull=True, judged_by__isnull=True)
                | models.Q(judged_at__isnull=False, judged_by__isnull=False),
                name="candidate_judged_at_by",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["review", "status", "-score"], name="candidate_queue")]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class PairHold(models.Model):
    """Who is looking at which pair, so that two people at once are shown different clusters. It binds nobody.

    Exempt from history: it says where somebody is, for some minutes.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    candidate = models.ForeignKey(DuplicateCandidate, on_delete=models.CASCADE, related_name="holds")
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "user"], name="one_hold_each")]

    def __str__(self) -> str:
        return f"{self.user_id} at pair {self.candidate_id}"
