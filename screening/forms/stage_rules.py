"""The rules of a stage, as they are changed on the settings page (SCR-01)."""

import json
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.functional import cached_property

from screening.enums import Assignment, Oversight, QueueOrder, Role
from screening.models.protocol import ExclusionReason
from screening.models.review import Membership
from screening.models.stage import StageRule
from screening.presenters.rules import said
from screening.queries.amendments.protocol import current_criteria
from screening.queries.team.numbers import names_of

NOTES: dict[str, dict[Any, str]] = {
    "reviewers_per_record": {
        1: "Fast; what one person misses is missed.",
        2: "Both decide without seeing the other; where they differ, an adjudicator settles it.",
    },
    "assignment": {
        Assignment.OPEN: "Whoever is there takes the next record; nobody waits for a colleague’s pile.",
        Assignment.SHARES: "Each record is somebody’s from the start, by the shares on the team page.",
    },
    "queue_order": {
        QueueOrder.RELEVANCE: "Likely includes first, where the AI’s mode allows it; else random.",
        QueueOrder.RANDOM: "Every part of the review is met early, and so is every misunderstanding.",
        QueueOrder.NEWEST: "The latest year of publication first.",
        QueueOrder.TITLE: "Alike titles lie beside each other.",
    },
    "oversight": {
        Oversight.OFF: "Nobody sees suggestions, and they change nothing.",
        Oversight.PRIORITISE: "Likely includes come first. Nobody sees what was suggested.",
        Oversight.BLIND_FIRST: "Each reviewer votes first; then the suggestion shows.",
        Oversight.ASSIST: "Reviewers see the suggestion while they decide.",
        Oversight.SECOND_REVIEWER: "One person and the assistant; where they differ, a person settles it.",
    },
}


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; folded, it shows what the rule says of them now."""

    key: str
    title: str
    about: str
    fields: tuple[str, ...]


GROUPS = (
    Group(
        "who",
        "Who screens a record",
        "Independently: nobody sees another’s decision before making their own.",
        ("reviewers_per_record", "double_share", "senior_among", "waive_second"),
    ),
    Group(
        "conflicts",
        "Conflicts",
        "Where reviewers differ, somebody with the role decides.",
        ("adjudicators", "own_conflicts"),
    ),
    Group("handing", "Who gets which record, when", "", ("assignment", "queue_order")),
    Group("saying", "What an exclusion says", "", ("reason_required", "reasons", "ask_criteria")),
    Group("lists", "Decisions on many records at once", "", ("bulk_allowed",)),
    Group("ai", "AI suggestions", "What a suggestion may do. It never excludes alone.", ("oversight",)),
)
RADIOS = tuple(NOTES)


class StageRuleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """`changes` is what its author changed of what they were shown, `merged` the rule with that and nothing else.

    What somebody else changed in the meantime stays, unless both changed the same: then it is an error, once.
    """

    reasons = forms.CharField(
        label="Exclusion reasons",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text="One per line, in the order of the keys 1 to 9. A reason that was used is retired, never deleted.",
    )
    adjudicators = forms.TypedMultipleChoiceField(
        label="Who settles them at this stage",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Nobody marked: every adjudicator of the review.",
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = StageRule
        fields = [name for group in GROUPS for name in group.fields if name != "reasons"]
        widgets = dict.fromkeys(RADIOS, forms.RadioSelect) | {
            "double_share": forms.NumberInput(attrs={"min": 0, "max": 100})
        }
        labels = {"queue_order": "Order", "assignment": "Given out", "oversight": "Suggestions"}

    def __init__(self, data: Any, *, rule: StageRule) -> None:
        listed = ExclusionReason.objects.filter(review=rule.review_id, stage=rule.stage, retired=False)
        self.reasons_in_force = list(listed.values_list("text", flat=True))
        self.in_force: dict[str, Any] = {name: getattr(rule, name) for name in self.Meta.fields}
        self.in_force["reasons"] = self.reasons_in_force
        self.changes: dict[str, Any] = {}
        self.clashes: list[str] = []
        self.said = said(rule)
        super().__init__(data, instance=rule, prefix=rule.stage, initial={"reasons": "\n".join(self.reasons_in_force)})

        self.judges = judges(rule)
        cast("forms.TypedMultipleChoiceField", self.fields["adjudicators"]).choices = list(self.judges.items())

    def clean_adjudicators(self) -> list[int]:
        return sorted(self.cleaned_data["adjudicators"])

    def clean_double_share(self) -> int:
        share = int(self.cleaned_data["double_share"])
        if share > 100:
            raise forms.ValidationError("A share is between 0 and 100 percent.")
        return share

    def clean_reasons(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["reasons"].splitlines() if line.strip()]
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError("A reason is at most 200 characters long.")
        return list(dict.fromkeys(lines))

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("reason_required") and not data.get("reasons") and "reasons" not in self.errors:
            self.add_error("reasons", "Where every exclusion needs a reason, the list needs at least one.")
        if data.get("waive_second") and not self.in_force["waive_second"] and self._criteria() < 2:
            self.add_error(
                "waive_second",
                "A clear exclusion judges two or more criteria not met, and the protocol has fewer. "
                "Write the criteria first, then come back.",
            )
        self._compare(data)
        return data

    def _criteria(self) -> int:
        return current_criteria(self.instance.review).count()

    def _compare(self, data: dict[str, Any]) -> None:
        """What this author changed of what they were shown, and what of that somebody else changed as well."""
        self.changes = {name: data[name] for name, was in self.was_shown.items() if name in data and data[name] != was}
        self.clashes = [
            name for name, wanted in self.changes.items() if self.in_force[name] not in (self.was_shown[name], wanted)
        ]
        for name in self.clashes:
            now = self._spoken(name, self.in_force[name])
            self.add_error(
                name,
                f"Somebody else changed this in the meantime; it is now {now}. Nothing of yours was stored. "
                "Save again to have it your way.",
            )

    def _spoken(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return "on" if value else "off"
        if name == "adjudicators":
            return " and ".join(self.judges.get(one, "somebody who left") for one in value) or "every adjudicator"
        if isinstance(value, list):
            return "; ".join(value) or "an empty list"
        choices = dict(getattr(self.fields[name], "choices", ()))
        return f"“{choices.get(value, value)}”"

    @cached_property
    def was_shown(self) -> dict[str, Any]:
        """What stood on the page that this came from. A page that does not say it is taken to have shown what stands.

        It comes back from the browser: what is not of its field's kind is left out.
        """
        try:
            posted = json.loads(self.data.get(self.add_prefix("shown"), "") or "{}")
        except ValueError:
            posted = {}
        told = posted if isinstance(posted, dict) else {}
        return {
            name: told[name] if name in told and type(told[name]) is type(_plain(stands)) else stands
            for name, stands in self.in_force.items()
        }

    @property
    def moved(self) -> set[str]:
        """Fields that somebody else changed since the page was shown."""
        return {name for name, was in self.was_shown.items() if was != self.in_force[name]}

    @property
    def shown_now(self) -> str:
        """For the page: what stands, or what had been shown before, where its author has not been told otherwise."""
        if not self.is_bound:
            return json.dumps(self.in_force)
        return json.dumps(self.was_shown | {name: self.in_force[name] for name in self.clashes})

    @property
    def as_merged(self) -> list[tuple[str, str]]:
        """The fields of a form that asks for the same changes of what stands now: what a confirmation carries."""
        values = self.in_force | self.changes | {"shown": json.dumps(self.in_force)}
        values["reasons"] = "\n".join(values["reasons"])
        named = [(self.add_prefix("adjudicators"), str(one)) for one in values.pop("adjudicators")]
        worded = {name: "on" if value is True else str(value) for name, value in values.items() if value is not False}
        return [*((self.add_prefix(name), value) for name, value in worded.items()), *named]

    @property
    def merged(self) -> StageRule:
        """The rule as it would be: what stands, and this author's changes. Not saved."""
        rule = StageRule.objects.select_related("review").get(pk=self.instance.pk)
        for name, value in (self.in_force | self.changes).items():
            if name != "reasons":
                setattr(rule, name, value)
        return rule

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For the page: each group with its sentence, its fields and, of choices, what each means."""
        return [
            {
                "group": group,
                "said": self.said[group.key],
                "fields": [self._shown_field(name) for name in group.fields],
                "open": any(name in self.errors for name in group.fields),
            }
            for group in GROUPS
        ]

    def _shown_field(self, name: str) -> dict[str, Any]:
        notes = NOTES.get(name, {})
        field = self[name]
        options = [
            {
                "value": value,
                "label": _short(str(label)),
                "note": notes.get(value, ""),
                "id": f"{field.auto_id}_{value}",
            }
            for value, label in getattr(self.fields[name], "choices", ())
            if name in RADIOS and value != ""
        ]
        return {"field": field, "options": options, "chosen": str(field.value())}


def judges(rule: StageRule) -> dict[int, str]:
    """User id -> name: the adjudicators of the review, and who else is named at the stage."""
    holders = Membership.objects.filter(review=rule.review_id, role=Role.ADJUDICATOR).values_list("user_id", flat=True)
    have = set(holders)
    names = names_of(have | set(rule.adjudicators))
    named = {one: name if one in have else f"{name} (no adjudicator now)" for one, name in names.items()}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


def _plain(value: Any) -> Any:
    """As JSON gives it back."""
    return json.loads(json.dumps(value))


def _short(label: str) -> str:
    """A choice's name without its explanation or condition, which stand below it."""
    return label.partition(": ")[0].partition(" where ")[0]
