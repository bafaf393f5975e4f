"""One systematic review and its team."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.urls import reverse

from audit.history import tracked
from screening.enums import Role


class Review(models.Model):
    """One systematic review. Its question and criteria live in its protocol versions."""

    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    invented = models.BooleanField(default=False, editable=False, help_text="A demonstration: nothing in it is real.")
    ai_enabled = models.BooleanField(default=False, help_text="AI is off until a lead turns it on.")
    may_be_sent_to_ai = models.BooleanField(
        default=False, help_text="Titles and abstracts may leave this server for a model's provider."
    )
    include_words = models.TextField(blank=True, help_text="Words that speak for inclusion, one per line; highlighted.")
    exclude_words = models.TextField(blank=True, help_text="Words that speak against, one per line; highlighted.")
    pico_words = models.JSONField(
        default=dict, blank=True, help_text="Words of the question by facet, {'P': 'one per line', …}; highlighted."
    )
    search_words = models.TextField(blank=True, help_text="Words of the search strategy, one per line; highlighted.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked()

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("screening:review", args=[self.pk])


class Membership(models.Model):
    """A person's role in a review; one row per role."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["user__username", "role"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "review", "role"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role}"
