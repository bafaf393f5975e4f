"""Why AI is stopped, or let go on."""

from django import forms


class StopForm(forms.Form):
    """Nobody turns the switch without a word to the others."""

    why = forms.CharField(
        max_length=500,
        label="Why",
        error_messages={"required": "Say why: whoever finds AI stopped, or going again, will want to know."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
