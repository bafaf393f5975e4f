"""The cells that a form has in a study: each field once per study, arm, outcome at a time point, or both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extraction.models.structure import Arm, Measure
from extraction.models.value import cell_key
from extraction.schema import FieldSpec, FormSchema, Group
from screening.models.study import Study


@dataclass(frozen=True, slots=True)
class Place:
    """One repetition of a group: for an arm, for an outcome, for both or for the study."""

    group: Group
    arm: Arm | None = None
    measure: Measure | None = None

    @property
    def name(self) -> str:
        return " · ".join(str(part) for part in (self.measure, self.arm) if part)

    @property
    def ids(self) -> tuple[int | None, int | None]:
        return (self.arm.pk if self.arm else None, self.measure.pk if self.measure else None)

    def cell(self, field_key: str) -> str:
        return cell_key(field_key, *self.ids)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field at a place."""

    spec: FieldSpec
    place: Place

    @property
    def key(self) -> str:
        return self.place.cell(self.spec.key)

    @property
    def label(self) -> str:
        return f"{self.spec.label} ({self.place.name})" if self.place.name else self.spec.label


def structure_of(study: Study) -> tuple[list[Arm], list[Measure]]:
    """The arms and outcomes in use. Two queries."""
    arms = Arm.objects.filter(study=study, retired=False).order_by("position", "id")
    return list(arms), list(Measure.objects.filter(study=study, retired=False).order_by("position", "id"))


def places(group: Group, arms: Sequence[Arm], measures: Sequence[Measure]) -> list[Place]:
    """Where a group is asked; nowhere while a study has none of what it repeats for."""
    of_arms: Sequence[Arm | None] = arms if group.repeats in ("arm", "measure_arm") else [None]
    of_measures: Sequence[Measure | None] = measures if group.repeats in ("measure", "measure_arm") else [None]
    return [Place(group, arm, measure) for measure in of_measures for arm in of_arms]


def cells(schema: FormSchema, arms: Sequence[Arm], measures: Sequence[Measure]) -> Iterator[Cell]:
    """Every cell, in the order of the screen."""
    for group in schema.groups:
        for place in places(group, arms, measures):
            for spec in group.fields:
                yield Cell(spec, place)
