"""Where records stand: the only writer of StageState. Status is computed from the decisions, never set by hand."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit.history import write_bulk
from screening.actions import founding
from screening.enums import Oversight, Stage, StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.policies import Vote, settle
from screening.queries.retrieval import not_retrieved
from screening.queries.votes import current_votes

STORE = """
UPDATE screening_stagestate s SET status = new.status, voters = new.voters::int[], changed_at = %(now)s
  FROM unnest(%(ids)s::bigint[], %(statuses)s::text[], %(voters)s::text[]) AS new (id, status, voters)
 WHERE s.id = new.id
"""
STORE_NEEDED = """
UPDATE screening_stagestate s SET needed = new.needed
  FROM unnest(%(ids)s::bigint[], %(needed)s::int[]) AS new (id, needed) WHERE s.id = new.id
"""


def rule_for(review: Review, stage: str) -> StageRule:
    """The rule of a stage; every review is made with one for each."""
    return StageRule.objects.get(review=review, stage=stage)


def random_rank(review_id: int, record_id: int, *, salt: str = "") -> float:
    """A reproducible random place in [0, 1): neither import order nor AI shows in it. Another salt, another draw."""
    digest = hashlib.blake2b(f"{salt}{review_id}:{record_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def open_stage(*, review: Review, records: Iterable[Record], stage: str = Stage.TITLE_ABSTRACT) -> None:
    """Give new records their place at a stage. Records that have one keep it."""
    rule, placed = rule_for(review, stage), {record.pk: record for record in records}
    there = StageState.objects.filter(stage=stage, record__in=placed).values_list("record_id", flat=True)
    new = [placed[record_id] for record_id in placed.keys() - set(there)]
    StageState.objects.bulk_create(
        [
            StageState(
                review=review,
                record=record,
                stage=stage,
                needed=needed(rule, record.pk),
                rank=random_rank(review.pk, record.pk),
                status=StageStatus.UNSCREENED if record.active else StageStatus.INACTIVE,
            )
            for record in new
        ],
        ignore_conflicts=True,
        batch_size=2_000,
    )
    write_bulk(list(StageState.objects.filter(stage=stage, record__in=new)), change="+")


def needed(rule: StageRule, record_id: int) -> int:
    """How many opinions settle a record: an assistant that counts as the second (where AI is on) makes it two.

    Where two people screen only a share of the records, which ones is drawn once and for all: a larger share later
    keeps those of the smaller one.
    """
    if _assistant_counts(rule):
        return 2
    if rule.reviewers_per_record == 2 and rule.double_share < 100:
        drawn = random_rank(rule.review_id, record_id, salt=f"double/{rule.stage}/")
        return 2 if drawn * 100 < rule.double_share else 1
    return rule.reviewers_per_record


@transaction.atomic
def refresh(*, review: Review, record_ids: Collection[int], stage: str) -> None:
    """Compute the status of these records anew and store what changed; open or close the stage that follows.

    The number of queries does not grow with the number of records.
    """
    states = list(
        StageState.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(review=review, stage=stage, record_id__in=record_ids)
        .order_by("id")
    )
    if not states:
        return
    ids = [state.record_id for state in states]
    rule, votes, here = rule_for(review, stage), current_votes(ids, stage), at_stage(ids, stage)
    opinions, lost, changed, crossed = second_opinions(rule, ids), not_retrieved(ids, stage), [], []
    for state in states:
        cast, before = votes.get(state.record_id, []), (state.status, state.voters)
        opinion, retrieved = opinions.get(state.record_id), state.record_id not in lost
        state.status = status_of(cast, state, here, opinion, retrieved=retrieved)
        state.voters = voters_of(cast)
        if before != (state.status, state.voters):
            changed.append(state)
        if (before[0] == StageStatus.INCLUDED) != (state.status == StageStatus.INCLUDED):
            crossed.append(state)
    _store(changed)
    _follow(review, stage, crossed)


def status_of(
    votes: list[Vote], state: StageState, here: Collection[int], second_opinion: str | None, *, retrieved: bool
) -> str:
    """What follows for a place from these votes; `here` are the records that are at its stage at all."""
    if state.record_id not in here:
        return StageStatus.INACTIVE
    return settle(votes, needed=state.needed, stage=state.stage, second_opinion=second_opinion, retrieved=retrieved)


def voters_of(votes: list[Vote]) -> list[int]:
    """Who has an opinion, by id."""
    return sorted({vote.author_id for vote in votes})


def _store(states: Sequence[StageState]) -> None:
    if not states:
        return
    rows: dict[str, Any] = {
        "ids": [state.pk for state in states],
        "statuses": [str(state.status) for state in states],
        "voters": ["{" + ",".join(map(str, state.voters)) + "}" for state in states],
        "now": timezone.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, rows)
    write_bulk(states, change="~")


def apply(state: StageState, votes: list[Vote], *, second_opinion: str | None = None) -> None:
    """Store what follows for one record from these votes (the caller has locked it), and carry it to the next stage."""
    here = at_stage([state.record_id], state.stage) if state.stage == Stage.FULL_TEXT else _active([state])
    retrieved = state.record_id not in not_retrieved([state.record_id], state.stage)
    status, voters = status_of(votes, state, here, second_opinion, retrieved=retrieved), voters_of(votes)
    if (status, voters) == (state.status, state.voters):
        return
    crossed = (status == StageStatus.INCLUDED) != (state.status == StageStatus.INCLUDED)
    state.status, state.voters = status, voters
    state.save(update_fields=["status", "voters", "changed_at"])
    _follow(state.review, state.stage, [state] if crossed else [])


def _active(states: Iterable[StageState]) -> set[int]:
    return {state.record_id for state in states if state.record.active}


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


def second_opinions(rule: StageRule, record_ids: Collection[int]) -> dict[int, str]:
    """Record id -> proposed verdict of its latest suggestion; only in the mode `second_reviewer`, and with AI on."""
    if not _assistant_counts(rule):
        return {}
    latest = (
        Suggestion.objects.filter(record_id__in=record_ids, stage=rule.stage)
        .order_by("record_id", "-id")
        .distinct("record_id")
    )
    return dict(latest.values_list("record_id", "proposed_verdict"))


def _assistant_counts(rule: StageRule) -> bool:
    """Whether an assistant's opinion counts as the second one; never in a review whose AI is off (AI-01)."""
    return rule.oversight == Oversight.SECOND_REVIEWER and rule.review.ai_enabled


@transaction.atomic
def close(*, review: Review, record_ids: Collection[int]) -> None:
    """Take records that nobody has an opinion on off every stage, however many (an import that is undone)."""
    states = StageState.objects.select_for_update().filter(review=review, record_id__in=record_ids)
    rows = list(states.exclude(status=StageStatus.INACTIVE).order_by("id"))
    for row in rows:
        row.status = StageStatus.INACTIVE
    StageState.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=StageStatus.INACTIVE, changed_at=timezone.now()
    )
    write_bulk(rows, change="~")


@transaction.atomic
def apply_rule(*, rule: StageRule) -> None:
    """After a rule changed: how many opinions each record needs, and what follows from those that it has.

    All places are locked first: a decision on its way is waited for, and one that comes later reads the new rule.
    """
    places = StageState.objects.select_for_update(no_key=True).filter(review=rule.review, stage=rule.stage)
    list(places.order_by("id").values_list("pk"))
    store_needed(rule=rule)
    touched = StageState.objects.filter(review=rule.review, stage=rule.stage).exclude(voters=[])
    refresh(review=rule.review, record_ids=list(touched.values_list("record_id", flat=True)), stage=rule.stage)


@transaction.atomic
def store_needed(*, rule: StageRule, record_ids: Collection[int] | None = None) -> None:
    """Store how many opinions the rule wants of each record of its stage (or of these), where that differs."""
    places = StageState.objects.filter(review=rule.review, stage=rule.stage)
    if record_ids is not None:
        places = places.filter(record_id__in=record_ids)
    wanted = {
        pk: now
        for pk, record_id, before in places.order_by("id").values_list("pk", "record_id", "needed")
        if (now := needed(rule, record_id)) != before
    }
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(STORE_NEEDED, {"ids": list(wanted), "needed": list(wanted.values())})
        write_bulk([StageState(pk=pk) for pk in wanted], change="~")
