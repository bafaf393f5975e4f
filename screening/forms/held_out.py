"""Which records are held out for a test, and why."""

from typing import Any

from django import forms

from screening.enums import Stage
from screening.forms.prompts import numbers_in

LONGEST_LIST = 20_000  # characters: some 3,000 numbers


class HoldOutForm(forms.Form):
    """A share drawn at random, or records by number."""

    stage = forms.ChoiceField(choices=Stage.choices)
    why = forms.CharField(max_length=200, label="Test set", help_text="Its name, or what is to be tested on it.")
    share = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100,
        label="Of 100 records",
        help_text="Drawn at random from all at the stage that were never held out.",
    )
    records = forms.CharField(
        required=False,
        max_length=LONGEST_LIST,
        label="Or these records, by number",
        help_text="Numbers as they stand in a record’s address, parted by spaces or commas.",
    )

    def clean_records(self) -> list[int]:
        """The numbers; anything else is a mistake that is said."""
        return numbers_in(self.cleaned_data["records"])

    def clean(self) -> dict[str, Any]:
        """One of the two ways."""
        said = super().clean() or self.cleaned_data
        if bool(said.get("share")) == bool(said.get("records")) and not self.errors:
            raise forms.ValidationError("Say either a share or the numbers of records.")
        return said
