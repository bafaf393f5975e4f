"""Choosing a risk-of-bias instrument for a review."""

from django import forms

from extraction.bias import INSTRUMENTS


class InstrumentForm(forms.Form):
    """Which published tool the review judges its studies by."""

    instrument = forms.ChoiceField(
        label="Instrument",
        choices=[(key, instrument.title) for key, instrument in INSTRUMENTS.items()],
        help_text="Each is a form: extractors answer its questions, the published algorithm proposes, people confirm.",
    )
