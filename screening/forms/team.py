"""Who is in a review, as what, and how they screen (SCR-06)."""

from typing import Any

from django import forms
from django.contrib.auth.models import User

from screening.actions.team import MOST
from screening.enums import Role

ROLES = {
    Role.LEAD: "rules, team, protocol, runs and exports",
    Role.REVIEWER: "screens records, blinded",
    Role.ADJUDICATOR: "settles conflicts",
    Role.EXTRACTOR: "enters data and risk of bias",
    Role.AUDITOR: "reads everything, changes nothing",
    Role.OBSERVER: "sees progress and reports",
}


class PersonField(forms.CharField):
    """Somebody with an account here, by user name or e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
        super().__init__(**{"max_length": 254, "label": "User name or e-mail address", "widget": widget, **kwargs})

    def clean(self, value: Any) -> User:
        named = super().clean(value).strip()
        found = User.objects.filter(is_active=True)
        people = list(found.filter(username=named)[:1]) or list(found.filter(email__iexact=named)[:2])
        if not people:
            raise forms.ValidationError("Nobody here has that name or address. An administrator makes accounts.")
        if len(people) > 1:
            raise forms.ValidationError("Two accounts here have that address. Say who by their user name.")
        return people[0]


def _roles(**kwargs: Any) -> forms.MultipleChoiceField:
    choices = [(role.value, f"{role.label}: {ROLES[role]}") for role in Role]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


class MemberForm(forms.Form):
    """A person, and what they are in this review."""

    person = PersonField()
    roles = _roles()


class RolesForm(forms.Form):
    """`shown` are the roles that stood on the page, with a comma between."""

    roles = _roles(required=False)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_shown(self) -> set[str] | None:
        """None where the page did not say it."""
        if "shown" not in self.data:
            return None
        return {role for role in self.cleaned_data["shown"].split(",") if role}


class ShareForm(forms.Form):
    share = forms.IntegerField(
        min_value=0,
        max_value=MOST,
        label="Share, in percent of a full one",
        help_text="100 is a full share; who has 50 gets half as many records; 0 gets none.",
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"),
            f"A share is a whole number between 0 and {MOST} percent of a full one.",
        ),
    )
    shown = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why somebody is suspended; it is kept, and shown to leads."""

    reason = forms.CharField(required=False, max_length=300, label="Reason")


class ReplaceForm(forms.Form):
    person = PersonField(label="Who takes the place: user name or e-mail address")
    reason = forms.CharField(required=False, max_length=300, label="Reason")
