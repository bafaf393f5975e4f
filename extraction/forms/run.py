"""Starting a run of an assistant over studies."""

from typing import Any

from django import forms

from extraction.models.form import FormVersion
from screening.enums import Engine
from screening.models.assistant import Assistant
from screening.models.review import Review

NEW, ALL = "new", "all"
SCOPES = [(NEW, "Not yet read by this assistant"), (ALL, "All, again where it has")]


class ExtractionRunForm(forms.Form):
    """By which form, which assistant, and of which studies: not the assistant that screens, if people want two
    opinions of different origin.
    """

    form_version = forms.ModelChoiceField(FormVersion.objects.none(), empty_label=None, label="Form")
    assistant = forms.ModelChoiceField(Assistant.objects.none(), empty_label=None)
    studies = forms.ChoiceField(choices=SCOPES, required=False)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_version"].queryset = versions_of(review)  # type: ignore[attr-defined]
        found = Assistant.objects.filter(review=review).exclude(engine=Engine.PANEL)
        newest = found.order_by("name", "-version").distinct("name")
        self.fields["assistant"].queryset = Assistant.objects.filter(pk__in=newest)  # type: ignore[attr-defined]


def versions_of(review: Review) -> Any:
    """The newest version of each form in use; forms of data first."""
    published = FormVersion.objects.filter(form__review=review, form__retired=False)
    newest = published.order_by("form_id", "-number").distinct("form_id")
    versions = FormVersion.objects.filter(pk__in=newest.values("pk")).select_related("form")
    return versions.order_by("-form__purpose", "pk")
