"""One decision on many records."""

from typing import Any

from django import forms

from screening.enums import Verdict
from screening.models.protocol import ExclusionReason
from screening.models.stage import StageRule

WORDS = [(Verdict.INCLUDE, "Include"), (Verdict.MAYBE, "Maybe"), (Verdict.EXCLUDE, "Exclude")]


class BulkForm(forms.Form):
    """`key` makes a form that is sent twice count once; `back` is what the list was asked for."""

    verdict = forms.ChoiceField(label="Your decision on each of them", choices=WORDS, widget=forms.RadioSelect)
    reason = forms.ModelChoiceField(
        ExclusionReason.objects.none(), required=False, empty_label="No reason", label="Reason, for an exclusion"
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    back = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, rule: StageRule, **more: Any) -> None:
        super().__init__(data, **more)
        self.rule = rule
        reasons = ExclusionReason.objects.filter(review=rule.review, stage=rule.stage, retired=False)
        self.fields["reason"].queryset = reasons  # type: ignore[attr-defined]
        if rule.ask_criteria:  # which criteria are not met differs from record to record
            self.fields["verdict"].choices = WORDS[:2]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        excluded = data.get("verdict") == Verdict.EXCLUDE
        if excluded and self.rule.reason_required and not data.get("reason"):
            self.add_error("reason", "An exclusion at this stage needs a reason. Choose one from the list.")
        if not excluded:
            data["reason"] = None
        return data

    def answer(self) -> dict[str, Any]:
        """As `actions.bulk.decide` takes it."""
        reason = self.cleaned_data["reason"]
        return {
            "verdict": self.cleaned_data["verdict"],
            "reason_id": reason.pk if reason else None,
            "key": self.cleaned_data["key"],
        }
