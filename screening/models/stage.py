"""The rules of a stage, where each record stands in it, and who holds which record just now."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.history import tracked
from screening.enums import Assignment, Oversight, QueueOrder, Stage, StageStatus
from screening.models.pilot import PilotRound
from screening.models.record import Record
from screening.models.review import Review


class StageRule(models.Model):
    """How a stage is screened (SCR-01)."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="stage_rules")
    stage = models.CharField(max_length=14, choices=Stage)
    reviewers_per_record = models.PositiveSmallIntegerField(default=2, choices=[(1, "One"), (2, "Two, independently")])
    double_share = models.PositiveSmallIntegerField(
        "Share of records with two reviewers, in percent",
        default=100,
        help_text="Where two reviewers screen: so many records, drawn at random, get both; the rest get one.",
    )
    reason_required = models.BooleanField(default=False, help_text="An exclusion needs one reason from the list.")
    oversight = models.CharField(max_length=15, choices=Oversight, default=Oversight.BLIND_FIRST)
    senior_among = models.BooleanField(
        "A senior reviewer must be among them",
        default=False,
        help_text="A record waits until one of its reviewers is a senior one. The team page says who is.",
    )
    waive_second = models.BooleanField(
        "Waive the second reviewer at clear exclusions",
        default=False,
        help_text="One exclusion that judges two or more criteria not met settles a record; reported as such.",
    )
    own_conflicts = models.BooleanField(
        "Adjudicators may settle conflicts that their own vote is part of", default=True
    )
    adjudicators = ArrayField(
        models.IntegerField(),
        verbose_name="Who settles conflicts",
        default=list,
        blank=True,
        help_text="Ids of people; only those of them with the role may. Empty: everybody with the role.",
    )
    assignment = models.CharField(max_length=6, choices=Assignment, default=Assignment.OPEN)
    queue_order = models.CharField(max_length=9, choices=QueueOrder, default=QueueOrder.RELEVANCE)
    bulk_allowed = models.BooleanField(
        "Reviewers may decide on many records at once",
        default=False,
        help_text="From a list, after a confirmation; each decision is recorded by itself.",
    )
    ask_criteria = models.BooleanField(
        "An exclusion says which criteria are not met",
        default=False,
        help_text="Slower, and the only way to learn which criterion people understand differently.",
    )

    # While a worker applies a changed rule: the last place (by id) that it has reached. None: all follow it.
    applied_through = models.BigIntegerField(null=True, editable=False)

    history = tracked(excluded=["applied_through"])

    class Meta:
        ordering: ClassVar = ["-stage"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "stage"], name="stage_rule_once"),
            models.CheckConstraint(condition=models.Q(reviewers_per_record__in=[1, 2]), name="one_or_two_reviewers"),
            models.CheckConstraint(condition=models.Q(double_share__lte=100), name="share_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.get_stage_display()


class StageState(models.Model):
    """The indexed copy of a record's status at a stage that the queue reads.

    Computed from the decisions by `policies.settle` and written by `actions.stages` alone; `reconcile` compares.
    `voters` are the users whose opinions count and, negative, the ids of decision imports whose words do; sorted.
    `needed` is how many the rule wants; lower `rank` comes first. `senior_missing`: it also waits for a senior
    reviewer. `waived`: it is excluded by one reviewer, the second being waived. `assigned` are who may be given it,
    anybody where it is empty. `pilot` is the round that it is or was part of. Only decisions under protocol version
    `counts_from` or a later one count; 0 is all.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="states")
    stage = models.CharField(max_length=14, choices=Stage)
    status = models.CharField(max_length=13, choices=StageStatus, default=StageStatus.UNSCREENED)
    needed = models.PositiveSmallIntegerField(default=2)
    voters = ArrayField(models.IntegerField(), default=list, blank=True)
    rank = models.FloatField(default=0)
    senior_missing = models.BooleanField(default=False)
    waived = models.BooleanField(default=False)
    assigned = ArrayField(models.IntegerField(), default=list, blank=True)
    pilot = models.ForeignKey(PilotRound, on_delete=models.PROTECT, null=True, blank=True, related_name="places")
    counts_from = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    history = tracked(excluded=["rank", "assigned", "changed_at"])

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "stage"], name="state_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["review", "stage", "rank"],
                name="state_queue",
                condition=models.Q(status__in=["unscreened", "partial"]),
            ),
            models.Index(fields=["review", "stage", "status"], name="state_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.stage}: {self.status}"


class Reservation(models.Model):
    """A reviewer holds a record in hand for a while, so that nobody else is given the same place (SCR-04)."""

    state = models.ForeignKey(StageState, on_delete=models.CASCADE, related_name="reservations")
    reviewer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["state", "reviewer"], name="reservation_once")]
        indexes: ClassVar = [models.Index(fields=["reviewer"], name="reservation_by_reviewer")]

    def __str__(self) -> str:
        return f"{self.state_id} by {self.reviewer_id}"
