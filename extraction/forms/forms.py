"""Making a form, and publishing it."""

from typing import Any

from django import forms

from extraction.actions.forms import LONGEST_NAME
from extraction.schema import templates
from extraction.schema.source import MOST_BYTES


class NewFormForm(forms.Form):
    """From a template, or empty."""

    name = forms.CharField(max_length=LONGEST_NAME, required=False, help_text="Empty: the name of the template.")
    template = forms.ChoiceField(label="Begin with", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(found.key, f"{found.title}: {found.about}") for found in templates()]
        self.fields["template"].choices = [*listed, ("", "Nothing: an empty form")]  # type: ignore[attr-defined]
        self.fields["template"].required = False
        self.fields["template"].initial = listed[0][0]


class ImportForm(forms.Form):
    """From the JSON of a form, as a file or pasted."""

    name = forms.CharField(max_length=LONGEST_NAME, required=False, help_text="Empty: the title in the JSON.")
    file = forms.FileField(
        required=False, label="JSON file", widget=forms.ClearableFileInput(attrs={"accept": ".json"})
    )
    text = forms.CharField(
        required=False, label="Or its text", widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )

    def content(self) -> bytes:
        """What was handed in, no more of it than can be a form."""
        file = self.files.get(self.add_prefix("file"))
        if file is not None:
            return bytes(file.read(MOST_BYTES + 1))
        return str(self.data.get(self.add_prefix("text"), "")).encode("utf-8", "replace")


class PublishForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=2_000,
        label="Why is the form changed?",
        widget=forms.TextInput(),
        help_text="Kept with the version, and shown to auditors.",
        error_messages={"required": "Say why the form is changed: the reason is kept with the version."},
    )
