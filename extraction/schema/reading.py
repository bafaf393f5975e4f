"""JSON to a form, or a sentence for each fault and its place. Nothing in it may make reading raise or take long."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from extraction.fields.kinds import KINDS
from extraction.fields.spec import FieldSpec, Option
from extraction.schema.consistency import check_form
from extraction.schema.faults import Fault, Path, SchemaError
from extraction.schema.model import (
    MOST_FIELDS,
    MOST_GROUPS,
    MOST_OPTIONS,
    MOST_UNITS,
    PURPOSES,
    REPEATS,
    TIERS,
    FormSchema,
    Group,
)
from extraction.schema.parts import Part
from extraction.schema.slugs import KEY, OPTION_KEY, slug

LONGEST_TITLE, LONGEST_LABEL, LONGEST_HELP, LONGEST_UNIT, LONGEST_KEY = 120, 400, 4_000, 40, 60
OLD_WORDS = {"risk_of_bias": "bias", "extraction": "data"}
OF_FORM = ("title", "purpose", "instrument", "groups")
OF_GROUP = ("key", "label", "repeats", "help", "fields")
OF_FIELD = (
    *("key", "label", "kind", "help", "unit", "units", "options", "required", "tier", "formula", "inputs"),
    *("minimum", "maximum", "whole"),
)


class FormulaLike(Protocol):
    """What is asked of a formula of `extraction.derived.COMPUTE`."""

    @property
    def input_names(self) -> tuple[str, ...]: ...

    @property
    def required(self) -> tuple[str, ...]: ...


def from_json(raw: object, formulas: Mapping[str, FormulaLike] | None = None) -> FormSchema:
    """The form that `raw` (decoded JSON) describes. Raises SchemaError with every fault.

    `formulas` are those that a derived field may name; without them, their names and inputs are not checked.
    """
    schema, faults = check(raw, formulas)
    if faults:
        raise SchemaError(faults)
    return schema


def check(raw: object, formulas: Mapping[str, FormulaLike] | None = None) -> tuple[FormSchema, list[Fault]]:
    """What could be read of a form that is still being written, and what is wrong with it."""
    faults: list[Fault] = []
    part = Part(raw, (), faults, OF_FORM)
    if not part.raw:
        return FormSchema((), ""), faults or [Fault((), "This is empty: a form needs a title and groups of fields.")]
    purpose = part.raw.get("purpose", "data")
    part.raw = {**part.raw, "purpose": OLD_WORDS.get(purpose, purpose) if isinstance(purpose, str) else purpose}
    groups = part.items("groups", MOST_GROUPS, "groups")
    if not groups:
        part.fault("A form needs at least one group of fields.", "groups")
    schema = FormSchema(
        groups=tuple(_group(group, ("groups", place), faults) for place, group in enumerate(groups)),
        title=part.text("title", LONGEST_TITLE, needed="The form needs a title."),
        purpose=part.one_of("purpose", PURPOSES, "data", "a purpose"),
        instrument=part.text("instrument", 20),
    )
    if sum(len(group.fields) for group in schema.groups) > MOST_FIELDS:
        part.fault(f"There are more than {MOST_FIELDS} fields. Make two forms of it.", "groups")
    else:
        check_form(schema, faults, formulas)
    return schema, faults


def _group(raw: object, path: Path, faults: list[Fault]) -> Group:
    part = Part(raw, path, faults, OF_GROUP)
    fields = part.items("fields", MOST_FIELDS + 1, "fields")
    if isinstance(raw, Mapping) and not fields:
        part.fault("A group needs at least one field. Add one, or remove the group.", "fields")
    return Group(
        key=_key(part),
        label=part.text("label", LONGEST_LABEL, needed="The group needs a name."),
        repeats=part.one_of("repeats", REPEATS, "study", "a way in which a group repeats"),
        help=part.text("help", LONGEST_HELP),
        fields=tuple(_field(field, (*path, "fields", place), faults) for place, field in enumerate(fields)),
    )


def _field(raw: object, path: Path, faults: list[Fault]) -> FieldSpec:
    part = Part(raw, path, faults, OF_FIELD)
    return FieldSpec(
        key=_key(part),
        label=part.text("label", LONGEST_LABEL, needed="The field needs a name."),
        kind=part.one_of("kind", KINDS, "text", "a kind of field"),
        help=part.text("help", LONGEST_HELP),
        unit=part.text("unit", LONGEST_UNIT),
        units=_units(part),
        options=_options(part),
        required=part.flag("required"),
        tier=part.one_of("tier", TIERS, "descriptive", "a tier"),
        formula=part.text("formula", LONGEST_KEY),
        inputs=_inputs(part),
        minimum=part.number("minimum"),
        maximum=part.number("maximum"),
        whole=part.flag("whole"),
    )


def _key(part: Part) -> str:
    key = part.text("key", 1_000)
    if not KEY.fullmatch(key):
        part.fault(
            f"“{key[:60]}” can't be a key. It begins with a small letter a–z and goes on with a–z, digits and _,"
            f" at most {LONGEST_KEY} of them.",
            "key",
        )
    return key


def _units(part: Part) -> tuple[str, ...]:
    units = part.items("units", MOST_UNITS, "units")
    if any(not isinstance(unit, str) or not unit.strip() or len(unit) > LONGEST_UNIT for unit in units):
        part.fault(f"Each unit must be text of 1 to {LONGEST_UNIT} characters.", "units")
        return ()
    return tuple(unit.strip() for unit in units)


def _options(part: Part) -> tuple[Option, ...]:
    """Options as {"key", "label"}, or as plain labels, which get keys made of them."""
    options: list[Option] = []
    for place, raw in enumerate(part.items("options", MOST_OPTIONS, "options")):
        whole = {"label": raw} if isinstance(raw, str) else raw
        inner = Part(whole, (*part.path, "options", place), part.faults, ("key", "label"))
        label = inner.text("label", LONGEST_LABEL, needed="The option needs a name.")
        key = inner.text("key", 1_000) or slug(label, {option.key for option in options}, start="option")
        if not OPTION_KEY.fullmatch(key):
            inner.fault(f"“{key[:60]}” can't be the key of an option: letters a–z, digits and _, at most 60.", "key")
        if ";" in label or "\n" in label:
            inner.fault("The name of an option can't hold a semicolon or a line break: they part options.", "label")
        options.append(Option(key, label))
    return tuple(options)


def _inputs(part: Part) -> tuple[tuple[str, str], ...]:
    """{"input of the formula": "key of the field"}; a list of names means fields that are called as the inputs."""
    raw: Any = part.raw.get("inputs", {})
    if isinstance(raw, list):
        raw = {name: name for name in raw if isinstance(name, str)} if _texts(raw) else None
    if not isinstance(raw, Mapping) or not _texts(raw.values()) or len(raw) > 20:
        part.fault("This must name the field of each input, as in {“events”: “deaths”}.", "inputs")
        return ()
    return tuple(sorted((str(name)[:LONGEST_KEY], field) for name, field in raw.items()))  # PostgreSQL keeps no order


def _texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) and len(value) <= LONGEST_KEY for value in values)
