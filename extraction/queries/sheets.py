"""The extraction screen of one study: every cell with what its reader may see of it, in a fixed number of queries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from extraction.enums import AssignmentStatus, Capacity, CellState, ValueState
from extraction.models.assignment import Assignment
from extraction.models.form import Form, FormVersion
from extraction.models.proposal import Proposal, Rejection
from extraction.models.structure import Arm, Measure
from extraction.models.value import Value
from extraction.policies import Word, own_state, parsed
from extraction.queries.computed import Computed, Doubts, computed, doubts
from extraction.queries.grid import Cell, cells, structure_of
from extraction.queries.judging import Asking, asking
from extraction.queries.proposals import offered
from extraction.queries.rules import modes_of, rule_of
from extraction.queries.settled import Team, teams_of
from extraction.schema import FormSchema, check
from extraction.visibility import sees_proposal
from screening.models.study import Study


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell as one person sees it. `hidden`: a proposal may come after the own entry; not whether there is one."""

    cell: Cell
    state: CellState
    value: Value | None
    proposal: Proposal | None
    rejected: str
    mode: str
    hidden: bool

    @property
    def said(self) -> "Value | None":
        """The own word, unless it was taken back."""
        return self.value if self.value and self.value.state != ValueState.WITHDRAWN else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the screen shows. `modes`: by tier, when proposals are shown."""

    study: Study
    form: Form
    schema: FormSchema
    version: int
    arms: list[Arm]
    measures: list[Measure]
    entries: dict[str, Entry]
    assignment: Assignment | None
    team: Team
    derived: dict[str, Computed] = field(default_factory=dict)
    doubts: Doubts = field(default_factory=dict)
    asking: Asking = field(default_factory=Asking)
    modes: Mapping[str, str] = field(default_factory=dict)

    @property
    def writable(self) -> bool:
        return self.assignment is not None and self.assignment.status == AssignmentStatus.WORKING

    @property
    def counted(self) -> list[Entry]:
        """The cells that a person fills in: neither computed ones, nor questions that are not asked."""
        return [
            entry
            for key, entry in self.entries.items()
            if entry.cell.spec.tier != "derived" and key not in self.asking.folded
        ]

    @property
    def filled(self) -> int:
        return sum(entry.said is not None for entry in self.counted)


def schema_of(form: Form) -> FormSchema:
    """The form in force; an empty one before the first version is published."""
    schema = FormVersion.objects.filter(form=form).order_by("-number").values_list("schema", flat=True).first()
    return check(schema)[0] if schema else FormSchema((), form.name)


def sheet(study: Study, form: Form, *, user_id: int, roles: Collection[str]) -> Sheet:
    """The screen of a study and form for one person, who sees their own words only. A fixed number of queries."""
    version = FormVersion.objects.filter(form=form).order_by("-number").first()
    schema = check(version.schema)[0] if version else FormSchema((), form.name)
    arms, measures = structure_of(study)
    modes = modes_of(study.review, rule_of(study.review))
    words = own_words(study, form, user_id)
    spoken = set(words)
    rejected = dict(
        Rejection.objects.filter(proposal__study=study, author_id=user_id).values_list("proposal_id", "reason")
    )
    proposals = offered(study, form) if any(mode != "off" for mode in modes.values()) else {}
    entries = {
        cell.key: _entry(cell, words.get(cell.key), proposals.get(cell.key), rejected, modes, roles, spoken)
        for cell in cells(schema, arms, measures)
    }
    said = {key: entry.said for key, entry in entries.items() if entry.said}
    return Sheet(
        study,
        form,
        schema,
        version.number if version else 0,
        arms,
        measures,
        entries,
        Assignment.objects.filter(study=study, form=form, extractor=user_id).first(),
        teams_of(form, [study.pk])[study.pk],
        computed([entry.cell for entry in entries.values()], said),
        doubts([entry.cell for entry in entries.values()], said),
        asking(form.instrument, [entry.cell for entry in entries.values()], said),
        modes,
    )


def own_words(study: Study, form: Form, user_id: int, capacity: str = Capacity.EXTRACTION) -> dict[str, Value]:
    """The last word of a person on each cell, those taken back among them. One query."""
    rows = Value.objects.filter(
        study=study, form_version__form=form, author=user_id, capacity=capacity, superseded_by=None
    )
    return {
        value.cell: value
        for value in rows.select_related("document", "form_version").defer("form_version__schema").order_by("id")
    }


def _entry(
    cell: Cell,
    value: Value | None,
    proposal: Proposal | None,
    rejected: Mapping[int, str],
    modes: Mapping[str, str],
    roles: Collection[str],
    spoken: Collection[str],
) -> Entry:
    mode = modes[cell.spec.tier]
    sees = sees_proposal(mode=mode, roles=roles, spoken=cell.key in spoken)
    shown = proposal if sees else None
    why = rejected.get(shown.pk, "") if shown else ""
    word = _word(value) if value else None
    return Entry(
        cell,
        own_state(word, suggested=shown is not None and not why),
        value,
        shown,
        why,
        mode,
        hidden=mode == "blind_first" and not sees,
    )


def _word(value: Value) -> Word:
    said = parsed(value.state, value.value, value.unit)
    return Word(value.pk, value.author_id, value.capacity, value.manner, value.citing_id, said)
