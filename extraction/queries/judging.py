"""A risk-of-bias form on the screen: which questions are asked by now, and what the algorithm makes of the answers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extraction.bias import INSTRUMENTS, Judgement, departures, not_asked, proposed
from extraction.models.value import Value
from extraction.queries.grid import Cell


@dataclass(frozen=True, slots=True)
class Asking:
    """Cells that are folded, judgements by cell, and judgements that depart from the algorithm without a reason."""

    folded: frozenset[str] = frozenset()
    judgements: dict[str, Judgement] = field(default_factory=dict)
    reasonless: frozenset[str] = frozenset()


def asking(instrument: str, cells: Sequence[Cell], said: Mapping[str, Value]) -> Asking:
    """What the instrument says, result by result; nothing for a form that is none."""
    if instrument not in INSTRUMENTS:
        return Asking()
    folded: set[str] = set()
    judgements: dict[str, Judgement] = {}
    reasonless: set[str] = set()
    for place in _by_place(cells):
        answers = {cell.spec.key: _word(said.get(cell.key)) for cell in place.values()}
        folded |= {place[key].key for key in not_asked(instrument, answers) if key in place}
        reasonless |= {place[key].key for key in departures(instrument, answers) if key in place}
        judgements |= {place[key].key: judged for key, judged in proposed(instrument, answers).items() if key in place}
    return Asking(frozenset(folded), judgements, frozenset(reasonless))


def _by_place(cells: Sequence[Cell]) -> list[dict[str, Cell]]:
    found: dict[tuple[int | None, int | None], dict[str, Cell]] = defaultdict(dict)
    for cell in cells:
        found[cell.place.ids][cell.spec.key] = cell
    return list(found.values())


def _word(value: Value | None) -> str:
    return value.value if value is not None and isinstance(value.value, str) else ""
