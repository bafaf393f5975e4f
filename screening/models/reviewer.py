"""How a person screens in a review, beyond having the role."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from screening.models.review import Review

FULL_SHARE = 100  # percent


class Reviewer(models.Model):
    """A row where something differs from the default. It stays when the person leaves: their votes keep their weight.

    `share` is in percent of a full share: who has 50 gets half as many records as who has 100.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    senior = models.BooleanField(default=False)
    suspended = models.BooleanField(default=False)
    share = models.PositiveSmallIntegerField(default=FULL_SHARE)

    history = tracked()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "user"], name="reviewer_once"),
            models.CheckConstraint(condition=models.Q(share__lte=1_000), name="reviewer_share_at_most_ten_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in review {self.review_id}"
