"""What a changed rule of a stage will do, before it is made (SCR-01). Nothing is written here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from screening.actions import stages
from screening.actions.rulebook import Rulebook, rulebook
from screening.enums import Stage, StageStatus
from screening.models.stage import StageRule, StageState


@dataclass(frozen=True, slots=True)
class Change:
    """So many records go from one status to another at a stage."""

    stage: str
    old: str
    new: str
    records: int

    @property
    def stage_label(self) -> str:
        return Stage(self.stage).label

    @property
    def old_label(self) -> str:
        return StageStatus(self.old).label

    @property
    def new_label(self) -> str:
        return StageStatus(self.new).label

    @property
    def requeued(self) -> bool:
        """Whether people get these records again, or for the first time."""
        return self.new in (StageStatus.UNSCREENED, StageStatus.PARTIAL)


@dataclass(frozen=True, slots=True)
class Preview:
    """`changes` by stage, then from what to what; `more` and `fewer` records need two opinions, or one, instead."""

    changes: tuple[Change, ...]
    more: int
    fewer: int

    @property
    def requeued(self) -> int:
        return sum(change.records for change in self.changes if change.requeued)


def preview(rule: StageRule, *, seniors: frozenset[int] | None = None) -> Preview:
    """What `stages.apply_rule` would do with this rule, which the caller has changed and not saved.

    `seniors` are who would be senior reviewers, if that is what changes. Fourteen queries at most, whatever the size
    of the review; the status follows from `policies.settle`, as it does there.
    """
    book = rulebook(rule)
    if seniors is not None and rule.senior_among:
        book = replace(book, seniors=seniors)
    return preview_of(book)


def preview_of(book: Rulebook) -> Preview:
    """What follows from a rulebook in place of the one in force."""
    rule = book.rule
    states = StageState.objects.filter(review=rule.review_id, stage=rule.stage).exclude(status=StageStatus.INACTIVE)
    places = list(states.select_related("pilot").only(*COLUMNS))
    more, fewer, voted = 0, 0, []
    for place in places:
        before, place.needed = place.needed, book.needed(place)
        more, fewer = more + (place.needed > before), fewer + (place.needed < before)
        if place.voters:
            voted.append(place)
    found = {old.record_id: (old.status, new.status) for old, new in stages.computed_of(book, voted)}
    moved = {record_id: move for record_id, move in found.items() if move[0] != move[1]}
    follow = _next_stage(rule, moved) if rule.stage == Stage.TITLE_ABSTRACT else Counter()
    return Preview(
        _changes(rule.stage, Counter(moved.values())) + _changes(Stage.FULL_TEXT, follow), more=more, fewer=fewer
    )


COLUMNS = ("record_id", "review_id", "stage", "status", "needed", "voters", "senior_missing", "waived", "pilot")


def _next_stage(rule: StageRule, found: Mapping[int, tuple[str, str]]) -> Counter[tuple[str, str]]:
    """What is no longer included is not to be read in full; what now is, stands where its earlier opinions put it."""
    included = {record_id for record_id, (_, new) in found.items() if new == StageStatus.INCLUDED}
    dropped = {record_id for record_id, (old, _) in found.items() if old == StageStatus.INCLUDED}
    if not included | dropped:
        return Counter()
    states = StageState.objects.filter(review=rule.review_id, stage=Stage.FULL_TEXT, record_id__in=included | dropped)
    here = {state.record_id: state for state in states.select_related("pilot")}
    book = rulebook(stages.rule_for(rule.review, Stage.FULL_TEXT))
    coming = [here.get(record_id) or _new_place(book, record_id) for record_id in included]
    after = {new.record_id: str(new.status) for _, new in stages.computed_of(book, coming, here=included)}
    moves: Counter[tuple[str, str]] = Counter()
    for record_id in included | dropped:
        before = str(here[record_id].status) if record_id in here else str(StageStatus.INACTIVE)
        new = after.get(record_id, str(StageStatus.INACTIVE))
        moves[before, new] += before != new
    return +moves


def _new_place(book: Rulebook, record_id: int) -> StageState:
    place = StageState(review_id=book.rule.review_id, record_id=record_id, stage=Stage.FULL_TEXT)
    place.needed = book.needed(place)
    return place


def _changes(stage: str, moves: Counter[tuple[str, str]]) -> tuple[Change, ...]:
    order = list(StageStatus.values)
    ranked = sorted(moves.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1])))
    return tuple(Change(stage, old, new, records) for (old, new), records in ranked)
