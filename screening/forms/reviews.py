"""Starting a review, and changing what it says of itself."""

from django import forms

from screening.models.review import Review


class StartForm(forms.Form):
    """Name, question: enough to begin. Criteria follow on the protocol's page."""

    title = forms.CharField(max_length=300, help_text="As it will stand on the report.")
    question = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Population, intervention, comparator, outcome. You can amend it later, with a reason.",
    )


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        model = Review
        fields = ["title", "description"]
        widgets = {
            "title": forms.TextInput(),
            "description": forms.Textarea(attrs={"rows": 2}),
        }
