"""Both extractors' values of a study side by side, what an assistant proposed, and how well they agree."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audit.agreement import Kappa, Rate, kappa, wilson
from extraction.enums import Capacity, CellState, ValueState
from extraction.fields import Parsed
from extraction.models.form import Form
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.policies import Word, moved, parsed, same_for, standing
from extraction.queries.grid import Cell, cells, structure_of
from extraction.queries.proposals import offered
from extraction.queries.rules import modes_of, rule_of
from extraction.queries.settled import Team, teams_of
from extraction.queries.sheets import schema_of
from screening.models.study import Study

ORDER = {CellState.CONFLICT: 0, CellState.PARTIAL: 1}


@dataclass(frozen=True, slots=True)
class Line:
    """One cell: `sides` are the extractors' values in the order of their assignment, None where one said nothing."""

    cell: Cell
    state: CellState
    sides: tuple[Value | None, ...]
    consensus: Value | None
    proposal: Proposal | None

    @property
    def open(self) -> bool:
        return self.state in (CellState.CONFLICT, CellState.PARTIAL) or self.moved

    @property
    def moved(self) -> bool:
        """Whether an extractor has said something else since it was settled. What was settled stands until then."""
        settled = _word(self.consensus) if self.consensus else None
        return moved(settled, [_word(side) for side in self.sides if side is not None], same_for(self.cell.spec))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cells of which both spoke: how many alike, and kappa over those that offer a list of answers."""

    alike: Rate
    kappa: Kappa


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the consensus screen shows; `lines` with what differs first."""

    team: Team
    lines: list[Line]
    agreement: Agreement

    @property
    def waiting(self) -> int:
        return sum(line.open for line in self.lines)


def comparison(study: Study, form: Form) -> Comparison:
    """Every cell of which somebody spoke. A fixed number of queries; ask `visibility` first who may see it."""
    team = teams_of(form, [study.pk])[study.pk]
    people = list(team.status)
    spoken = _spoken(study, form)
    modes = modes_of(study.review, rule_of(study.review))
    proposals = offered(study, form)
    lines = []
    for cell in cells(schema_of(form), *structure_of(study)):
        if said := spoken.get(cell.key):
            shown = proposals.get(cell.key) if modes[cell.spec.tier] != "off" else None
            lines.append(_line(cell, said, people, team, shown))
    lines = [line for line in lines if line.consensus or any(line.sides)]
    return Comparison(
        team, sorted(lines, key=lambda line: 0 if line.moved else ORDER.get(line.state, 2)), agreement(lines)
    )


def agreement(lines: Iterable[Line]) -> Agreement:
    """How well the first two extractors agree, before anything was settled."""
    alike, total, pairs = 0, 0, []
    for line in lines:
        one, other = [_said(value) for value in (*line.sides, None, None)[:2]]
        if one is None or other is None:
            continue
        total += 1
        alike += same_for(line.cell.spec)(one, other)
        if line.cell.spec.kind in ("choice", "yes_no"):
            pairs.append(((one.state, one.value), (other.state, other.value)))
    return Agreement(wilson(alike, total), kappa(pairs))


def _line(cell: Cell, said: Sequence[Value], people: Sequence[int], team: Team, proposal: Proposal | None) -> Line:
    own = {value.author_id: value for value in said if value.capacity == Capacity.EXTRACTION}
    settled = [value for value in said if value.capacity == Capacity.CONSENSUS]
    found = standing([_word(value) for value in said], extractors=people, needed=team.needed, same=same_for(cell.spec))
    theirs = tuple(own.get(person) for person in people)
    return Line(cell, found.state, theirs, settled[-1] if settled else None, proposal)


def _spoken(study: Study, form: Form) -> dict[str, list[Value]]:
    rows = Value.objects.filter(study=study, form_version__form=form, superseded_by=None)
    found: dict[str, list[Value]] = defaultdict(list)
    for value in rows.exclude(state=ValueState.WITHDRAWN).select_related("author", "document").order_by("id"):
        found[value.cell].append(value)
    return found


def _word(value: Value) -> Word:
    return Word(value.pk, value.author_id, value.capacity, value.manner, value.citing_id, _said(value))


def _said(value: Value | None) -> Parsed | None:
    return parsed(value.state, value.value, value.unit) if value else None
