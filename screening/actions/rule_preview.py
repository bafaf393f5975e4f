"""What a changed rule of a stage will do, before it is made (SCR-01). Nothing is written here."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from screening.actions import stages
from screening.enums import Stage, StageStatus
from screening.models.stage import StageRule, StageState
from screening.policies import settle
from screening.queries.retrieval import not_retrieved
from screening.queries.votes import current_votes


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


def preview(rule: StageRule) -> Preview:
    """What `stages.apply_rule` would do with this rule, which the caller has changed and not saved.

    Eight queries at most, whatever the size of the review; the status follows from `policies.settle`, as it does there.
    """
    places = _places(rule)
    wanted = {record_id: stages.needed(rule, record_id) for record_id in places}
    voted = [record_id for record_id, place in places.items() if place.voted]
    votes, opinions = current_votes(voted, rule.stage), stages.second_opinions(rule, voted)
    lost = not_retrieved(voted, rule.stage)
    found: dict[int, tuple[str, str]] = {}
    for record_id in voted:
        old, new = places[record_id].status, str(StageStatus.INACTIVE)
        if old != StageStatus.INACTIVE:
            cast = votes.get(record_id, [])
            second, had = opinions.get(record_id), record_id not in lost
            new = str(settle(cast, needed=wanted[record_id], stage=rule.stage, second_opinion=second, retrieved=had))
        if new != old:
            found[record_id] = (old, new)
    follow = _next_stage(rule, found) if rule.stage == Stage.TITLE_ABSTRACT else Counter()
    needs = [wanted[record_id] - place.needed for record_id, place in places.items() if place.open]
    return Preview(
        _changes(rule.stage, Counter(found.values())) + _changes(Stage.FULL_TEXT, follow),
        more=sum(need > 0 for need in needs),
        fewer=sum(need < 0 for need in needs),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    status: str
    needed: int
    voted: bool

    @property
    def open(self) -> bool:
        return self.status != StageStatus.INACTIVE


def _places(rule: StageRule) -> dict[int, _Place]:
    states = StageState.objects.filter(review=rule.review_id, stage=rule.stage)
    rows = states.values_list("record_id", "status", "needed", "voters")
    return {record_id: _Place(status, needed, bool(voters)) for record_id, status, needed, voters in rows.iterator()}


def _next_stage(rule: StageRule, found: Mapping[int, tuple[str, str]]) -> Counter[tuple[str, str]]:
    """What is no longer included is not to be read in full; what now is, stands where its earlier opinions put it."""
    included = {record_id for record_id, (_, new) in found.items() if new == StageStatus.INCLUDED}
    dropped = {record_id for record_id, (old, _) in found.items() if old == StageStatus.INCLUDED}
    crossed = included | dropped
    if not crossed:
        return Counter()
    here = StageState.objects.filter(review=rule.review_id, stage=Stage.FULL_TEXT, record_id__in=crossed)
    old = dict(here.values_list("record_id", "status"))
    full_text = stages.rule_for(rule.review, Stage.FULL_TEXT)
    votes = current_votes(included, Stage.FULL_TEXT)
    opinions, lost = stages.second_opinions(full_text, included), not_retrieved(included, Stage.FULL_TEXT)
    moves: Counter[tuple[str, str]] = Counter()
    for record_id in crossed:
        new = str(StageStatus.INACTIVE)
        if record_id in included:
            cast, second = votes.get(record_id, []), opinions.get(record_id)
            wanted, had = stages.needed(full_text, record_id), record_id not in lost
            new = str(settle(cast, needed=wanted, stage=Stage.FULL_TEXT, second_opinion=second, retrieved=had))
        before = old.get(record_id, str(StageStatus.INACTIVE))
        moves[before, new] += before != new
    return +moves


def _changes(stage: str, moves: Counter[tuple[str, str]]) -> tuple[Change, ...]:
    order = list(StageStatus.values)
    ranked = sorted(moves.items(), key=lambda item: (order.index(item[0][0]), order.index(item[0][1])))
    return tuple(Change(stage, old, new, records) for (old, new), records in ranked)
