"""What a new version of a form changes, in sentences, and which fields' values it touches."""

from collections.abc import Iterator
from dataclasses import dataclass

from extraction.fields.kinds import KINDS
from extraction.fields.spec import FieldSpec
from extraction.schema.model import REPEATS, FormSchema, Group, fields, group_of


@dataclass(frozen=True, slots=True)
class Change:
    """A field that stays. `harms` says that values of the older version may not fit, or not be found, any more."""

    before: FieldSpec
    after: FieldSpec
    sentences: tuple[str, ...]
    harms: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """From one version to the next. Values of removed and changed fields are kept; they stand under the old version."""

    added: tuple[FieldSpec, ...]
    removed: tuple[FieldSpec, ...]
    changed: tuple[Change, ...]
    other: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.other)

    @property
    def touched(self) -> tuple[str, ...]:
        """Keys of fields whose values don't simply go on: removed ones, and those of another kind, list or group."""
        return tuple(field.key for field in self.removed) + tuple(c.after.key for c in self.changed if c.harms)


def difference(old: FormSchema, new: FormSchema) -> Difference:
    """What becomes of `old`'s fields in `new`; a field is the same as long as its key is."""
    before, after = fields(old), fields(new)
    groups_before, groups_after = group_of(old), group_of(new)
    changed = []
    for key in (key for key in after if key in before):
        harming = tuple(_harming(before[key], after[key], groups_before[key], groups_after[key]))
        sentences = harming + tuple(_harmless(before[key], after[key], groups_before[key], groups_after[key]))
        if sentences:
            changed.append(Change(before[key], after[key], sentences, harms=bool(harming)))
    return Difference(
        added=tuple(field for key, field in after.items() if key not in before),
        removed=tuple(field for key, field in before.items() if key not in after),
        changed=tuple(changed),
        other=tuple(_of_form(old, new)),
    )


def _harming(old: FieldSpec, new: FieldSpec, was: Group, now: Group) -> Iterator[str]:
    if old.kind != new.kind:
        yield f"The kind changes from “{KINDS[old.kind].label.lower()}” to “{KINDS[new.kind].label.lower()}”."
    if was.repeats != now.repeats:
        yield f"It is asked {REPEATS[now.repeats].lower()} and no longer {REPEATS[was.repeats].lower()}."
    if gone := [option.label for option in old.options if new.option(option.key) is None]:
        yield f"The list loses {_quoted(gone)}."
    if lost := [unit for unit in old.all_units if unit not in new.all_units]:
        yield f"The unit {_quoted(lost)} is not taken any more."
    if (old.minimum, old.maximum, old.whole) != (new.minimum, new.maximum, new.whole):
        yield "The bounds change."
    if (old.formula, old.inputs) != (new.formula, new.inputs):
        yield "It is computed in another way."


def _harmless(old: FieldSpec, new: FieldSpec, was: Group, now: Group) -> Iterator[str]:
    if old.label != new.label:
        yield f"The name changes from “{old.label}” to “{new.label}”."
    if was.key != now.key:
        yield f"It moves from “{was.label}” to “{now.label}”."
    if added := [option.label for option in new.options if old.option(option.key) is None]:
        yield f"The list gains {_quoted(added)}."
    if any((o := old.option(option.key)) and o.label != option.label for option in new.options):
        yield "An option has another name."
    if gained := [unit for unit in new.all_units if unit not in old.all_units]:
        yield f"The unit {_quoted(gained)} is taken too."
    if old.unit != new.unit and {old.unit, new.unit} <= {*old.all_units, *new.all_units}:
        yield f"A number without a unit is now in {new.unit or 'no unit'}."
    if old.tier != new.tier:
        yield f"The tier changes from {old.tier} to {new.tier}."
    if old.required != new.required:
        yield "It is required now." if new.required else "It is not required any more."
    if old.help != new.help:
        yield "The help text changes."


def _of_form(old: FormSchema, new: FormSchema) -> Iterator[str]:
    if old.title != new.title:
        yield f"The title changes from “{old.title}” to “{new.title}”."
    shared = [key for key in fields(old) if key in fields(new)]
    if shared != [key for key in fields(new) if key in fields(old)]:
        yield "The order of the fields changes."
    before = {group.key: group for group in old.groups}
    for group in new.groups:
        if (was := before.get(group.key)) and (was.label, was.help) != (group.label, group.help):
            yield f"The name or help text of the group “{was.label}” changes."


def _quoted(words: list[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
