"""What only shows when the parts of a form are seen together: double keys, options, units, derived fields."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from extraction.fields.spec import FieldSpec
from extraction.schema.faults import Fault, Path
from extraction.schema.model import STANDS_FOR, FormSchema, Group, fields, group_of

WITH_OPTIONS = ("choice", "multi_choice")


def check_form(schema: FormSchema, faults: list[Fault], formulas: Mapping[str, Any] | None) -> None:
    """Append what is wrong to `faults`."""
    faults += _doubles(schema)
    known, groups = fields(schema), group_of(schema)
    for path, group, field in _walk(schema):
        faults += (Fault((*path, name), sentence) for name, sentence in _of_kind(field))
        faults += (Fault((*path, name), sentence) for name, sentence in _derived(field, group, known, groups, formulas))


def _walk(schema: FormSchema) -> Iterator[tuple[Path, Group, FieldSpec]]:
    for row, group in enumerate(schema.groups):
        for column, field in enumerate(group.fields):
            yield ("groups", row, "fields", column), group, field


def _doubles(schema: FormSchema) -> Iterator[Fault]:
    """Values stay with keys from version to version, so a key must name one field of the whole form."""
    seen: dict[str, str] = {}
    for path, _, field in _walk(schema):
        if field.key and field.key in seen:
            sentence = f"The key “{field.key}” belongs to the field “{seen[field.key]}” already. Give this one another."
            yield Fault((*path, "key"), sentence)
        seen.setdefault(field.key, field.label)
    groups: set[str] = set()
    for row, group in enumerate(schema.groups):
        if group.key and group.key in groups:
            yield Fault(("groups", row, "key"), f"There are two groups with the key “{group.key}”. Change one.")
        groups.add(group.key)


def _of_kind(field: FieldSpec) -> Iterator[tuple[str, str]]:
    if field.kind in WITH_OPTIONS:
        yield from _of_options(field)
    elif field.options:
        yield "options", "Only a list has options. Remove them, or choose the kind “one of a list”."
    if field.kind != "number" and (field.unit or field.units or field.minimum or field.maximum or field.whole):
        yield "unit", "Only a number has a unit and bounds. Remove them, or choose the kind “number”."
    if field.units and not field.unit:
        yield "unit", "Say which unit is meant where none is written; the others come after it."
    if len(field.all_units) < len(field.units) + bool(field.unit):
        yield "units", "A unit stands in the list twice."
    if field.minimum and field.maximum and Decimal(field.minimum) > Decimal(field.maximum):
        yield "minimum", "The least possible value is above the most possible one."


def _of_options(field: FieldSpec) -> Iterator[tuple[str, str]]:
    if len(field.options) < 2:
        yield "options", "A list needs at least two options."
    for names in (
        [o.key.casefold() for o in field.options],
        [" ".join(o.label.casefold().split()) for o in field.options],
    ):
        if double := next((name for place, name in enumerate(names) if name in names[:place]), ""):
            yield "options", f"The option “{double}” stands in the list twice."
            return


def _derived(
    field: FieldSpec,
    group: Group,
    known: Mapping[str, FieldSpec],
    groups: Mapping[str, Group],
    formulas: Mapping[str, Any] | None,
) -> Iterator[tuple[str, str]]:
    if field.tier != "derived":
        if field.formula or field.inputs:
            yield "formula", "Only a derived field is computed. Remove the formula, or choose the tier “derived”."
        return
    if field.kind != "number":
        yield "kind", "A derived field is computed, so it must be a number."
    if field.required:
        yield "required", "A derived field is computed, so nobody can be required to fill it."
    yield from _formula(field, formulas)
    for _, key in field.inputs:
        if sentence := _unusable(field, group, key, known, groups):
            yield "inputs", sentence


def _formula(field: FieldSpec, formulas: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if not field.formula:
        yield "formula", "Choose the formula by which this field is computed."
    elif formulas is not None and field.formula not in formulas:
        yield "formula", f"There is no formula called “{field.formula}”."
    elif formulas is not None:
        given = dict(field.inputs)
        formula = formulas[field.formula]
        if missing := [name for name in formula.required if not given.get(name)]:
            yield "inputs", f"The formula needs a field for {', '.join(missing)}."
        if unknown := [name for name in given if name not in formula.input_names]:
            yield (
                "inputs",
                f"The formula has no input called {', '.join(unknown)}. It has {', '.join(formula.input_names)}.",
            )
    elif not field.inputs:
        yield "inputs", "Say which fields the formula takes its numbers from."


def _unusable(
    field: FieldSpec, group: Group, key: str, known: Mapping[str, FieldSpec], groups: Mapping[str, Group]
) -> str:
    source = known.get(key)
    if source is None or not key:
        return f"There is no field with the key “{key}” to compute from."
    if key == field.key or source.tier == "derived":
        return f"“{source.label}” is computed itself. Take the fields that it is computed from."
    if source.kind != "number":
        return f"“{source.label}” is not a number, so nothing can be computed from it."
    if not STANDS_FOR[groups[key].repeats] <= STANDS_FOR[group.repeats]:
        return f"“{source.label}” is asked more often than this field, so it is not clear which of its values is meant."
    return ""
