"""What an extraction run asks: the version of the form, and which of its fields."""

from typing import ClassVar

from django.db import models

from audit.immutable import ImmutableModel
from extraction.models.form import FormVersion
from screening.models.run import Run


class ExtractionPlan(ImmutableModel):
    """Belongs to a run of the purpose `extraction`. `fields` lists field keys; empty means all that can be proposed."""

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="extraction_plan")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.form_version} by run {self.run_id}"
