"""The rule by which a review extracts."""

from typing import ClassVar

from django import forms

from extraction.models.rule import ExtractionRule


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ExtractionRule
        fields: ClassVar = ["extractors_per_study", "descriptive_mode", "outcome_mode"]
        labels: ClassVar = {"extractors_per_study": "Extractors for each study"}
