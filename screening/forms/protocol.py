"""Writing and amending the protocol."""

from django import forms

from screening.actions.protocol import CriterionDraft
from screening.enums import Facet, IfNotReported, Polarity
from screening.models.protocol import Criterion


class ProtocolForm(forms.Form):
    question = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False,
        label="Reason for the amendment",
        widget=forms.TextInput(),
        help_text="Kept with the version, and shown to auditors.",
        error_messages={"required": "Say why the protocol is amended: the reason is kept with the version."},
    )


class CriterionForm(forms.Form):
    key = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    label = forms.CharField(max_length=120, label="Short name")
    facet = forms.ChoiceField(choices=Facet.choices)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label="Question to ask of each record")
    polarity = forms.ChoiceField(choices=Polarity.choices, label="For inclusion")
    if_not_reported = forms.ChoiceField(choices=IfNotReported.choices, label="If not reported")

    def draft(self) -> CriterionDraft:
        """The criterion as it was written."""
        names = ("key", "label", "facet", "text", "polarity", "if_not_reported")
        return CriterionDraft(**{name: self.cleaned_data[name] for name in names})


CriterionFormSet = forms.formset_factory(
    CriterionForm, extra=0, can_delete=True, can_order=False, min_num=1, validate_min=True, max_num=40
)


def initial(criteria: list[Criterion]) -> list[dict[str, str]]:
    """Criteria as the formset's first values."""
    names = ("key", "label", "facet", "text", "polarity", "if_not_reported")
    return [{name: getattr(criterion, name) for name in names} for criterion in criteria]
