"""Making a panel of assistants that are there."""

from typing import Any

from django import forms

from screening.enums import Engine
from screening.models.assistant import Assistant
from screening.models.review import Review


class PanelForm(forms.Form):
    """A name, two to five language models, and who is asked where they do not all include."""

    name = forms.CharField(max_length=80, label="Name of the panel")
    members = forms.ModelMultipleChoiceField(
        Assistant.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Two to five, with different models or prompts. Each is asked about every record, and paid for.",
    )
    adjudicator = forms.ModelChoiceField(
        Assistant.objects.none(),
        required=False,
        empty_label="Nobody: people see where members disagree",
        label="Asked where they do not all include",
        help_text="It may turn exclude or maybe into maybe or include, never the reverse.",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Assistant.objects.filter(review=review, engine=Engine.LLM).order_by("name", "-version")
        found = Assistant.objects.filter(pk__in=newest.distinct("name").values("pk"))
        for name in ("members", "adjudicator"):
            self.fields[name].queryset = found  # type: ignore[attr-defined]
