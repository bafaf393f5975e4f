"""What a click in the builder means: a verb, a place and a key, applied to a draft.

The key says what was meant. When the draft has changed meanwhile, the same edit is found again by its key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from extraction.forms.field import FieldForm, GroupForm, field_data, group_data
from extraction.schema import editing
from extraction.schema.editing import Draft, EditError, Place

Data = Mapping[str, Any]
Step = tuple[Draft, Place, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One wish: "field-up 0.2 events" with the values of the form that it came from."""

    verb: str
    place: Place
    key: str
    data: Data

    @classmethod
    def of(cls, data: Data) -> "Edit":
        """Read from a POST. Raises EditError for what no page of ours sends."""
        verb, _, rest = str(data.get("do", "")).partition(" ")
        at, _, key = rest.partition(" ")
        if verb not in VERBS:
            raise EditError("That is nothing that can be done to a form. Nothing was changed.")
        return cls(verb, place_from(at), key, data)

    @property
    def of_group(self) -> bool:
        """Whether place and key are those of a group; a field is added to a group."""
        return self.verb.startswith("group") or self.verb == "field-add"

    def apply(self, draft: Draft) -> Step:
        """The draft after it, where the thing stands now, and a phrase that says what was done. Raises EditError."""
        return VERBS[self.verb](draft, self)

    def found_in(self, draft: Draft) -> "Edit | None":
        """The same wish for a draft that somebody else has changed; None where what it was about is gone."""
        if self.verb == "group-add":
            return self
        place = editing.place_of(draft, self.key, group=self.of_group)
        return Edit(self.verb, place, self.key, self.data) if place else None


def place_from(text: str) -> Place:
    """ "2" or "2.5" as a place. Raises EditError."""
    group, _, field = text.partition(".")
    if not (group.isdecimal() and (field.isdecimal() or not field)) or len(text) > 12:
        raise EditError("There is no such place in the form. Nothing was changed.")
    return Place(int(group), int(field) if field else None)


def _group_add(draft: Draft, edit: Edit) -> Step:
    values = GroupForm(edit.data).values()
    new, place = editing.add_group(draft, label=values["label"], repeats=values["repeats"] or "study")
    return new, place, f"added the group “{values['label']}”"


def _group_save(draft: Draft, edit: Edit) -> Step:
    before = editing.group_at(draft, edit.place).get("label", "")
    new, place = editing.set_group(draft, edit.place, **GroupForm(edit.data).values())
    return new, place, f"changed the group “{before}”"


def _group_move(step: int) -> Callable[[Draft, Edit], Step]:
    def move(draft: Draft, edit: Edit) -> Step:
        label = editing.group_at(draft, edit.place).get("label", "")
        return *editing.move_group(draft, edit.place, step), f"moved the group “{label}” {_WAY[step]}"

    return move


def _group_remove(draft: Draft, edit: Edit) -> Step:
    group = editing.group_at(draft, edit.place)
    what = f"removed the group “{group.get('label', '')}” with {len(group['fields'])} fields"
    return *editing.remove_group(draft, edit.place), what


def _field_add(draft: Draft, edit: Edit) -> Step:
    """A new field by name and kind; or one that was removed meanwhile, whole."""
    values = FieldForm(edit.data, draft=draft).values()
    return *editing.add_field(draft, edit.place, values), f"added the field “{values['label']}”"


def _field_save(draft: Draft, edit: Edit) -> Step:
    before = editing.field_at(draft, edit.place).get("label", "")
    form = FieldForm(edit.data, draft=draft)
    group = str(edit.data.get("group", ""))
    target = int(group) if group.isdecimal() and len(group) < 6 else None
    new, place = editing.set_field(draft, edit.place, form.values(), group=target)
    return new, place, f"changed the field “{before}”"


def _field_move(step: int) -> Callable[[Draft, Edit], Step]:
    def move(draft: Draft, edit: Edit) -> Step:
        label = editing.field_at(draft, edit.place).get("label", "")
        return *editing.move_field(draft, edit.place, step), f"moved the field “{label}” {_WAY[step]}"

    return move


def _field_remove(draft: Draft, edit: Edit) -> Step:
    label = editing.field_at(draft, edit.place).get("label", "")
    return *editing.remove_field(draft, edit.place), f"removed the field “{label}”"


_WAY = {-1: "up", 1: "down"}
VERBS: dict[str, Callable[[Draft, Edit], Step]] = {
    "group-add": _group_add,
    "group-save": _group_save,
    "group-up": _group_move(-1),
    "group-down": _group_move(1),
    "group-remove": _group_remove,
    "field-add": _field_add,
    "field-save": _field_save,
    "field-up": _field_move(-1),
    "field-down": _field_move(1),
    "field-remove": _field_remove,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One control of the editor: what the later person wrote, and what stands in the draft now."""

    label: str
    yours: str
    now: str


def differences(edit: Edit, draft: Draft) -> list[Difference]:
    """What the two of an edit conflict wrote, control by control, where they differ."""
    if edit.verb == "group-save":
        form: GroupForm | FieldForm = GroupForm(edit.data)
        now = group_data(editing.group_at(draft, edit.place))
    elif edit.verb == "field-save":
        form = FieldForm(edit.data, draft=draft)
        now = field_data(editing.field_at(draft, edit.place), edit.place.group)
    else:
        return []
    found = []
    for name, control in form.fields.items():
        yours, standing = (str(source.get(name, "")).replace("\r\n", "\n").strip() for source in (edit.data, now))
        if yours != standing:
            found.append(Difference(str(control.label or name.capitalize()), yours, standing))
    return found
