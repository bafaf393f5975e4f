"""Who extracts which study by which form, and how far they are."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models

from audit.history import tracked
from extraction.enums import AssignmentStatus
from extraction.models.form import Form
from screening.models.review import Review
from screening.models.study import Study


class Assignment(models.Model):
    """One extractor of one study. A released one keeps what its person entered, which no longer counts."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="assignments")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+")
    extractor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=AssignmentStatus, default=AssignmentStatus.WORKING)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    history = tracked()

    class Meta:
        ordering: ClassVar = ["study", "form", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "form", "extractor"], name="assignment_once"),
            models.CheckConstraint(
                condition=models.Q(status="done", done_at__isnull=False)
                | (~models.Q(status="done") & models.Q(done_at__isnull=True)),
                name="done_has_its_time",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["extractor", "status"], name="assignment_of_extractor")]

    def __str__(self) -> str:
        return f"{self.extractor_id} extracts study {self.study_id}"
