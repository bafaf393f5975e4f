"""Which of the selected records one person may decide on together, and why the others are left out."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from screening.enums import Origin, StageStatus
from screening.models.bulk import BulkDecision
from screening.models.decision import Decision
from screening.models.pilot import PilotRound
from screening.models.record import Record
from screening.models.reviewer import Reviewer
from screening.models.stage import Reservation, StageRule, StageState


@dataclass(slots=True)
class Selection:
    """`open` are the records that wait for this person's own vote; `left_out` the others, each with the reason."""

    open: list[Record] = field(default_factory=list)
    left_out: list[tuple[Record, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Situation:
    """What the places of a selection are judged by."""

    rule: StageRule
    user_id: int
    pilot_id: int | None
    senior: bool
    held: dict[int, int]
    kept: set[int]  # places that a senior reviewer has in hand


def sorted_out(rule: StageRule, ids: Collection[int], user: User) -> Selection:
    """The selection at the stage of `rule`, in the order of `ids`. Five queries, whatever their number."""
    records = Record.objects.filter(review=rule.review).in_bulk(list(ids))
    states = {state.record_id: state for state in StageState.objects.filter(record__in=records, stage=rule.stage)}
    now = _situation(rule, user, [state.pk for state in states.values()])
    selection = Selection()
    for record in (records[pk] for pk in dict.fromkeys(ids) if pk in records):
        if why := _why_not(states.get(record.pk), now):
            selection.left_out.append((record, why))
        else:
            selection.open.append(record)
    return selection


def why_not(rule: StageRule, state: StageState, user: User) -> str:
    """Why a place does not wait for this person's vote just now; empty where it does. Three queries."""
    return _why_not(state, _situation(rule, user, [state.pk]))


def _situation(rule: StageRule, user: User, states: list[int]) -> _Situation:
    seniors = set(Reviewer.objects.filter(review=rule.review, senior=True).values_list("user_id", flat=True))
    held, kept = dict[int, int](), set[int]()
    hands = Reservation.objects.filter(state__in=states, expires_at__gt=timezone.now()).exclude(reviewer=user)
    for state_id, reviewer_id in hands.values_list("state_id", "reviewer_id"):
        held[state_id] = held.get(state_id, 0) + 1
        kept |= {state_id} if reviewer_id in seniors else set()
    pilot = PilotRound.objects.filter(review=rule.review, stage=rule.stage, closed_at=None).first()
    return _Situation(rule, user.pk, pilot.pk if pilot else None, user.pk in seniors, held, kept)


def _why_not(state: StageState | None, now: _Situation) -> str:
    """Empty where the place waits for this person; the same conditions as those for being given it to screen."""
    if state is None or state.status == StageStatus.INACTIVE:
        return "not at this stage"
    reasons = {
        "you have decided on it already": now.user_id in state.voters,
        "no opinion is waited for any more": state.status not in (StageStatus.UNSCREENED, StageStatus.PARTIAL),
        "a pilot round is open, and this record is not part of it": now.pilot_id not in (None, state.pilot_id),
        "it is assigned to somebody else": bool(state.assigned) and now.user_id not in state.assigned,
        "somebody else has it in hand just now, or it waits for a senior reviewer": _taken(state, now),
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _taken(state: StageState, now: _Situation) -> bool:
    if now.pilot_id is not None:
        return False  # everybody who takes part in a round screens each of its records
    given = len(state.voters) + now.held.get(state.pk, 0)
    if now.rule.senior_among and (state.senior_missing or not state.voters) and state.pk not in now.kept:
        return not now.senior and given + 1 >= state.needed
    return given >= state.needed


@dataclass(frozen=True, slots=True)
class Made:
    """One decision of a bulk. `stands`: it is still the author's last word, and could be taken back."""

    record: Record
    stands: bool


def made(bulk: BulkDecision) -> list[Made]:
    """The records of a bulk, in its order, and whether its word still stands on each. Three queries."""
    records = Record.objects.in_bulk(bulk.records)
    standing = set(standing_words(bulk))
    return [Made(records[pk], pk in standing) for pk in bulk.records if pk in records]


def standing_words(bulk: BulkDecision) -> list[int]:
    """Ids of the records of a bulk on which its word is its author's last one. Two queries.

    Records that were merged are one: a newer word on any of them is the author's last one on all (DED-03).
    """
    root, its_root = Coalesce("merged_into_id", "pk"), Coalesce("record__merged_into_id", "record_id")
    roots = list(Record.objects.filter(pk__in=bulk.records).values_list(root, flat=True))
    here = Q(record__in=roots) | Q(record__merged_into__in=roots)
    words = Decision.objects.filter(here, author=bulk.author_id, stage=bulk.stage)
    words = words.exclude(origin__in=(Origin.ADJUDICATION, Origin.IMPORTED))
    last = {
        one: (record_id, key)
        for one, record_id, key in words.order_by("id").values_list(its_root, "record_id", "idempotency_key")
    }
    return [record_id for record_id, key in last.values() if key == bulk.key_for(record_id)]
