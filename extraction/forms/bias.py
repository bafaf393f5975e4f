"""Choosing a risk-of-bias instrument for a review."""

from collections.abc import Collection
from typing import Any

from django import forms

from extraction.bias import INSTRUMENTS


class InstrumentForm(forms.Form):
    """Which published tool the review judges its studies by; `taken` are not offered again."""

    instrument = forms.ChoiceField(
        label="Instrument",
        help_text="Each is a form: extractors answer its questions, the published algorithm proposes, people confirm.",
    )

    def __init__(self, *args: Any, taken: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(key, tool.title) for key, tool in INSTRUMENTS.items() if key not in taken]
        self.fields["instrument"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField has them

    @property
    def exhausted(self) -> bool:
        """Whether the review has every instrument already."""
        return not self.fields["instrument"].choices  # type: ignore[attr-defined]
