"""Making an assistant, and starting a run."""

from typing import Any

from django import forms

from screening.enums import Engine, Oversight
from screening.models.assistant import Assistant
from screening.models.review import Review
from screening.queries.endpoints import Offer, available_models

LOCAL = "local"


class AssistantForm(forms.Form):
    """A name and a model. What stands already under this name gets a new version if the model is another."""

    name = forms.CharField(max_length=80, help_text="As people will see it beside its suggestions.")
    model = forms.ChoiceField(help_text="An administrator can add models as model cards.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers: dict[str, Offer] = {offer.key: offer for offer in available_models()}
        choices = [(offer.key, f"{offer.label} (sends text to {offer.host})") for offer in self.offers.values()]
        self.fields["model"].choices = [*choices, (LOCAL, Engine.LOCAL.label)]  # type: ignore[attr-defined]

    def offer(self) -> Offer | None:
        """The model that was chosen; None is the offline engine."""
        return self.offers.get(self.cleaned_data["model"])


class OversightForm(forms.Form):
    oversight = forms.ChoiceField(choices=Oversight.choices, widget=forms.RadioSelect, label="AI suggestions")


class RunForm(forms.Form):
    """Which assistant is to look at the records."""

    assistant = forms.ModelChoiceField(Assistant.objects.none(), empty_label=None)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Assistant.objects.filter(review=review).order_by("name", "-version").distinct("name")
        self.fields["assistant"].queryset = Assistant.objects.filter(pk__in=newest)  # type: ignore[attr-defined]
