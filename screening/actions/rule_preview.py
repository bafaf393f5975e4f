"""What a changed rule of a stage, or team, will do, before it is made (SCR-01). Nothing is written here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from screening.actions import stages
from screening.actions.rulebook import Place, Rulebook, assistant_counts, needed, rulebook, shares
from screening.enums import Assignment, Stage, StageStatus
from screening.models.stage import StageRule, StageState
from screening.policies import Standing, Terms, settle
from screening.queries.documents.retrieval import not_retrieved
from screening.queries.stages.shapes import Shape, people_of, shapes, votes_of
from screening.queries.team.team import ActiveReviewer
from screening.visibility import UNSETTLED

OPEN = frozenset({StageStatus.UNSCREENED, StageStatus.PARTIAL})  # what is given out to people
TOLD_BY_VOTES = frozenset({StageStatus.INCLUDED, StageStatus.EXCLUDED, StageStatus.CONFLICT})


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
        return self.new in OPEN


@dataclass(frozen=True, slots=True)
class Hand:
    """So many records still to be screened are one person's, now and then."""

    user_id: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """`changes` by stage, then from what to what; `more` and `fewer` records need two opinions, or one, instead.

    `seniors` records begin to wait for a senior reviewer and `unseniors` no longer do; at `waived` the second reviewer
    is waived from then on, at `unwaived` no longer. `hands` are those whose share of what is left changes, by id.

    A `blind` one is for somebody who may yet have to vote (SCR-02): of records that are not settled it has only how
    many would be settled or in conflict (`folded`). What waiving the second reviewer settles is left out, for it
    settles exclusions alone, and so is what would follow at full text from records that are not settled yet.
    """

    stage: str
    changes: tuple[Change, ...]
    more: int
    fewer: int
    seniors: int = 0
    unseniors: int = 0
    waived: int = 0
    unwaived: int = 0
    hands: tuple[Hand, ...] = ()
    blind: bool = False
    folded: int = 0

    @property
    def stage_label(self) -> str:
        return Stage(self.stage).label

    @property
    def requeued(self) -> int:
        return sum(change.records for change in self.changes if change.requeued)

    @property
    def statuses(self) -> bool:
        """Whether any record would stand otherwise than it does now."""
        return bool(self.changes or self.folded or self.seniors or self.unseniors or self.waived or self.unwaived)

    @property
    def anything(self) -> bool:
        return bool(self.statuses or self.more or self.fewer or self.hands)


def preview(
    rule: StageRule,
    *,
    seniors: frozenset[int] | None = None,
    active: Sequence[ActiveReviewer] | None = None,
    blind: bool = False,
) -> Preview:
    """What `stages.apply_rule` would do with this rule, which the caller has changed and not saved.

    `seniors` are who would be senior reviewers and `active` who would screen, if that is what changes; `blind`: whoever
    reads it may yet have to vote. Fourteen queries at most, whatever the size of the review; the status follows from
    `policies.settle`, as it does there.
    """
    book = rulebook(rule)
    if seniors is not None and rule.senior_among:
        book = replace(book, seniors=seniors)
    if active is not None and rule.assignment == Assignment.SHARES:
        book = replace(book, active=tuple(active))
    return preview_of(book, blind=blind)


def preview_of(book: Rulebook, *, blind: bool = False) -> Preview:
    """What follows from a rulebook in place of the one in force."""
    rule = book.rule
    places = shapes(rule.review_id, rule.stage)
    wanted = _needed(rule, places)
    after = _standings(book, places, wanted, blind=blind)
    moved = {
        place.record_id: (place.status, str(stands.status))
        for place, stands in zip(places, after, strict=True)
        if place.status != stands.status
    }
    veiled = [pk for pk, (old, new) in moved.items() if blind and old in UNSETTLED and new in TOLD_BY_VOTES]
    for record_id in veiled:
        del moved[record_id]
    follow = _next_stage(rule, moved) if rule.stage == Stage.TITLE_ABSTRACT else Counter[tuple[str, str]]()
    return Preview(
        rule.stage,
        _changes(rule.stage, Counter(moved.values())) + _changes(Stage.FULL_TEXT, follow),
        more=sum(new > place.needed for place, new in zip(places, wanted, strict=True)),
        fewer=sum(new < place.needed for place, new in zip(places, wanted, strict=True)),
        seniors=_count(places, after, lambda was, then: then.senior_missing and not was.senior_missing),
        unseniors=_count(places, after, lambda was, then: was.senior_missing and not then.senior_missing),
        waived=0 if blind else _count(places, after, lambda was, then: then.waived and not was.waived),
        unwaived=0 if blind else _count(places, after, lambda was, then: was.waived and not then.waived),
        hands=_hands(book, places, wanted, after),
        blind=blind,
        folded=len(veiled),
    )


def _needed(rule: StageRule, places: Iterable[Shape]) -> list[int]:
    """As `Rulebook.needed`; one number for all unless it is drawn record by record."""
    if rule.reviewers_per_record == 2 and rule.double_share < 100:
        return [_of_round(place) or needed(rule, place.record_id) for place in places]
    one = needed(rule, 0)
    return [_of_round(place) or one for place in places]


def _of_round(place: Shape) -> int:
    return 0 if place.round is None else max(1, len(people_of(place.round)))


def _standings(book: Rulebook, places: Sequence[Shape], wanted: Iterable[int], *, blind: bool) -> list[Standing]:
    """As `stages.computed_of`: equal opinions are judged once. Records without any stay as they are.

    `blind`: nothing that is open is settled by waiving the second reviewer, and what an assistant said in doubt counts
    as well: which it is tells of the suggestion (AI-02).
    """
    rule = book.rule
    voted = [place.record_id for place in places if place.said]
    opinions = stages.second_opinions(rule, voted, doubted=blind) if assistant_counts(rule) else {}
    lost = not_retrieved(voted, rule.stage)
    known: dict[tuple[str, int, bool, str | None, bool, bool], Standing] = {}
    found = []
    for place, number in zip(places, wanted, strict=True):
        if not place.said:
            found.append(Standing(StageStatus(place.status)))
            continue
        opinion, there = opinions.get(place.record_id), place.record_id not in lost
        waive = rule.waive_second and not (blind and place.status in UNSETTLED)
        shape = (place.said, number, place.round is not None, opinion, there, waive)
        if shape not in known:
            terms = Terms(number, book.seniors, waive=waive, piloted=place.round is not None)
            votes = votes_of(place.said)
            known[shape] = settle(votes, terms, stage=rule.stage, second_opinion=opinion, retrieved=there)
        found.append(known[shape])
    return found


def _count(places: Sequence[Shape], after: Sequence[Standing], does: Callable[[Shape, Standing], bool]) -> int:
    return sum(does(was, then) for was, then in zip(places, after, strict=True))


def _hands(
    book: Rulebook, places: Sequence[Shape], wanted: Sequence[int], after: Sequence[Standing]
) -> tuple[Hand, ...]:
    """Whose records are still to be screened, before and after; those of open pilot rounds are everybody's there."""
    before = _each(Counter((place.assigned, place.voters) for place in places if place.status in OPEN))
    left = [
        (place, number) for place, number, stands in zip(places, wanted, after, strict=True) if stands.status in OPEN
    ]
    then = _each(Counter((place.round, place.voters) for place, _ in left if place.round is not None))
    if book.rule.assignment == Assignment.SHARES:
        free = [(place, number) for place, number in left if place.round is None]
        drawn = shares(book, [Place(place.record_id, number, people_of(place.voters)) for place, number in free])
        then.update(person for people in drawn for person in people)
    people = sorted(person for person in before | then if before[person] != then[person])
    return tuple(Hand(person, before[person], then[person]) for person in people)


def _each(groups: Mapping[tuple[str, str], int]) -> Counter[int]:
    """Person -> records, from how many records each group of people has that others, or they, have voted on."""
    found = Counter[int]()
    for (listed, voters), n in groups.items():
        spoken = people_of(voters)
        found.update({person: n for person in people_of(listed) if person not in spoken})
    return found


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
