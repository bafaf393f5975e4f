"""One change at a time to a draft: pure. A draft is the JSON of a form that may still have faults.

Places are (group, field) counted from 0; field None means the group itself. Every function returns a new draft and the
place where the changed thing stands now; a place that isn't there raises EditError.
"""

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple

from extraction.schema.slugs import slug

Draft = dict[str, Any]
OF_KIND = {
    "number": ("unit", "units", "minimum", "maximum", "whole"),
    "choice": ("options",),
    "multi_choice": ("options",),
}
SOMETIMES = ("unit", "units", "minimum", "maximum", "whole", "options")


class EditError(ValueError):
    """The change can't be made; the message is a sentence."""


class Place(NamedTuple):
    group: int
    field: int | None = None


def shaped(draft: object) -> Draft:
    """`draft` with the outer shape of a form, whatever it was: groups that are objects with lists of objects."""
    whole: Mapping[str, Any] = draft if isinstance(draft, Mapping) else {}
    groups = [dict(group) for group in _listed(whole.get("groups")) if isinstance(group, Mapping)]
    for group in groups:
        group["fields"] = [dict(field) for field in _listed(group.get("fields")) if isinstance(field, Mapping)]
    texts = {name: whole.get(name) if isinstance(whole.get(name), str) else "" for name in ("title", "instrument")}
    purpose = whole.get("purpose")
    return {**texts, "purpose": purpose if isinstance(purpose, str) else "data", "groups": copy.deepcopy(groups)}


def add_group(draft: Draft, *, label: str, repeats: str = "study") -> tuple[Draft, Place]:
    new = shaped(draft)
    key = slug(label, {group.get("key") for group in new["groups"]}, start="group")
    new["groups"].append({"key": key, "label": label, "repeats": repeats, "help": "", "fields": []})
    return new, Place(len(new["groups"]) - 1)


def set_group(draft: Draft, place: Place, **values: Any) -> tuple[Draft, Place]:
    """Change a group's own properties; its fields stay."""
    new = shaped(draft)
    group = group_at(new, place)
    group.update(values)
    if not group.get("key"):
        others = {other.get("key") for other in new["groups"] if other is not group}
        group["key"] = slug(str(group.get("label", "")), others, start="group")
    return new, Place(place.group)


def move_group(draft: Draft, place: Place, step: int) -> tuple[Draft, Place]:
    new = shaped(draft)
    group_at(new, place)
    to = min(max(place.group + step, 0), len(new["groups"]) - 1)
    new["groups"].insert(to, new["groups"].pop(place.group))
    return new, Place(to)


def remove_group(draft: Draft, place: Place) -> tuple[Draft, Place]:
    new = shaped(draft)
    group_at(new, place)
    del new["groups"][place.group]
    return new, Place(max(place.group - 1, 0))


def add_field(draft: Draft, place: Place, values: Mapping[str, Any]) -> tuple[Draft, Place]:
    """Append a field to a group; without a key it gets one of its label, taken by no other field."""
    new = shaped(draft)
    fields = group_at(new, place)["fields"]
    fields.append(_settled(new, values))
    return new, Place(place.group, len(fields) - 1)


def set_field(
    draft: Draft, place: Place, values: Mapping[str, Any], *, group: int | None = None
) -> tuple[Draft, Place]:
    """Put `values` in the place of a field; with `group`, at the end of that group."""
    new = shaped(draft)
    field_at(new, place)
    fields = new["groups"][place.group]["fields"]
    del fields[place.field]
    settled = _settled(new, values)
    if group is None or group == place.group:
        fields.insert(place.field, settled)
        return new, place
    target = group_at(new, Place(group))["fields"]
    target.append(settled)
    return new, Place(group, len(target) - 1)


def move_field(draft: Draft, place: Place, step: int) -> tuple[Draft, Place]:
    """Up (-1) or down (1); beyond the edge of its group, into the next one."""
    new = shaped(draft)
    field = field_at(new, place)
    fields, at = new["groups"][place.group]["fields"], place.field or 0
    if 0 <= at + step < len(fields):
        fields.insert(at + step, fields.pop(at))
        return new, Place(place.group, at + step)
    if not 0 <= place.group + step < len(new["groups"]):
        return new, place
    del fields[at]
    target = new["groups"][place.group + step]["fields"]
    to = 0 if step > 0 else len(target)
    target.insert(to, field)
    return new, Place(place.group + step, to)


def remove_field(draft: Draft, place: Place) -> tuple[Draft, Place]:
    new = shaped(draft)
    field_at(new, place)
    fields = new["groups"][place.group]["fields"]
    del fields[place.field]
    return new, Place(place.group, max((place.field or 0) - 1, 0) if fields else None)


def group_at(draft: Draft, place: Place) -> dict[str, Any]:
    """The group there. Raises EditError."""
    if not 0 <= place.group < len(draft["groups"]):
        raise EditError("That group is not in the form any more. Nothing was changed.")
    group: dict[str, Any] = draft["groups"][place.group]
    return group


def field_at(draft: Draft, place: Place) -> dict[str, Any]:
    """The field there. Raises EditError."""
    fields = group_at(draft, place)["fields"]
    if place.field is None or not 0 <= place.field < len(fields):
        raise EditError("That field is not in the form any more. Nothing was changed.")
    field: dict[str, Any] = fields[place.field]
    return field


def place_of(draft: Draft, key: str, *, group: bool) -> Place | None:
    """Where the group or field of that key stands, for a change that was meant for an older draft."""
    for row, member in enumerate(draft["groups"]):
        if group and member.get("key") == key:
            return Place(row)
        for column, field in enumerate(() if group else member["fields"]):
            if field.get("key") == key:
                return Place(row, column)
    return None


def _settled(draft: Draft, values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what its kind and tier have no use for, and without empty properties; with a key."""
    kind, tier = values.get("kind"), values.get("tier")
    keep = set(OF_KIND.get(str(kind), ()))
    field = {
        name: value
        for name, value in values.items()
        if (name not in SOMETIMES or name in keep)
        and (name not in ("formula", "inputs") or tier == "derived")
        and (value or name in ("key", "label", "kind"))
    }
    if tier == "derived":
        field.pop("required", None)
    if not field.get("key"):
        taken = {other.get("key") for group in draft["groups"] for other in group["fields"]}
        field["key"] = slug(str(field.get("label", "")), taken)
    return field


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
