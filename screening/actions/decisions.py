"""Storing what a person says of a record: decision, history and event in one transaction, exactly once."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from audit import events
from reviewapp import prepared
from reviewapp.deadlocks import begun_again
from screening import policies
from screening.actions import citing, judging, places, stages
from screening.actions.judging import DecisionRefusedError, JudgedCriteria
from screening.enums import Origin, Stage, StageStatus, Verdict
from screening.models.decision import Decision
from screening.models.protocol import ExclusionReason
from screening.models.review import Review
from screening.models.stage import StageRule, StageState
from screening.policies import Vote
from screening.queries.stages.bulk import why_not
from screening.queries.stages.conflicts import is_orphaned, why_barred
from screening.queries.stages.votes import current_votes
from screening.visibility import SHOWN_AFTER, SHOWN_BEFORE, mode_in_force

TRIES = 5
__all__ = ["DecisionRefusedError", "Recorded", "record"]
KEY_USED = "This idempotency key was used for another decision. Send a new key."


@dataclass(frozen=True, slots=True)
class Recorded:
    """`created` is false when this idempotency key had been stored before: the first answer stands."""

    decision: Decision
    state: StageState
    rule: StageRule
    created: bool


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
    override: str = "",
    seconds: float | None = None,
    note: str = "",
    origin: str = Origin.SCREENING,
    judgements: Mapping[int, str] | None = None,
    protocol_id: int | None = None,
    takes_back: UUID | None = None,
    anew: bool = True,
) -> Recorded:
    """Store one decision of `by` on a record. Raises DecisionRefusedError; a repeated key changes nothing (SCR-04).

    Refused is, too, who has the role for it no more, or is suspended, when the record's turn comes.

    `citing_id` is the suggestion that the author had seen, `override` why they say otherwise (AI-11); `seconds` is
    active time; `judgements` say what the author thinks of single criteria, by id, and `protocol_id` which version they
    read, if not the one in force. `takes_back` is the key of the one decision that a withdrawal is meant for: it is
    refused where the author said more since. Without `anew` a settled record is not settled once more: whoever asks has
    not seen that they settled it.

    The status that follows is computed in the same transaction, with the record's place at the stage locked. A decision
    on a record that was merged counts for the one it was merged into, and stays with its own record should the two be
    parted (DED-03).
    """
    said = (reason_id, citing_id, override, seconds, note, origin, judgements or {}, protocol_id, takes_back, anew)
    asked = _Asked(review, record_id, stage, verdict, by, idempotency_key, *said)
    for _ in range(TRIES):
        try:
            return _store(asked)
        except places.MovedError:
            continue
        except IntegrityError:  # the same key, in parallel, for another record: no lock has kept the two apart
            if _author_of(asked)[0] is None:
                raise
    raise DecisionRefusedError("This record is being merged and parted just now. Nothing was stored; try again.")


@dataclass(frozen=True, slots=True)
class _Asked:
    review: Review
    record_id: int
    stage: str
    verdict: str
    by: User
    key: UUID
    reason_id: int | None
    citing_id: int | None
    override: str
    seconds: float | None
    note: str
    origin: str
    judgements: Mapping[int, str]
    protocol_id: int | None
    takes_back: UUID | None
    anew: bool


@begun_again
@transaction.atomic
def _store(asked: _Asked) -> Recorded:
    review, stage, verdict, origin = asked.review, asked.stage, asked.verdict, asked.origin
    state = places.held(review, asked.record_id, stage)
    if state is None:
        raise DecisionRefusedError("This record is not at this stage. Nothing was stored; go on with the next one.")
    rule = stages.rule_for(review, stage)
    before, refused = _author_of(asked)
    if before is not None:
        return Recorded(_same(before, asked), state, rule, created=False)
    if refused:
        raise DecisionRefusedError(f"{refused} Nothing was stored.")
    votes = current_votes([state.record_id], stage).get(state.record_id, [])
    words = _words_of(asked.by, state.record_id, stage, origin)
    last = words[0] if words and _counts(words[0], state) else None
    # what is taken back is what stands now, whichever version the page showed
    read = None if verdict == Verdict.WITHDRAWN else asked.protocol_id
    judged = judging.checked(review, asked.judgements, verdict, read)
    facts, was = stages.facts_of(state, rule), stages.stored(state)
    if state.status != StageStatus.INACTIVE:  # as the rule in force has it, if a worker has reached this place or not
        stages.put(state, facts, votes)
    _check(state, rule, asked, votes, last, judged)
    mode = mode_in_force(rule.oversight, ai_enabled=review.ai_enabled)
    seen_now = mode in SHOWN_BEFORE or (last is not None and last.verdict != Verdict.WITHDRAWN)
    may_have_seen = seen_now or asked.citing_id in {word.citing_id for word in words}
    seen = citing.cited(asked.citing_id, state.record_id, stage, may_have_seen=may_have_seen)
    citing.check_override(seen, verdict, asked.override, shown=mode in SHOWN_AFTER)
    # taken back is the word that stands, on whichever of the merged records it was said
    record_id = last.record_id if last and verdict == Verdict.WITHDRAWN else asked.record_id
    decision = Decision.objects.create(
        review=review,
        record_id=record_id,
        stage=stage,
        verdict=verdict,
        reason=_reason(review, stage, asked.reason_id),
        author=asked.by,
        origin=origin,
        citing=seen,
        override=asked.override,
        oversight=mode,
        protocol_id=judged.protocol_id,
        supersedes_id=next((word.pk for word in words if word.record_id == record_id), None),
        idempotency_key=asked.key,
        criteria_failed=judged.failed,
        seconds=asked.seconds,
        note=asked.note,
    )
    judging.store(decision, judged)
    _write_event(decision, last, asked.by, judged)
    stages.apply(state, facts, _with(votes, decision), was=was)
    prepared.run(GIVE_BACK, {"state": state.pk, "reviewer": asked.by.pk})
    return Recorded(decision, state, rule, created=True)


GIVE_BACK = "DELETE FROM screening_reservation WHERE state_id = %(state)s::bigint AND reviewer_id = %(reviewer)s::int"


# The roles are asked for along with the key: a statement of its own would cost every decision as much as this one does.
AUTHOR = """
SELECT (SELECT d.id FROM screening_decision d
         WHERE d.author_id = %(author)s::int AND d.idempotency_key = %(key)s::uuid),
       ARRAY(SELECT m.role FROM screening_membership m
              WHERE m.review_id = %(review)s::bigint AND m.user_id = %(author)s::int),
       EXISTS (SELECT 1 FROM screening_reviewer p
                WHERE p.review_id = %(review)s::bigint AND p.user_id = %(author)s::int AND p.suspended)
"""


def _author_of(asked: _Asked) -> tuple[Decision | None, str]:
    """What the author stored under this key before, and why they may not decide now ("" where they may).

    As of now: a lead may have changed the team while the page was open, or while the record's place was waited for.
    """
    values = {"author": asked.by.pk, "key": asked.key, "review": asked.review.pk}
    ((found, roles, suspended),) = prepared.rows(AUTHOR, values)
    action = "adjudicate" if asked.origin == Origin.ADJUDICATION else "screen"
    refused = "" if policies.can(action, roles) else policies.REFUSED[action]
    if not refused and suspended and action in policies.NOT_WHILE_SUSPENDED:
        refused = policies.SUSPENDED
    return Decision.objects.get(pk=found) if found else None, refused


def _same(before: Decision, asked: _Asked) -> Decision:
    was = (before.stage, before.verdict, before.origin, before.reason_id)
    if was != (asked.stage, asked.verdict, asked.origin, asked.reason_id) or (
        before.record_id != asked.record_id and places.root_of(before.record_id) != places.root_of(asked.record_id)
    ):
        raise DecisionRefusedError(KEY_USED)
    return before


@dataclass(frozen=True, slots=True)
class _Word:
    """An earlier decision of the author; `number` is that of the protocol version it was made under, 0: of none.

    `since` is the version from which words on that very record count, where it was merged into another; `citing_id`
    the suggestion that the author had seen.
    """

    pk: int
    record_id: int
    verdict: str
    key: UUID
    number: int
    since: int
    citing_id: int | None


WORDS = """
SELECT d.id, d.record_id, d.verdict, d.idempotency_key, COALESCE(p.number, 0), COALESCE(o.counts_from, 0), d.citing_id
  FROM screening_record r
  JOIN screening_decision d ON d.record_id = r.id
  LEFT JOIN screening_protocolversion p ON p.id = d.protocol_id
  LEFT JOIN screening_stagestate o ON o.record_id = r.id AND o.stage = d.stage
 WHERE (r.id = %(root)s::bigint OR r.merged_into_id = %(root)s::bigint)
   AND d.author_id = %(author)s::int AND d.stage = %(stage)s::text
   AND (d.origin = 'adjudication') = %(adjudicates)s::boolean AND d.origin <> 'imported'
 ORDER BY d.id DESC
"""


def _words_of(by: User, root_id: int, stage: str, origin: str) -> list[_Word]:
    """What the author said in the same capacity of all that is this record now, newest first.

    The newest is the word that counts; the newest on the same record is the one that a new word supersedes. (Records
    that are parted again take their own words with them, so a chain of words never leads across two records.)
    """
    asked = {"root": root_id, "author": by.pk, "stage": stage, "adjudicates": origin == Origin.ADJUDICATION}
    return [_Word(*row) for row in prepared.rows(WORDS, asked)]


def _counts(word: _Word, state: StageState) -> bool:
    """Not so for what was said before the amendment under which the record is screened anew (SCR-09)."""
    return word.number >= max(state.counts_from, word.since)


def _counting_from(state: StageState, asked: _Asked) -> int:
    """The version from which a word on the record that is named counts; one more query where that one was merged."""
    if asked.record_id == state.record_id:
        return state.counts_from
    own = StageState.objects.filter(record=asked.record_id, stage=state.stage).values_list("counts_from", flat=True)
    return max(state.counts_from, own.first() or 0)


def _check(
    state: StageState, rule: StageRule, asked: _Asked, votes: list[Vote], last: _Word | None, judged: JudgedCriteria
) -> None:
    verdict = asked.verdict
    if verdict not in Verdict.values:
        raise DecisionRefusedError(f"{verdict!r} is not a verdict: include, exclude, maybe or withdrawn.")
    if state.status == StageStatus.INACTIVE:
        raise DecisionRefusedError("This record is no longer at this stage. Nothing was stored; go on with the next.")
    if judged.number < _counting_from(state, asked):
        raise DecisionRefusedError(
            "The protocol was amended, and this record is screened anew under the new text. Nothing was stored. "
            "Reload the page to read it, and decide again."
        )
    if verdict == Verdict.WITHDRAWN:
        _check_taken_back(asked, last)
    if verdict == Verdict.EXCLUDE and rule.reason_required and asked.reason_id is None:
        raise DecisionRefusedError("An exclusion at this stage needs a reason. Choose one from the list.")
    if verdict == Verdict.EXCLUDE and rule.ask_criteria and not judged.failed and asked.origin != Origin.ADJUDICATION:
        raise DecisionRefusedError("An exclusion at this stage says which criteria are not met. Mark at least one.")
    if verdict != Verdict.EXCLUDE and asked.reason_id is not None:
        raise DecisionRefusedError("Only an exclusion has a reason.")
    if asked.origin == Origin.ADJUDICATION:
        _check_adjudication(state, rule, asked, votes)
    if asked.origin == Origin.BULK and verdict != Verdict.WITHDRAWN and (why := why_not(rule, state, asked.by)):
        # nothing was reserved while its author looked at the list, so it is looked at again with the place locked
        raise DecisionRefusedError(f"This record does not wait for your vote: {why}. Nothing was stored.")


def _check_taken_back(asked: _Asked, last: _Word | None) -> None:
    if last is None or last.verdict == Verdict.WITHDRAWN:
        raise DecisionRefusedError("There is no decision of yours to take back on this record.")
    if asked.takes_back not in (None, last.key):
        raise DecisionRefusedError("You decided on this record anew since. That stands; nothing was taken back.")


def _check_adjudication(state: StageState, rule: StageRule, asked: _Asked, votes: list[Vote]) -> None:
    """Whoever settled a conflict may change their mind, and another may once they are no adjudicator any more; nobody
    overrules another without having seen it settled."""
    verdict, by = asked.verdict, asked.by
    screened = any(vote.author_id == by.pk and vote.origin != Origin.ADJUDICATION for vote in votes)
    if verdict != Verdict.WITHDRAWN and (why := why_barred(rule, by.pk, voted=screened)):
        raise DecisionRefusedError(f"{why} Nothing was stored.")
    own = any(vote.origin == Origin.ADJUDICATION and vote.author_id == by.pk for vote in votes)
    if state.status != StageStatus.CONFLICT and not own and not is_orphaned(state.review_id, votes):
        raise DecisionRefusedError("This record is not in conflict any more. Nothing was stored.")
    if own and not asked.anew:
        raise DecisionRefusedError(
            "You have settled this record already, perhaps in another tab. That stands; nothing of this page was "
            "stored. Look at what you said, and change it here if you want to."
        )
    if verdict == Verdict.MAYBE and state.stage == Stage.FULL_TEXT:
        raise DecisionRefusedError("An adjudication at full text ends the question: include or exclude.")


def _reason(review: Review, stage: str, reason_id: int | None) -> ExclusionReason | None:
    if reason_id is None:
        return None
    reason = ExclusionReason.objects.filter(pk=reason_id, review=review, stage=stage, retired=False).first()
    if reason is None:
        raise DecisionRefusedError("That exclusion reason is not in this review's list any more. Choose another.")
    return reason


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
    return [*others, Vote(decision.author_id, decision.verdict, decision.origin, decision.criteria_failed)]


def _write_event(decision: Decision, last: _Word | None, by: User, judged: JudgedCriteria) -> None:
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
        **({"override": decision.override} if decision.override else {}),
        **({"criteria": dict(judged.words)} if judged.words else {}),
        **({"version": judged.number} if judged.number > 1 else {}),
        **({"together": True} if decision.origin == Origin.BULK else {}),
    )
