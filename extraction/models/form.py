"""What is asked of each study: a draft that people edit, and the immutable versions that were published (EXT-03)."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from audit.immutable import ImmutableModel
from extraction.enums import FormPurpose
from screening.models.review import Review


class Form(models.Model):
    """A form of a review. `draft` is its schema as JSON, free to change; values are entered under versions only.

    `draft_token` changes with every save of the draft, so that two people who edit it at once are told.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="forms")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=4, choices=FormPurpose, default=FormPurpose.DATA)
    instrument = models.CharField(max_length=20, blank=True, help_text="Which risk-of-bias tool; empty for data.")
    draft = models.JSONField(default=dict, blank=True)
    draft_token = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked()

    class Meta:
        ordering: ClassVar = ["purpose", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["review", "name"], name="form_name_once")]

    def __str__(self) -> str:
        return self.name


class FormVersion(ImmutableModel):
    """A form as it stood from a moment on. Fields keep their keys from version to version; values stay with keys."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schema = models.JSONField()
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True, help_text="Why the form was changed.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["form", "-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"
