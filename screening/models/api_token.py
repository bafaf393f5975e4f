"""Tokens by which programs use the API in a person's name: found by their key, proved by a digest, never kept."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.history import tracked
from screening.models.review import Review

LONGEST_NAME = 40
LONGEST_DAYS = 365


class ApiToken(models.Model):
    """What a program may do in the name of a person: never more than the person may at that moment.

    `review` is the only one that it reaches; None: all that its user is in. `key` is the part that is no secret.
    `last_used_on` is written at the first request of a day only.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=LONGEST_NAME)
    key = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the whole token, in hex.")
    writes = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=150, blank=True, help_text="Who, by name: a person or the server.")
    history = tracked(excluded=["digest", "last_used_on"])

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at"), expires_at__lte=F("created_at") + timedelta(LONGEST_DAYS)),
                name="token_expires_within_a_year",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="token_of_user")]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"

    @property
    def state(self) -> str:
        """`live`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "live" if self.expires_at > timezone.now() else "expired"

    @property
    def may(self) -> str:
        """What it may do, in words."""
        return "read and write" if self.writes else "read"
