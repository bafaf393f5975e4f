"""What is screened."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from audit.history import tracked
from screening.models.review import Review


class Record(models.Model):
    """One bibliographic item. Each citation makes one; a merge points it at the record that is kept (DED-03).

    `merged_into` always names the root, never a record that is itself merged. `active` is false for a record that is
    merged or whose import was undone.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="records")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")
    active = models.BooleanField(default=True)
    title = models.TextField(blank=True)
    authors = ArrayField(models.TextField(), default=list, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    journal = models.TextField(blank=True)
    volume = models.TextField(blank=True)
    issue = models.TextField(blank=True)
    pages = models.TextField(blank=True)
    doi = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    keywords = ArrayField(models.TextField(), default=list, blank=True)
    accessions = models.JSONField(default=list, blank=True)
    url = models.TextField(blank=True)
    language = models.TextField(blank=True)
    type = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(active=False), name="merged_is_not_active"
            ),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="never_merged_into_itself"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["review", "active", "id"], name="record_list"),
            models.Index(fields=["review", "active", "-year", "id"], name="record_by_year"),
            models.Index(fields=["review"], condition=models.Q(abstract=""), name="record_without_abstract"),
        ]

    def __str__(self) -> str:
        return self.title or f"Record {self.pk} without a title"

    def get_absolute_url(self) -> str:
        return reverse("screening:record", args=[self.review_id, self.pk])
