"""What a review may spend on language models, and what it has spent."""

from typing import ClassVar

from django.db import models

from audit.history import tracked


class Budget(models.Model):
    """The limits of a review, in US dollars and in calls, for a day (UTC) and altogether. Empty: no limit."""

    review_id = models.BigIntegerField(unique=True)
    daily_usd = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    total_usd = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    daily_calls = models.PositiveIntegerField(null=True, blank=True)
    total_calls = models.PositiveIntegerField(null=True, blank=True)

    history = tracked()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(models.Q(daily_usd=None) | models.Q(daily_usd__gte=0))
                & (models.Q(total_usd=None) | models.Q(total_usd__gte=0)),
                name="budget_is_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"Budget of review {self.review_id}"


class Spending(models.Model):
    """What the calls of a review took on one day (UTC): the sum that `audit.budgets` keeps, and `verify_audit` checks.

    Kept from the moment on at which a review has a Budget, back to its first call.
    """

    review_id = models.BigIntegerField()
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    tokens = models.BigIntegerField(default=0)
    usd = models.DecimalField(max_digits=14, decimal_places=6, default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["review_id", "day"], name="spending_day_once")]

    def __str__(self) -> str:
        return f"Review {self.review_id} on {self.day}: {self.usd} USD"
