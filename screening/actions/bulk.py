"""One word of one person on many records: each stored as a decision of its own, exactly once (SCR-10)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from audit import events
from screening.actions import decisions
from screening.actions.decisions import DecisionRefusedError
from screening.actions.stages import rule_for
from screening.enums import Origin, Verdict
from screening.models.bulk import MOST_AT_ONCE, BulkDecision
from screening.models.review import Review
from screening.queries.stages.bulk import sorted_out, standing_words


class BulkRefusedError(ValueError):
    """Nothing was stored; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a bulk. `refused` are records that got no decision when their turn came, `why` their sentences."""

    bulk: BulkDecision
    stored: int
    why: Counter[str] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        return self.why.total()


def decide(
    *,
    review: Review,
    stage: str,
    record_ids: Sequence[int],
    verdict: str,
    by: User,
    key: UUID,
    reason_id: int | None = None,
) -> Done:
    """Store the same verdict on each selected record that is open to the author's own vote.

    Each is a decision of its own, in a transaction of its own, with a key that follows from `key` and the record: a
    repeat goes on where the first was cut off, and stores nothing twice. Raises BulkRefusedError.
    """
    bulk = BulkDecision.objects.filter(author=by, key=key).first()
    if bulk is None:
        bulk = _begin(review, stage, record_ids, verdict, by, key, reason_id)
    elif (bulk.review_id, bulk.stage, bulk.verdict) != (review.pk, stage, verdict):
        raise BulkRefusedError("This form was sent before with another answer. Open the list again and select anew.")
    stored, why = 0, Counter[str]()
    for record_id in bulk.records:
        try:
            decisions.record(
                review=review,
                record_id=record_id,
                stage=stage,
                verdict=verdict,
                by=by,
                idempotency_key=bulk.key_for(record_id),
                reason_id=reason_id,
                origin=Origin.BULK,
            )
            stored += 1
        except DecisionRefusedError as refused:
            why[str(refused)] += 1
    return Done(bulk, stored, why)


def _begin(
    review: Review, stage: str, record_ids: Sequence[int], verdict: str, by: User, key: UUID, reason_id: int | None
) -> BulkDecision:
    rule = rule_for(review, stage)
    if not rule.bulk_allowed:
        raise BulkRefusedError("This stage does not allow decisions on many records at once. A lead can allow it.")
    if len(set(record_ids)) > MOST_AT_ONCE:
        raise BulkRefusedError(f"At most {MOST_AT_ONCE} records are decided on at once. Select fewer.")
    if verdict not in (Verdict.INCLUDE, Verdict.MAYBE, Verdict.EXCLUDE):
        raise BulkRefusedError("Choose include, maybe or exclude.")
    if verdict == Verdict.EXCLUDE and rule.ask_criteria:
        raise BulkRefusedError(
            "At this stage an exclusion says which criteria are not met, which differs from record to record. "
            "Exclude them one by one on the workbench."
        )
    if verdict == Verdict.EXCLUDE and rule.reason_required and reason_id is None:
        raise BulkRefusedError("An exclusion at this stage needs a reason. Choose one from the list.")
    selection = sorted_out(rule, record_ids, by)
    if not selection.open:
        raise BulkRefusedError("None of these records waits for your decision at this stage. Nothing was stored.")
    ids, left = [one.pk for one in selection.open], [one.pk for one, _ in selection.left_out]
    try:
        return _written(review, stage, verdict, by, key, ids, left)
    except IntegrityError:  # the same form, sent twice at once
        return BulkDecision.objects.get(author=by, key=key)


@transaction.atomic
def _written(
    review: Review, stage: str, verdict: str, by: User, key: UUID, ids: list[int], left: list[int]
) -> BulkDecision:
    bulk = BulkDecision.objects.create(
        review=review, stage=stage, verdict=verdict, author=by, key=key, records=ids, left_out=left
    )
    # the verdict is left to the decisions' own lines, which are hidden from those who have not voted yet
    events.record(
        "bulk.decided", subject=bulk, by=by, review_id=review.pk, stage=stage, records=len(ids), left_out=len(left)
    )
    return bulk


def take_back(*, bulk: BulkDecision, by: User, record_ids: Sequence[int] | None = None) -> int:
    """Withdraw the author's word on these records of a bulk, or on all; what was decided anew since is left as it is.

    Returns how many were taken back. Raises BulkRefusedError.
    """
    if bulk.author_id != by.pk:
        raise BulkRefusedError("Only whoever made these decisions takes them back.")
    standing = set(standing_words(bulk))
    wanted = [pk for pk in bulk.records if pk in standing and (record_ids is None or pk in record_ids)]
    taken = 0
    for record_id in wanted:
        try:
            decisions.record(
                review=bulk.review,
                record_id=record_id,
                stage=bulk.stage,
                verdict=Verdict.WITHDRAWN,
                by=by,
                idempotency_key=bulk.key_for(record_id, "back/"),
                origin=Origin.BULK,
                takes_back=bulk.key_for(record_id),
            )
            taken += 1
        except DecisionRefusedError:  # closed, or decided anew, meanwhile: its decision stays on record
            continue
    if taken:
        events.record("bulk.taken_back", subject=bulk, by=by, review_id=bulk.review_id, stage=bulk.stage, records=taken)
    return taken
