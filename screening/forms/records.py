"""The filter of the list of records."""

from typing import Any

from django import forms

from screening.enums import Stage, StageStatus
from screening.models.note import Tag
from screening.models.review import Review
from screening.models.source import Source
from screening.queries.records import Wanted

STATUSES = [(value, label) for value, label in StageStatus.choices if value != StageStatus.INACTIVE]


class RecordFilter(forms.Form):
    text = forms.CharField(required=False, max_length=200, label="Words")
    stage = forms.ChoiceField(required=False, choices=[("", "Any stage"), *Stage.choices])
    status = forms.ChoiceField(required=False, choices=[("", "Any status"), *STATUSES])
    source = forms.ModelChoiceField(Source.objects.none(), required=False, empty_label="Any source")
    tag = forms.ModelChoiceField(Tag.objects.none(), required=False, empty_label="Any tag")
    year_from = forms.IntegerField(required=False, min_value=1000, max_value=3000, label="From year")
    year_to = forms.IntegerField(required=False, min_value=1000, max_value=3000, label="To year")
    order = forms.ChoiceField(
        required=False,
        label="Order",
        choices=[("", "As imported"), ("newest", "Newest first"), ("oldest", "Oldest first"), ("title", "Title")],
    )
    box = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, review: Review, focus: bool = False) -> None:
        super().__init__(data)
        self.fields["source"].queryset = Source.objects.filter(review=review)  # type: ignore[attr-defined]
        self.fields["tag"].queryset = Tag.objects.filter(review=review)  # type: ignore[attr-defined]
        if focus:
            self.fields["text"].widget.attrs["autofocus"] = True

    def wanted(self) -> Wanted:
        """What was asked for; a status without a stage is asked of title and abstract."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        if data.get("status") and not data.get("stage"):
            data["stage"] = Stage.TITLE_ABSTRACT
        for name in ("source", "tag"):
            if chosen := data.pop(name, None):
                data[name] = chosen.pk
        return Wanted(**data)
