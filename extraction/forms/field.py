"""The editor of one field or group of a draft. The schema judges what was typed; nothing of it is refused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from extraction.derived import COMPUTE
from extraction.fields import KINDS
from extraction.schema import REPEATS, TIERS, Fault
from extraction.schema.slugs import OPTION_KEY

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
KIND_CHOICES = [(key, kind.label) for key, kind in KINDS.items()]
INPUT = "input_"


class GroupForm(forms.Form):
    label = forms.CharField(label="Name of the group")
    repeats = forms.ChoiceField(
        choices=list(REPEATS.items()), label="Asked", help_text="Arms, outcomes and time points are named per study."
    )
    help = forms.CharField(required=False, label="Help text", widget=forms.Textarea(attrs={"rows": 2}))
    key = forms.CharField(required=False, label="Key", help_text="In exports and JSON. Empty: made of the name.")

    def values(self) -> dict[str, Any]:
        return {name: _text(self.data, name) for name in ("label", "repeats", "help", "key")}


class FieldForm(forms.Form):
    """`draft` gives the groups and the fields that a formula may take its numbers from."""

    label = forms.CharField(label="Name of the field")
    kind = forms.ChoiceField(choices=KIND_CHOICES, label="Kind")
    tier = forms.ChoiceField(
        choices=list(TIERS.items()),
        help_text="Outcome: extractors enter it before they see a proposal. Derived: computed from other fields.",
    )
    group = forms.ChoiceField(label="Group")
    help = forms.CharField(
        required=False,
        label="Help text",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What counts and what doesn't; it stands beside the field, and a model is told it too.",
    )
    required = forms.BooleanField(required=False, label="Must be answered (“not reported” is an answer)")
    unit = forms.CharField(required=False, help_text="Meant where none is written.")
    units = forms.CharField(required=False, label="Other units", help_text="Separated by commas.")
    minimum = forms.CharField(required=False, label="Least possible")
    maximum = forms.CharField(required=False, label="Most possible")
    whole = forms.BooleanField(required=False, label="Whole numbers only")
    options = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One per line. What stands before “=” is the key: values stay with it when you change the name.",
    )
    formula = forms.ChoiceField(required=False, label="Formula")
    key = forms.CharField(
        required=False,
        label="Key",
        help_text="Values stay with the key from version to version. Empty: made of the name.",
    )

    def __init__(self, data: Mapping[str, Any], *, draft: Mapping[str, Any]) -> None:
        super().__init__(data)
        groups = [(str(place), group.get("label") or "No name") for place, group in enumerate(draft["groups"])]
        listed = [("", "Choose a formula"), *((name, formula.label) for name, formula in COMPUTE.items())]
        self.fields["group"].choices = groups  # type: ignore[attr-defined]  # a ChoiceField has them
        self.fields["formula"].choices = listed  # type: ignore[attr-defined]
        formula = COMPUTE.get(_text(data, "formula"))
        self.fields["formula"].help_text = f"{formula.text} · {formula.source}" if formula else ""
        for entry in formula.inputs if formula else ():
            self.fields[INPUT + entry.name] = forms.ChoiceField(
                required=False,
                label=f"{entry.label[:1].upper()}{entry.label[1:]}",
                choices=[("", "—" if entry.default is None else f"Taken as {entry.default}"), *_numbers(draft)],
            )

    def parts(self) -> dict[str, list[forms.BoundField]]:
        """The controls by what they are for: "always", "number", "list", "derived", "key"."""
        always = ("label", "kind", "tier", "group", "help", "required")
        number = ("unit", "units", "minimum", "maximum", "whole")
        derived = ("formula", *(name for name in self.fields if name.startswith(INPUT)))
        named = {"always": always, "number": number, "list": ("options",), "derived": derived, "key": ("key",)}
        return {part: [self[name] for name in names] for part, names in named.items()}

    def values(self) -> dict[str, Any]:
        """The field as JSON of the draft: whatever was typed, faults and all."""
        data = self.data
        texts = ("key", "label", "kind", "tier", "help", "unit", "minimum", "maximum", "formula")
        return {name: _text(data, name) for name in texts} | {
            "units": [unit.strip() for unit in _text(data, "units").split(",") if unit.strip()],
            "options": [_option(line) for line in _text(data, "options").splitlines() if line.strip()],
            "required": bool(data.get("required")),
            "whole": bool(data.get("whole")),
            "inputs": self._inputs(),
        }

    def _inputs(self) -> dict[str, str]:
        """As chosen; for a formula that was only now chosen, the fields that are called as its inputs."""
        formula = COMPUTE.get(_text(self.data, "formula"))
        if formula is None:
            return {}
        if not any(name.startswith(INPUT) for name in self.data):
            known = {key for key, _ in self.fields[INPUT + formula.input_names[0]].choices}  # type: ignore[attr-defined]
            return {name: name for name in formula.input_names if name in known}
        return {name: key for name in formula.input_names if (key := _text(self.data, INPUT + name))}


class AddFieldForm(forms.Form):
    label = forms.CharField(label="Name of a new field")
    kind = forms.ChoiceField(choices=KIND_CHOICES, label="Its kind")


class AddGroupForm(forms.Form):
    label = forms.CharField(label="Name of a new group")
    repeats = forms.ChoiceField(choices=list(REPEATS.items()), label="Asked")


def group_data(group: Mapping[str, Any]) -> dict[str, Any]:
    """A group of a draft as `GroupForm` shows it."""
    return {name: _shown(group.get(name, "")) for name in ("label", "repeats", "help", "key")}


def field_data(field: Mapping[str, Any], group: int) -> dict[str, Any]:
    """A field of a draft as `FieldForm` shows it."""
    inputs = field.get("inputs") if isinstance(field.get("inputs"), Mapping) else {}
    texts = ("key", "label", "kind", "help", "unit", "minimum", "maximum", "formula")
    return (
        {name: _shown(field.get(name, "")) for name in texts}
        | {"tier": _shown(field.get("tier", "descriptive")), "group": str(group)}
        | {"units": ", ".join(_shown(unit) for unit in _listed(field.get("units")))}
        | {"options": "\n".join(_option_line(option) for option in _listed(field.get("options")))}
        | {name: "on" for name in ("required", "whole") if field.get(name) is True}
        | {INPUT + str(name): _shown(key) for name, key in (inputs or {}).items()}
    )


def tell(form: forms.Form, faults: Iterable[Fault], depth: int) -> None:
    """Put each fault beside its control; `depth` is how much of a fault's path leads to the group or field."""
    form.is_valid()
    form.errors.clear()  # the schema's sentences are the better ones
    for fault in faults:
        name = fault.path[depth] if len(fault.path) > depth else None
        form.add_error(str(name) if name in form.fields else None, fault.sentence)


def _text(data: Mapping[str, Any], name: str) -> str:
    return _CONTROL.sub("", str(data.get(name, "")).replace("\r\n", "\n")).strip()


def _option(line: str) -> dict[str, str] | str:
    key, equals, label = line.partition("=")
    if equals and OPTION_KEY.fullmatch(key.strip()) and label.strip():
        return {"key": key.strip(), "label": label.strip()}
    return line.strip()


def _option_line(option: object) -> str:
    if isinstance(option, Mapping):
        return f"{_shown(option.get('key', ''))} = {_shown(option.get('label', ''))}"
    return _shown(option)


def _numbers(draft: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_shown(field.get("key", "")), f"{_shown(field.get('label', ''))} ({_shown(group.get('label', ''))})")
        for group in draft["groups"]
        for field in group["fields"]
        if field.get("kind") == "number" and field.get("tier") != "derived" and field.get("key")
    ]


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _shown(value: object) -> str:
    return value if isinstance(value, str) else str(value)
