"""Where records stand: the only writer of StageState. Status is computed from the decisions, never set by hand."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.history import write_bulk, write_copies
from reviewapp import prepared
from screening.actions import founding
from screening.actions.batching import batches
from screening.actions.ranks import rank
from screening.actions.rulebook import Place, Rulebook, assistant_counts, in_open_round, needed, rulebook, shares
from screening.enums import Assignment, Stage, StageStatus
from screening.models.pilot import PilotRound
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.policies import Standing, Vote, counting, settle
from screening.queries.assistants.exceptions import doubtful
from screening.queries.documents.retrieval import not_retrieved
from screening.queries.stages.votes import current_votes

# A conflict is as old as its first disagreement: a vote that comes late does not make it young again.
STORE = """
UPDATE screening_stagestate s
   SET status = new.status, voters = new.voters::int[], senior_missing = new.senior_missing, waived = new.waived,
       needed = new.needed,
       changed_at = CASE WHEN s.status = 'conflict' AND new.status = 'conflict' THEN s.changed_at
                         ELSE %(now)s::timestamptz END
  FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(voters)s::text[], %(missing)s::bool[], %(waived)s::bool[],
              %(needed)s::int[]) AS new (id, status, voters, senior_missing, waived, needed)
 WHERE s.id = new.id
"""
OPEN = """
INSERT INTO screening_stagestate (review_id, record_id, stage, status, needed, voters, rank, senior_missing, waived,
                                  assigned, counts_from, changed_at)
SELECT %(review)s::bigint, new.record, %(stage)s::text, new.status, new.needed, '{}', new.rank, false, false,
       new.assigned::int[], 0, %(now)s::timestamptz
  FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(needed)s::int[], %(ranks)s::float8[], %(assigned)s::text[])
       AS new (record, status, needed, rank, assigned)
    ON CONFLICT DO NOTHING
RETURNING id
"""
OPENED_AT_ONCE = 2_000
STORE_ALLOTTED = """
UPDATE screening_stagestate s SET needed = new.needed, assigned = new.assigned::int[]
  FROM unnest(%(ids)s::bigint[], %(needed)s::int[], %(assigned)s::text[]) AS new (id, needed, assigned)
 WHERE s.id = new.id
"""


# All of a place, and of its record what settling and queueing takes: abstracts of 20,000 records are 30 MB.
SETTLED_FROM = [
    *(field.name for field in StageState._meta.concrete_fields),
    *(f"record__{name}" for name in ("review_id", "active", "title", "year")),
]
RULE = f"""
SELECT {prepared.columns(StageRule, "r")} FROM screening_stagerule r
 WHERE r.review_id = %(review)s::bigint AND r.stage = %(stage)s::text
"""  # noqa: S608  names of columns


Stored = tuple[str, list[int], bool, bool, int]


def rule_for(review: Review, stage: str) -> StageRule:
    """The rule of a stage as it stands now; every review is made with one for each."""
    (row,) = prepared.rows(RULE, {"review": review.pk, "stage": stage})
    return prepared.made(StageRule, row)


def open_stage(*, review: Review, records: Iterable[Record], stage: str = Stage.TITLE_ABSTRACT) -> None:
    """Give new records their place at a stage. Records that have one keep it. Any number of records may come."""
    book = rulebook(rule_for(review, stage))
    for lot in batches(records, OPENED_AT_ONCE):
        _open(book, lot)


def _open(book: Rulebook, records: Sequence[Record]) -> None:
    rule = book.rule
    numbers = [needed(rule, record.pk) for record in records]
    people: Sequence[Sequence[int]] = [()] * len(records)
    if rule.assignment == Assignment.SHARES:
        people = shares(book, [Place(record.pk, number, ()) for record, number in zip(records, numbers, strict=True)])
    rows: dict[str, Any] = {
        "review": rule.review_id,
        "stage": str(rule.stage),
        "ids": [record.pk for record in records],
        "statuses": [str(StageStatus.UNSCREENED if record.active else StageStatus.INACTIVE) for record in records],
        "needed": numbers,
        "ranks": [rank(rule.queue_order, record) for record in records],
        "assigned": [_array(some) for some in people],
        "now": timezone.now(),
    }
    write_copies(StageState, [pk for (pk,) in prepared.rows(OPEN, rows)], change="+")


@transaction.atomic
def refresh(*, review: Review, record_ids: Collection[int], stage: str) -> None:
    """Compute the status of these records anew and store what changed; open or close the stage that follows.

    The number of queries does not grow with the number of records.
    """
    states = list(
        StageState.objects.select_for_update(of=("self",))
        .select_related("record")
        .only(*SETTLED_FROM)
        .filter(review=review, stage=stage, record_id__in=record_ids)
        .order_by("id")
    )
    if not states:
        return
    _with_rounds(states)  # read after the places are locked: a round may have been closed while they were waited for
    book = rulebook(rule_for(review, stage))
    changed, crossed, left = [], [], []
    for state, computed in computed_of(book, states):
        before, after = stored(state), stored(computed)
        if before != after:
            changed.append(computed)
        if not set(before[1]) <= set(after[1]):
            left.append(state.record_id)
        if (before[0] == StageStatus.INCLUDED) != (after[0] == StageStatus.INCLUDED):
            crossed.append(computed)
    _store(changed)
    _share_anew(book.rule, left)
    _follow(review, stage, crossed)


def _share_anew(rule: StageRule, record_ids: Collection[int]) -> None:
    """A record that an opinion was taken from needs somebody for it again, where records are given out by shares."""
    if record_ids and rule.assignment == Assignment.SHARES:
        allot(rule=rule, record_ids=record_ids)


def computed_of(
    book: Rulebook, states: Sequence[StageState], *, here: Collection[int] | None = None
) -> Iterator[tuple[StageState, StageState]]:
    """Each place of one stage as it is stored, and a copy as it follows from votes and rule. Five queries at most.

    `here` are the records that are at the stage, where that is known better than the database does (a preview).
    """
    ids, stage = [state.record_id for state in states], book.rule.stage
    votes, here = current_votes(ids, stage), at_stage(ids, stage) if here is None else here
    opinions, lost = second_opinions(book.rule, ids), not_retrieved(ids, stage)
    for state in states:
        pk, computed = state.record_id, copy(state)
        put(computed, Facts(book, pk in here, opinions.get(pk), retrieved=pk not in lost), votes.get(pk, []))
        yield state, computed


@dataclass(frozen=True, slots=True)
class Facts:
    """What a place's standing hangs on besides the votes; `here`: its record is at the stage at all."""

    book: Rulebook
    here: bool
    second_opinion: str | None
    retrieved: bool

    def standing(self, state: StageState, votes: list[Vote]) -> Standing:
        """What follows for a place from these votes."""
        if not self.here:
            return Standing(StageStatus.INACTIVE)
        opinion, terms = self.second_opinion, self.book.terms(state)
        return settle(votes, terms, stage=state.stage, second_opinion=opinion, retrieved=self.retrieved)


def put(state: StageState, facts: Facts, votes: list[Vote]) -> None:
    """Write onto the row, without saving it, what follows from the votes by the rule in force.

    How many opinions it needs is asked of the rule each time: while a worker applies a changed rule, the row of a place
    that it has not reached has the number of the rule before.
    """
    state.needed = facts.book.needed(state)
    standing = facts.standing(state, votes)
    counted = counting(votes, stage=state.stage, piloted=in_open_round(state))
    state.status, state.voters = str(standing.status), voters_of(counted)
    state.senior_missing, state.waived = standing.senior_missing, standing.waived


def stored(state: StageState) -> Stored:
    """What `put` writes, as the row has it."""
    return str(state.status), state.voters, state.senior_missing, state.waived, state.needed


def voters_of(votes: list[Vote]) -> list[int]:
    """Whose opinions these are, by id; an import's id is negative."""
    return sorted({vote.author_id for vote in votes})


def _store(states: Sequence[StageState]) -> None:
    if not states:
        return
    rows: dict[str, Any] = {
        "ids": [state.pk for state in states],
        "statuses": [str(state.status) for state in states],
        "voters": [_array(state.voters) for state in states],
        "missing": [state.senior_missing for state in states],
        "waived": [state.waived for state in states],
        "needed": [state.needed for state in states],
        "now": timezone.now(),
    }
    prepared.run(STORE, rows)
    write_bulk(states, change="~")


def _array(people: Iterable[int]) -> str:
    """As PostgreSQL writes an array: unnest would flatten arrays of arrays."""
    return "{" + ",".join(map(str, people)) + "}"


def facts_of(state: StageState, rule: StageRule) -> Facts:
    """Of one place, which the caller has locked."""
    pk, stage = state.record_id, state.stage
    here = pk in at_stage([pk], stage) if stage == Stage.FULL_TEXT else state.record.active
    opinion, lost = second_opinions(rule, [pk]).get(pk), not_retrieved([pk], stage)
    return Facts(rulebook(rule), here, opinion, retrieved=pk not in lost)


def apply(state: StageState, facts: Facts, votes: list[Vote], *, was: Stored) -> None:
    """Store what follows for one record from these votes (the caller has locked it), and carry it to the next stage.

    `was` is what is stored of it. Whether the report could be had is asked anew: an opinion of it says so.
    """
    retrieved = state.record_id not in not_retrieved([state.record_id], state.stage)
    put(state, replace(facts, retrieved=retrieved), votes)
    if was == stored(state):
        return
    crossed = (was[0] == StageStatus.INCLUDED) != (state.status == StageStatus.INCLUDED)
    _store([state])
    _share_anew(facts.book.rule, [] if set(was[1]) <= set(state.voters) else [state.record_id])
    _follow(state.review, state.stage, [state] if crossed else [])


def at_stage(record_ids: Collection[int], stage: str) -> set[int]:
    """Those of the records that are at a stage: active, and for full text included on title and abstract."""
    records = Record.objects.filter(pk__in=record_ids, active=True)
    if stage == Stage.FULL_TEXT:
        records = records.filter(states__stage=Stage.TITLE_ABSTRACT, states__status=StageStatus.INCLUDED)
    return set(records.values_list("pk", flat=True))


def _follow(review: Review, stage: str, crossed: Sequence[StageState]) -> None:
    """What these places being included now, or not any more, brings with it."""
    if crossed and stage == Stage.TITLE_ABSTRACT:
        _carry_on(review, crossed)
    included = [state.record_id for state in crossed if state.status == StageStatus.INCLUDED]
    if included and stage == Stage.FULL_TEXT:
        founding.found(review=review, record_ids=included)


def _carry_on(review: Review, states: Sequence[StageState]) -> None:
    """What is included on title and abstract is to be read in full; what no longer is, no longer."""
    included = [state.record for state in states if state.status == StageStatus.INCLUDED]
    if included:
        open_stage(review=review, records=included, stage=Stage.FULL_TEXT)
    refresh(review=review, record_ids=[state.record_id for state in states], stage=Stage.FULL_TEXT)


def second_opinions(rule: StageRule, record_ids: Collection[int], *, doubted: bool = False) -> dict[int, str]:
    """Record id -> proposed verdict of its latest suggestion; only in the mode `second_reviewer`, and with AI on.

    What wants a look itself is no second opinion: text that speaks to a model, a panel that is split, an assistant
    that is unsure or says otherwise when asked again. A second person gives theirs instead. (`doubted`: these too, for
    whoever must not learn from a count which they are.)
    """
    if not assistant_counts(rule):
        return {}
    latest = (
        Suggestion.objects.standing()
        .filter(record_id__in=record_ids, stage=rule.stage)
        .annotate(doubtful=doubtful())
        .order_by("record_id", "-id")
        .distinct("record_id")
    )
    rows: Iterable[tuple[int, str, bool]] = latest.values_list("record_id", "proposed_verdict", "doubtful")
    return {record_id: verdict for record_id, verdict, doubt in rows if doubted or not doubt}


@transaction.atomic
def close(*, review: Review, record_ids: Collection[int]) -> None:
    """Take records that nobody has an opinion on off every stage, however many (an import that is undone)."""
    states = StageState.objects.select_for_update().filter(review=review, record_id__in=record_ids)
    ids = list(states.exclude(status=StageStatus.INACTIVE).order_by("id").values_list("pk", flat=True))
    StageState.objects.filter(pk__in=ids).update(status=StageStatus.INACTIVE, changed_at=timezone.now())
    write_copies(StageState, ids, change="~")


@transaction.atomic
def apply_rule(*, rule: StageRule, record_ids: Collection[int] | None = None) -> None:
    """After a rule changed: how many opinions each record (or each of these) needs, and what follows from those it has.

    The places are locked first: a decision on its way is waited for, and one that comes later reads the new rule.
    """
    allot(rule=rule, record_ids=record_ids)
    touched = StageState.objects.filter(review=rule.review, stage=rule.stage).exclude(voters=[])
    if record_ids is not None:
        touched = touched.filter(record_id__in=record_ids)
    refresh(review=rule.review, record_ids=list(touched.values_list("record_id", flat=True)), stage=rule.stage)


@transaction.atomic
def allot(*, rule: StageRule, record_ids: Collection[int] | None = None) -> None:
    """Store how many opinions each record of the stage (or each of these) needs, and whose, where that differs.

    The places are locked, in the order of a recount.
    """
    places = StageState.objects.select_for_update(no_key=True).filter(review=rule.review, stage=rule.stage)
    if record_ids is not None:
        places = places.filter(record_id__in=record_ids)
    states = list(places.only("review_id", "record_id", "needed", "assigned", "voters", "pilot_id").order_by("id"))
    _with_rounds(states)
    book, changed, recounted = rulebook(rule), [], []
    for state, people in zip(states, book.assigned_many(states), strict=True):
        number = book.needed(state)
        if (state.needed, state.assigned) != (number, people):
            recounted += [state] if state.needed != number else []
            state.needed, state.assigned = number, people
            changed.append(state)
    if changed:
        rows: dict[str, Any] = {
            "ids": [state.pk for state in changed],
            "needed": [state.needed for state in changed],
            "assigned": [_array(state.assigned) for state in changed],
        }
        prepared.run(STORE_ALLOTTED, rows)
        write_bulk(recounted, change="~")


def _with_rounds(states: Collection[StageState]) -> None:
    """Put their pilot rounds on places that were read without."""
    rounds = PilotRound.objects.in_bulk({state.pilot_id for state in states if state.pilot_id})
    for state in states:
        if state.pilot_id:
            state.pilot = rounds[state.pilot_id]
