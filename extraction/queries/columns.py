"""The columns of the evidence table: the fields of a version of a form, and what only other versions asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.fields import FieldSpec
from extraction.models.form import Form, FormVersion
from extraction.models.value import cell_key
from extraction.schema import FormSchema, from_json, group_of
from extraction.schema.model import STANDS_FOR


@dataclass(frozen=True, slots=True)
class Column:
    """One field. `key` names it in addresses; `version` is the number of the other version that it is kept from."""

    key: str
    field: FieldSpec
    group: str
    repeats: str
    version: int | None = None

    @property
    def label(self) -> str:
        return self.field.label

    @property
    def heading(self) -> str:
        """Of an exported file: with the unit that a bare number is in, and the version that it is kept from."""
        unit = f" ({self.field.all_units[0]})" if self.field.all_units else ""
        return f"{self.field.label}{unit}" + (f" [kept from version {self.version}]" if self.version else "")

    @property
    def by_arm(self) -> bool:
        return "arm" in STANDS_FOR[self.repeats]

    @property
    def by_measure(self) -> bool:
        return "measure" in STANDS_FOR[self.repeats]

    @property
    def derived(self) -> bool:
        return self.field.tier == "derived" and bool(self.field.formula)

    def cell(self, arm_id: int | None, measure_id: int | None) -> str:
        """The cell of this column that holds for an arm and a measure."""
        return cell_key(self.field.key, arm_id if self.by_arm else None, measure_id if self.by_measure else None)

    def stands_at(self, arm_id: int | None, measure_id: int | None) -> bool:
        """Whether the column has a cell of its own on that line of a study."""
        return self.by_arm == (arm_id is not None) and self.by_measure == (measure_id is not None)


def headings(columns: Sequence[Column], fixed: Sequence[str] = ()) -> list[str]:
    """Of an exported file, each different: with its group, and at last its key, where two would be the same.

    `fixed`: the headings of the file's other columns.
    """
    plain = [column.heading for column in columns]
    grouped = _told_apart(plain, [f"{column.group}: {column.heading}" for column in columns], fixed)
    longer = [f"{name} ({column.key})" for name, column in zip(grouped, columns, strict=True)]
    return _told_apart(grouped, longer, fixed)


def _told_apart(names: Sequence[str], longer: Sequence[str], fixed: Sequence[str]) -> list[str]:
    counts = Counter([*names, *fixed])
    return [long if counts[name] > 1 else name for name, long in zip(names, longer, strict=True)]


def columns_of(version: FormVersion) -> list[Column]:
    """A column for each field of this version, in the order of the form."""
    return _columns(from_json(version.schema))


def kept_columns(version: FormVersion) -> list[Column]:
    """Columns of fields that other versions asked, and this one does not, or asks in another place; newest first.

    One query. What was entered under them is kept (EXT-03), and shown where somebody asks for it.
    """
    here = {(column.field.key, column.repeats) for column in columns_of(version)}
    found: dict[tuple[str, str], Column] = {}
    others = FormVersion.objects.filter(form=version.form_id).exclude(pk=version.pk).order_by("-number")
    for other in others:
        for column in _columns(from_json(other.schema), other.number):
            place = (column.field.key, column.repeats)
            if place not in here:
                found.setdefault(place, column)
    return list(found.values())


def table_forms(review_id: int) -> list[Form]:
    """The forms that the table can show: published ones, those of data first; retired ones have kept values too."""
    published = FormVersion.objects.filter(form__review=review_id).values("form")
    forms = Form.objects.filter(review=review_id, pk__in=published)
    return sorted(forms, key=lambda form: (form.retired, form.purpose != "data", form.pk))


def _columns(schema: FormSchema, number: int | None = None) -> list[Column]:
    groups = group_of(schema)
    return [
        Column(f"{field.key}~{number}" if number else field.key, field, group.label, groups[field.key].repeats, number)
        for group in schema.groups
        for field in group.fields
    ]


def with_inputs(wanted: Sequence[Column], every: Sequence[Column]) -> list[str]:
    """Keys of the fields that must be read to show `wanted`: their own, and what derived ones are computed from."""
    by_key = {column.field.key: column for column in every if column.version is None}
    keys, waiting = dict[str, None](), list(wanted)
    while waiting:
        column = waiting.pop()
        if column.field.key not in keys:
            keys[column.field.key] = None
            waiting += [by_key[key] for _, key in column.field.inputs if column.derived and key in by_key]
    return list(keys)
