"""What is said when a model's approval is given or withdrawn."""

from django import forms


class ApprovalForm(forms.Form):
    """`seen` is the fingerprint of what was on the page."""

    note = forms.CharField(
        label="On what grounds",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For instance the data processing agreement, or who was asked. Kept on record.",
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class WithdrawalForm(forms.Form):
    why = forms.CharField(
        label="Why it is withdrawn",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="People whose runs stop will read it.",
    )
