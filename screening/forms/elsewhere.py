"""Saying where in a file decisions stand that were made elsewhere, and what their values mean (IMP-06)."""

from typing import Any

from django import forms

from screening.enums import CountsAs, Stage, Verdict
from screening.importing.elsewhere import IN_FILE, WHOLE_FILE
from screening.importing.verdicts import alike, is_reason
from screening.models.decision_import import DecisionImport
from screening.models.protocol import ExclusionReason

NOTHING = "nothing"
VERDICTS = (Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.MAYBE)
MEANINGS = [(NOTHING, "nothing"), *((verdict.value, verdict.label.lower()) for verdict in VERDICTS)]
EXAMPLES = 4


class PlaceForm(forms.Form):
    """Where decisions and reasons stand, and at which stage: what the values that are asked about next follow from."""

    place = forms.ChoiceField(label="Where do the decisions stand?")
    reason_place = forms.ChoiceField(label="Where do reasons for exclusion stand?", required=False)
    stage = forms.ChoiceField(label="Decisions of which stage?", choices=Stage.choices)

    def __init__(self, data: Any = None, *, row: DecisionImport, posted: bool = False) -> None:
        """What `data` leaves out is as it is proposed, unless the form was `posted`: values belong to a place."""
        found, asked = row.found, data or {}
        self.initial_choice = {
            "place": row.place or found.get("proposed") or WHOLE_FILE,
            "reason_place": row.reason_place if row.place else _reason_place(found),
            "stage": row.stage,
        }
        proposed = {name: asked.get(name, value) for name, value in self.initial_choice.items()}
        super().__init__(asked if posted else proposed)
        entries = found.get("entries", 0)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (name, _described(name, n, entries, [value for value, *_ in values]))
            for name, n, values, _ in found.get("places", [])
        ]
        self.fields["reason_place"].choices = [  # type: ignore[attr-defined]
            ("", "Nowhere: there are none"),
            *(
                (name, _described(name, n, entries, [value for value, _ in values]))
                for name, n, values in found.get("reasons", [])
            ),
        ]

    def chosen(self) -> dict[str, str]:
        """What was asked for, and what is proposed where that can't be understood."""
        self.is_valid()
        return {**self.initial_choice, **self.cleaned_data}


def _reason_place(found: dict[str, Any]) -> str:
    return next((name for name, *_ in found.get("reasons", []) if is_reason(name)), "")


def _described(name: str, n: int, entries: int, values: list[str]) -> str:
    if name == WHOLE_FILE:
        return "Every entry of this file means the same"
    shown = ", ".join(value[:30] for value in values[:EXAMPLES]) + (", …" if len(values) > EXAMPLES else "")
    return f"{name} ({n} of {entries} entries: {shown})"


class MeaningForm(forms.Form):
    """What each value means. The names of its fields are numbers: the values themselves are anything."""

    counts_as = forms.ChoiceField(label="What do they count as?", choices=CountsAs.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, row: DecisionImport, place: str, reason_place: str, stage: str) -> None:
        same = row.place == place and row.stage == stage
        super().__init__(data, initial={"counts_as": row.counts_as})
        self.values = _values(row, place)
        self.reason_values = [] if not reason_place else _reasons(row, reason_place)
        listed = ExclusionReason.objects.filter(review=row.review_id, stage=stage, retired=False).order_by("position")
        texts = list(listed.values_list("pk", "text"))
        for number, (value, n, proposed) in enumerate(self.values):
            meant = row.verdicts.get(value, NOTHING) if same and row.verdicts else proposed or NOTHING
            label = "Every entry" if value == IN_FILE else f"{value} ({n})"
            self.fields[f"v{number}"] = forms.ChoiceField(label=label, choices=MEANINGS, initial=meant)
        choices = [("", "kept as text"), *((str(pk), text) for pk, text in texts)]
        for number, (value, n) in enumerate(self.reason_values):
            known = row.reasons.get(value) if same and row.reasons else alike(value, texts)
            self.fields[f"r{number}"] = forms.ChoiceField(
                label=f"{value} ({n})", choices=choices, required=False, initial=str(known or "")
            )

    @property
    def verdict_fields(self) -> list[forms.BoundField]:
        return [self[f"v{number}"] for number in range(len(self.values))]

    @property
    def reason_fields(self) -> list[forms.BoundField]:
        return [self[f"r{number}"] for number in range(len(self.reason_values))]

    def verdicts(self) -> dict[str, str]:
        """Value -> verdict, of those that mean one."""
        given = {value: self.cleaned_data[f"v{number}"] for number, (value, *_) in enumerate(self.values)}
        return {value: verdict for value, verdict in given.items() if verdict != NOTHING}

    def reasons(self) -> dict[str, int]:
        """Value -> id of the reason, of those that are one of the list."""
        given = {value: self.cleaned_data[f"r{number}"] for number, (value, _) in enumerate(self.reason_values)}
        return {value: int(pk) for value, pk in given.items() if pk}


def _values(row: DecisionImport, place: str) -> list[tuple[str, int, str]]:
    found: list[Any] = next((values for name, _, values, _ in row.found.get("places", []) if name == place), [])
    return [(value, n, proposed) for value, n, proposed in found]


def _reasons(row: DecisionImport, place: str) -> list[tuple[str, int]]:
    found: list[Any] = next((values for name, _, values in row.found.get("reasons", []) if name == place), [])
    return [(value, n) for value, n in found]
