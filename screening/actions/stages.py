"""Where records stand: the only writer of StageState. Status is computed from the decisions, never set by hand."""

import hashlib
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from audit.history import write_bulk
from screening.enums import Oversight, Stage, StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.policies import Vote, settle
from screening.queries.votes import current_votes


def rule_for(review: Review, stage: str) -> StageRule:
    """The rule of a stage; every review is made with one for each."""
    return StageRule.objects.get(review=review, stage=stage)


def random_rank(review_id: int, record_id: int) -> float:
    """A reproducible random place in [0, 1): neither import order nor AI shows in it."""
    digest = hashlib.blake2b(f"{review_id}:{record_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def open_stage(*, review: Review, records: Iterable[Record], stage: str = Stage.TITLE_ABSTRACT) -> None:
    """Give new records their place at a stage. Records that have one keep it."""
    rule = rule_for(review, stage)
    StageState.objects.bulk_create(
        [
            StageState(
                review=review,
                record=record,
                stage=stage,
                needed=needed(rule),
                rank=random_rank(review.pk, record.pk),
                status=StageStatus.UNSCREENED if record.active else StageStatus.INACTIVE,
            )
            for record in records
        ],
        ignore_conflicts=True,
        batch_size=2_000,
    )


def needed(rule: StageRule) -> int:
    """How many opinions settle a record: an assistant that counts as the second makes it two."""
    return 2 if rule.oversight == Oversight.SECOND_REVIEWER else rule.reviewers_per_record


@transaction.atomic
def refresh(*, review: Review, record_ids: Collection[int], stage: str) -> None:
    """Compute the status of these records anew and store what changed; open or close the stage that follows."""
    states = list(
        StageState.objects.select_for_update(of=("self",))
        .select_related("record")
        .filter(review=review, stage=stage, record_id__in=record_ids)
        .order_by("id")
    )
    rule, votes = rule_for(review, stage), current_votes([state.record_id for state in states], stage)
    opinions = second_opinions(rule, [state.record_id for state in states])
    for state in states:
        apply(state, votes.get(state.record_id, []), second_opinion=opinions.get(state.record_id))


def apply(state: StageState, votes: list[Vote], *, second_opinion: str | None = None) -> None:
    """Store what follows from these votes (the state is locked by the caller), and carry it to the next stage."""
    status = settle(votes, needed=state.needed, stage=state.stage, second_opinion=second_opinion)
    if not _at_stage(state):
        status = StageStatus.INACTIVE
    voters = sorted({vote.author_id for vote in votes})
    if (status, voters) == (state.status, state.voters):
        return
    crossed = (status == StageStatus.INCLUDED) != (state.status == StageStatus.INCLUDED)
    state.status, state.voters = status, voters
    state.save(update_fields=["status", "voters", "changed_at"])
    if state.stage == Stage.TITLE_ABSTRACT and crossed:
        _carry_on(state)


def _at_stage(state: StageState) -> bool:
    if not state.record.active:
        return False
    if state.stage == Stage.TITLE_ABSTRACT:
        return True
    return StageState.objects.filter(
        record=state.record, stage=Stage.TITLE_ABSTRACT, status=StageStatus.INCLUDED
    ).exists()


def _carry_on(state: StageState) -> None:
    """What is included on title and abstract is to be read in full; what no longer is, no longer."""
    if state.status == StageStatus.INCLUDED:
        open_stage(review=state.review, records=[state.record], stage=Stage.FULL_TEXT)
    refresh(review=state.review, record_ids=[state.record_id], stage=Stage.FULL_TEXT)


def second_opinions(rule: StageRule, record_ids: Collection[int]) -> dict[int, str]:
    """Record id -> proposed verdict of its latest suggestion, in the mode `second_reviewer` only."""
    if rule.oversight != Oversight.SECOND_REVIEWER:
        return {}
    latest = (
        Suggestion.objects.filter(record_id__in=record_ids, stage=rule.stage)
        .order_by("record_id", "-id")
        .distinct("record_id")
    )
    return dict(latest.values_list("record_id", "proposed_verdict"))


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
    """After a rule changed: how many opinions each record needs, and what follows from those that it has."""
    states = StageState.objects.filter(review=rule.review, stage=rule.stage)
    states.exclude(needed=needed(rule)).update(needed=needed(rule))
    touched = states.exclude(voters=[]).values_list("record_id", flat=True)
    refresh(review=rule.review, record_ids=list(touched), stage=rule.stage)
