"""Starting and changing a review, its stage rules and its team."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from screening.enums import Role
from screening.models.review import Review
from screening.models.stage import StageRule


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


class StageRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    reasons = forms.CharField(
        label="Exclusion reasons",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text="One per line, in the order of the keys 1 to 9. A reason that was used is retired, never deleted.",
    )

    class Meta:
        model = StageRule
        fields = ["reviewers_per_record", "double_share", "reason_required"]
        widgets = {"double_share": forms.NumberInput(attrs={"min": 0, "max": 100})}

    def clean_double_share(self) -> int:
        share = int(self.cleaned_data["double_share"])
        if share > 100:
            raise forms.ValidationError("A share is between 0 and 100 percent.")
        return share

    def clean_reasons(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["reasons"].splitlines() if line.strip()]
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError("A reason is at most 200 characters long.")
        return lines

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if data and data.get("reason_required") and not data.get("reasons"):
            self.add_error("reasons", "Where every exclusion needs a reason, the list needs at least one.")
        return data


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
