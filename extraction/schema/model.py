"""A form: groups of fields, each group asked once per study, arm, outcome at a time point, or both."""

from dataclasses import dataclass

from extraction.fields.spec import FieldSpec

PURPOSES = {"data": "Data extraction", "bias": "Risk of bias"}
TIERS = {"descriptive": "Descriptive", "outcome": "Outcome", "derived": "Derived"}
REPEATS = {
    "study": "Once per study",
    "arm": "Once per arm",
    "measure": "Once per outcome and time point",
    "measure_arm": "Once per outcome, time point and arm",
}
# What a cell of a group belongs to besides its study. A field can be computed from cells that stand for no more.
STANDS_FOR: dict[str, frozenset[str]] = {
    "study": frozenset(),
    "arm": frozenset({"arm"}),
    "measure": frozenset({"measure"}),
    "measure_arm": frozenset({"arm", "measure"}),
}
MOST_FIELDS, MOST_GROUPS, MOST_OPTIONS, MOST_UNITS = 300, 60, 100, 20


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are asked together. `repeats` is a key of REPEATS."""

    key: str
    label: str
    repeats: str = "study"
    help: str = ""
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSchema:
    """A whole form. `purpose` is "data" or "bias"; `instrument` names the risk-of-bias tool, and is empty for data."""

    groups: tuple[Group, ...]
    title: str
    purpose: str = "data"
    instrument: str = ""


def fields(schema: FormSchema) -> dict[str, FieldSpec]:
    """Every field by its key, in the order of the form."""
    return {field.key: field for group in schema.groups for field in group.fields}


def group_of(schema: FormSchema) -> dict[str, Group]:
    """The group of every field, by the field's key."""
    return {field.key: group for group in schema.groups for field in group.fields}
