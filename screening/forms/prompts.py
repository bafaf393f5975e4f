"""Writing a prompt, trying it, publishing it."""

from typing import Any

from django import forms

from screening.enums import Engine
from screening.models.assistant import Assistant
from screening.models.prompt import LONGEST_NAME
from screening.models.review import Review
from screening.prompts.wordings import LONGEST, Wording

MOST_TRIED = 50


def numbers_in(text: str) -> list[int]:
    """Numbers of records, parted by spaces or commas. ValidationError for anything else."""
    words = text.replace(",", " ").split()
    wrong = next((word for word in words if not (word.isdecimal() and len(word) < 16)), None)
    if wrong:
        raise forms.ValidationError(f"“{wrong[:20]}” is no number of a record.")
    return [int(word) for word in words]


class WordingForm(forms.Form):
    """Persona and guidance. What is not to be changed (fence, order of the work, form of the reply) is no field."""

    persona = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Said first: with whose eyes the model is to read.",
    )
    guidance = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Said last: how to understand the criteria, with the cases that came up. The form of the reply is "
        "said for you.",
    )
    note = forms.CharField(required=False, max_length=400, label="What is new, and why")
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def wording(self) -> Wording:
        """As it is saved: without white space around it, and with plain line ends."""
        said = self.cleaned_data
        return Wording(*(said[name].replace("\r\n", "\n").strip() for name in ("persona", "guidance")))


class NewPromptForm(WordingForm):
    """A prompt under a new name."""

    name = forms.CharField(max_length=LONGEST_NAME)
    field_order = ("name", "persona", "guidance", "note")


class PublishForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=1_000,
        label="What the trial showed, or why there was none",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TrialForm(forms.Form):
    """Which model is asked, and about which records."""

    assistant = forms.ModelChoiceField(Assistant.objects.none(), empty_label=None, label="Model of")
    number = forms.IntegerField(
        min_value=1,
        max_value=MOST_TRIED,
        initial=10,
        label="Settled records",
        help_text="Drawn at random, half of them included ones. Never one that is held out for a validation.",
    )
    records = forms.CharField(
        required=False,
        max_length=1_000,
        label="Or these records, by number",
        help_text="Numbers as they stand in a record’s address, parted by spaces or commas.",
    )

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = Assistant.objects.filter(review=review, engine=Engine.LLM).order_by("name", "-version")
        found = Assistant.objects.filter(pk__in=newest.distinct("name").values("pk"))
        self.fields["assistant"].queryset = found  # type: ignore[attr-defined]

    def clean_records(self) -> list[int]:
        """The numbers; anything else is a mistake that is said."""
        return numbers_in(self.cleaned_data["records"])
