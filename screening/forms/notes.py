"""Notes and tags as plain forms, on a record's page."""

from django import forms

from screening.models.note import LONGEST_NOTE, LONGEST_TAG


class NoteForm(forms.Form):
    text = forms.CharField(label="Write a note", max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
    private = forms.ChoiceField(
        label="Who reads it",
        choices=[("yes", "Only me"), ("no", "The team, once they have voted")],
        initial="yes",
        widget=forms.RadioSelect,
    )
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)


class NoteChangeForm(NoteForm):
    """Another text for a note of one's own; none at all removes it."""

    text = forms.CharField(max_length=LONGEST_NOTE, required=False)
    replaces = forms.IntegerField()


class TagForm(forms.Form):
    name = forms.CharField(
        label="Add a tag",
        max_length=LONGEST_TAG,
        widget=forms.TextInput(attrs={"list": "all-tags", "autocomplete": "off"}),
    )
