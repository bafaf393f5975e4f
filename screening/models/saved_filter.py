"""A list of records that somebody wants to come back to."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Lower

from audit.history import tracked
from screening.models.review import Review

LONGEST_NAME = 80
LONGEST_QUERY = 2_000  # characters


class SavedFilter(models.Model):
    """A filter of the list of records under a name: one person's own, or the whole team's where a lead shares it.

    It holds what was asked for, never what was found: everybody who opens it sees what they may see.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="saved_filters")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY, help_text="The query string of the list.")
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = [Lower("name"), "id"]
        constraints: ClassVar = [
            models.UniqueConstraint("review", "owner", Lower("name"), name="saved_filter_name_once")
        ]

    def __str__(self) -> str:
        return self.name
