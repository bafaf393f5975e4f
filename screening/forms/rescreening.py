"""Choosing what is screened anew after an amendment, and why."""

from dataclasses import dataclass
from typing import Any

from django import forms

from screening.enums import Stage, StageStatus
from screening.models.review import Review
from screening.models.source import Source


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the records that were decided under an older text. `statuses` None is any."""

    label: str
    statuses: tuple[str, ...] | None = None
    or_maybe: bool = False
    changed: bool = False


SCOPES = {
    "all": Scope("All that were decided under an older text"),
    "changed": Scope("Only those of which a criterion was judged that changed", changed=True),
    "included": Scope("Only those that are included now", statuses=(StageStatus.INCLUDED,)),
    "excluded": Scope("Only those that are excluded now", statuses=(StageStatus.EXCLUDED,)),
    "doubt": Scope("Only conflicts, and those of which somebody said “maybe”", (StageStatus.CONFLICT,), or_maybe=True),
}


class ScopeForm(forms.Form):
    stage = forms.ChoiceField(choices=Stage.choices, initial=Stage.TITLE_ABSTRACT)
    scope = forms.ChoiceField(choices=[(key, scope.label) for key, scope in SCOPES.items()], label="Which records")
    source = forms.ModelChoiceField(Source.objects.none(), required=False, empty_label="Any source")

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = Source.objects.filter(review=review).order_by("name")  # type: ignore[attr-defined]

    def wanted(self, *, blind: bool) -> dict[str, Any]:
        """As `queries.amendments.amendments.decided_before` takes it.

        `blind`: whoever asks may yet have to vote, and what others said of a record chooses it only once it is settled.
        """
        scope, source = SCOPES[self.cleaned_data["scope"]], self.cleaned_data["source"]
        narrowed = {"statuses": scope.statuses, "or_maybe": scope.or_maybe, "changed": scope.changed}
        narrowed |= {"closed": blind and scope.changed, "maybe_closed": blind}
        return {**narrowed, "source": source.pk if source else 0}


class WhyForm(forms.Form):
    reason = forms.CharField(
        max_length=2_000,
        label="Reason",
        widget=forms.TextInput(),
        help_text="Kept with it, and shown to auditors.",
        error_messages={"required": "Say why: the reason is kept."},
    )
