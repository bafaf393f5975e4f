"""Storing what a person says of a record: decision, history and event in one transaction, exactly once."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from screening.actions import stages
from screening.enums import Origin, Stage, StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.protocol import ExclusionReason, ProtocolVersion
from screening.models.review import Review
from screening.models.stage import Reservation, StageRule, StageState
from screening.models.suggestion import Suggestion
from screening.policies import Vote
from screening.queries.votes import current_votes


class DecisionRefusedError(ValueError):
    """The decision can't stand; the message says why and what to do. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """`created` is false when this idempotency key had been stored before: the first answer stands."""

    decision: Decision
    state: StageState
    created: bool


@transaction.atomic
def record(
    *,
    review: Review,
    record_id: int,
    stage: str,
    verdict: str,
    by: User,
    idempotency_key: UUID,
    reason_id: int | None = None,
    citing_id: int | None = None,
    seconds: float | None = None,
    note: str = "",
    origin: str = Origin.SCREENING,
) -> Recorded:
    """Store one decision of `by` on a record. Raises DecisionRefusedError; a repeated key changes nothing (SCR-04).

    `citing_id` is the suggestion that the author had seen; `seconds` is active time. The status that follows is
    computed in the same transaction, with the record's place at the stage locked.
    """
    state = _locked_state(review, record_id, stage)
    before = Decision.objects.filter(author=by, idempotency_key=idempotency_key).first()
    if before is not None:
        return Recorded(_same(before, record_id, stage, verdict), state, created=False)
    rule = stages.rule_for(review, stage)
    votes = current_votes([state.record_id], stage).get(state.record_id, [])
    last = _last_of(by, state.record_id, stage, origin)
    _check(state, rule, verdict, reason_id, origin, votes, last)
    decision = Decision.objects.create(
        review=review,
        record_id=record_id,
        stage=stage,
        verdict=verdict,
        reason=_reason(review, stage, reason_id),
        author=by,
        origin=origin,
        citing=_cited(citing_id, state.record_id, stage),
        oversight=rule.oversight if review.ai_enabled else "off",
        protocol_id=ProtocolVersion.objects.filter(review=review).values_list("id", flat=True).first(),
        supersedes=last,
        idempotency_key=idempotency_key,
        seconds=seconds,
        note=note,
    )
    _write_event(decision, last, by)
    opinions = stages.second_opinions(rule, [state.record_id])
    stages.apply(state, _with(votes, decision), second_opinion=opinions.get(state.record_id))
    Reservation.objects.filter(state=state, reviewer=by).delete()
    return Recorded(decision, state, created=True)


def _locked_state(review: Review, record_id: int, stage: str) -> StageState:
    """The place of a record at a stage, locked, so that two opinions that arrive at once are counted one by one.

    A record that was merged meanwhile leads to the one it was merged into.
    """
    states = StageState.objects.select_for_update(of=("self",)).select_related("record", "review")
    state = states.filter(review=review, record_id=record_id, stage=stage).first()
    if state is not None and state.record.merged_into_id:
        state = states.filter(record_id=state.record.merged_into_id, stage=stage).first()
    if state is None:
        raise DecisionRefusedError("This record is not at this stage. Nothing was stored; go on with the next one.")
    return state


def _same(before: Decision, record_id: int, stage: str, verdict: str) -> Decision:
    if (before.record_id, before.stage, before.verdict) != (record_id, stage, verdict):
        raise DecisionRefusedError("This idempotency key was used for another decision. Send a new key.")
    return before


def _last_of(by: User, root_id: int, stage: str, origin: str) -> Decision | None:
    """The author's last word on this record in the same capacity; it is superseded by the new one."""
    words = Decision.objects.filter(author=by, record_id=root_id, stage=stage)
    if origin == Origin.ADJUDICATION:
        words = words.filter(origin=Origin.ADJUDICATION)
    else:
        words = words.exclude(origin=Origin.ADJUDICATION)
    return words.order_by("-id").first()


def _check(
    state: StageState,
    rule: StageRule,
    verdict: str,
    reason_id: int | None,
    origin: str,
    votes: list[Vote],
    last: Decision | None,
) -> None:
    if verdict not in Verdict.values:
        raise DecisionRefusedError(f"{verdict!r} is not a verdict: include, exclude, maybe or withdrawn.")
    if state.status == StageStatus.INACTIVE:
        raise DecisionRefusedError("This record is no longer at this stage. Nothing was stored; go on with the next.")
    if verdict == Verdict.WITHDRAWN and (last is None or last.verdict == Verdict.WITHDRAWN):
        raise DecisionRefusedError("There is no decision of yours to take back on this record.")
    if verdict == Verdict.EXCLUDE and rule.reason_required and reason_id is None:
        raise DecisionRefusedError("An exclusion at this stage needs a reason. Choose one from the list.")
    if verdict != Verdict.EXCLUDE and reason_id is not None:
        raise DecisionRefusedError("Only an exclusion has a reason.")
    if origin == Origin.ADJUDICATION:
        _check_adjudication(state, verdict, votes)


def _check_adjudication(state: StageState, verdict: str, votes: list[Vote]) -> None:
    settled_before = any(vote.origin == Origin.ADJUDICATION for vote in votes)
    if state.status != StageStatus.CONFLICT and not settled_before:
        raise DecisionRefusedError("This record is not in conflict any more. Nothing was stored.")
    if verdict == Verdict.MAYBE and state.stage == Stage.FULL_TEXT:
        raise DecisionRefusedError("An adjudication at full text ends the question: include or exclude.")


def _reason(review: Review, stage: str, reason_id: int | None) -> ExclusionReason | None:
    if reason_id is None:
        return None
    reason = ExclusionReason.objects.filter(pk=reason_id, review=review, stage=stage, retired=False).first()
    if reason is None:
        raise DecisionRefusedError("That exclusion reason is not in this review's list any more. Choose another.")
    return reason


def _cited(citing_id: int | None, record_id: int, stage: str) -> Suggestion | None:
    if citing_id is None:
        return None
    suggestion = Suggestion.objects.filter(pk=citing_id, record_id=record_id, stage=stage).first()
    if suggestion is None:
        raise DecisionRefusedError("The suggestion that was cited is not one for this record.")
    return suggestion


def _with(votes: list[Vote], decision: Decision) -> list[Vote]:
    """The current votes after this decision, without asking the database again."""
    adjudicates = decision.origin == Origin.ADJUDICATION
    others = [
        vote
        for vote in votes
        if vote.author_id != decision.author_id or (vote.origin == Origin.ADJUDICATION) != adjudicates
    ]
    if decision.verdict == Verdict.WITHDRAWN:
        return others
    return [*others, Vote(decision.author_id, decision.verdict, decision.origin)]


def _write_event(decision: Decision, last: Decision | None, by: User) -> None:
    events.record(
        "record.adjudicated" if decision.origin == Origin.ADJUDICATION else "record.decided",
        subject=decision,
        by=by,
        review_id=decision.review_id,
        record_id=decision.record_id,
        reason=decision.note,
        stage=decision.stage,
        old=last.verdict if last else None,
        new=decision.verdict,
        exclusion_reason=decision.reason.text if decision.reason else "",
        suggestion=decision.citing_id,
        oversight=decision.oversight,
    )
