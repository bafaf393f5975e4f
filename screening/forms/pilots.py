"""Starting a pilot round."""

from typing import Any

from django import forms

from screening.enums import Stage

MOST = 2_000


class PilotForm(forms.Form):
    """Stage, size, and who takes part. `fresh` is stage -> records that nobody has screened; `people` may take part."""

    stage = forms.ChoiceField(choices=Stage.choices)
    size = forms.IntegerField(
        min_value=1,
        max_value=MOST,
        label="Records",
        help_text="Drawn at random. 20 to 50 show a criterion that is read differently; more make the figures surer.",
    )
    people = forms.TypedMultipleChoiceField(
        coerce=int,
        label="Who takes part",
        widget=forms.CheckboxSelectMultiple,
        help_text="Everybody here screens each of the records. All who will screen should take part.",
    )

    def __init__(
        self, data: Any = None, *, fresh: dict[str, int], people: list[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fresh = fresh
        self.fields["people"].choices = people  # type: ignore[attr-defined]

    def clean_people(self) -> list[int]:
        people: list[int] = self.cleaned_data["people"]
        if len(people) < 2:
            raise forms.ValidationError("Agreement needs two or more people. Choose another one.")
        return people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "stage" in data and not self.fresh.get(data["stage"]):
            self.add_error("stage", "There is no record at this stage that nobody has screened yet.")
        return data
