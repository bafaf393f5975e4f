"""The cells that are asked for, in portions that a model can answer at one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.fields import FieldSpec

MOST_CELLS = 25  # in one call: longer replies are cut off, and their last cells are done carelessly


@dataclass(frozen=True, slots=True)
class Named:
    """An arm, or an outcome at a time point: its id, and its name as people gave it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One cell. `arm` and `measure` are None where the field is not asked for each of them."""

    field: FieldSpec
    group: str = ""
    help: str = ""
    arm: Named | None = None
    measure: Named | None = None

    @property
    def cell(self) -> str:
        """As `extraction.models.value.cell_key` names it."""
        return f"{self.field.key}@{self.arm.id if self.arm else 0}@{self.measure.id if self.measure else 0}"

    @property
    def row(self) -> tuple[str, int, int]:
        """Cells of one row belong together: the fields of a group for one arm and outcome."""
        return self.group, self.arm.id if self.arm else 0, self.measure.id if self.measure else 0


def portions(asked: Sequence[Asked], most: int = MOST_CELLS) -> list[tuple[Asked, ...]]:
    """The cells in calls of at most `most`, in their order. A row is parted only where it is longer than that."""
    calls: list[list[Asked]] = []
    for row in _rows(asked):
        if not calls or len(calls[-1]) + len(row) > most:
            calls.append([])
        for cell in row:
            if len(calls[-1]) == most:
                calls.append([])
            calls[-1].append(cell)
    return [tuple(call) for call in calls]


def _rows(asked: Iterable[Asked]) -> list[list[Asked]]:
    rows: dict[tuple[str, int, int], list[Asked]] = {}
    for cell in asked:
        rows.setdefault(cell.row, []).append(cell)
    return list(rows.values())
