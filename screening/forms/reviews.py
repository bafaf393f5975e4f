"""Starting and changing a review, and its team."""

from django import forms
from django.contrib.auth.models import User

from screening.enums import Role
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


class MemberForm(forms.Form):
    """A person, by user name or e-mail address, and what they are in this review."""

    person = forms.CharField(
        max_length=150, label="User name or e-mail address", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    roles = forms.MultipleChoiceField(choices=Role.choices, widget=forms.CheckboxSelectMultiple)

    def clean_person(self) -> User:
        named = self.cleaned_data["person"].strip()
        found = User.objects.filter(is_active=True)
        user = found.filter(username=named).first() or found.filter(email__iexact=named).first()
        if user is None:
            raise forms.ValidationError("Nobody here has that name or address. An administrator makes accounts.")
        return user


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)
