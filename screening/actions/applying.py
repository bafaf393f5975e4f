"""Bringing the places of a stage in line with its changed rule: a few at once, many by a worker, in pages (SCR-01).

The rule is in force from the moment it is stored. `StageRule.applied_through` says which place the worker has reached;
every decision asks the rule itself what its place needs, so none is settled by an old rule or by half of a new one.
"""

from django.contrib.auth.models import User
from django.db import transaction

from audit import actors, events
from reviewapp.deadlocks import begun_again
from reviewapp.queue import enqueue
from screening.actions import order, stages, telling
from screening.actions.paging import AT_ONCE, go_through
from screening.enums import Assignment
from screening.models.stage import StageRule, StageState
from screening.queries.stages import applying
from screening.visibility import mode_in_force

TASK = "screening.apply_rule"
WORKER = actors.worker("stage rules")


class RuleBusyError(ValueError):
    """A worker still applies the last change of this rule; nothing was stored."""

    def __init__(self) -> None:
        super().__init__(
            "The last change of this stage is still being applied to its records. Nothing of yours was stored; "
            "wait until that is done, and save again."
        )


def for_a_worker(rule: StageRule) -> bool:
    """Whether there are too many places for a request, or a worker is at them already."""
    places = StageState.objects.filter(review=rule.review_id, stage=rule.stage)
    return rule.applied_through is not None or places.count() > AT_ONCE


@transaction.atomic
def begin(*, rule: StageRule, by: User, later: bool, settles: bool = True, orders: bool = True) -> None:
    """Apply a rule that the caller has changed and stored; `later` if `for_a_worker`.

    At once, what records need and where they stand is computed if it `settles`, the order of the queue if it `orders`.
    A worker does both, and begins anew where it is still at an earlier change.
    """
    if later:
        leave_to_worker(rule)
        return
    if settles:
        stages.apply_rule(rule=rule)
    if orders:
        order.order_by_suggestions(review=rule.review, stage=rule.stage, by=by)


def leave_to_worker(rule: StageRule) -> None:
    """Have every place of the stage brought in line, from the first, once the caller's change is stored.

    For the caller's lock order: this takes the rule's row, which comes before its places.
    """
    _reached(rule, 0)
    enqueue(TASK, rule_id=rule.pk)


def carry_on(*, rule_id: int) -> None:
    """Bring the places in line, page by page; rung for by a doorbell. A second ring does no harm."""
    go_through(lambda: _turn_page(rule_id))


@begun_again
@transaction.atomic
def _turn_page(rule_id: int) -> bool:
    """Whether there is more to do. The rule is locked before the places: two workers take turns, and no page twice."""
    rules = StageRule.objects.select_for_update(no_key=True, of=("self",)).select_related("review")
    rule = rules.filter(pk=rule_id, applied_through__isnull=False).first()
    if rule is None:
        return False
    places = StageState.objects.filter(review=rule.review_id, stage=rule.stage, pk__gt=rule.applied_through)
    page = list(places.order_by("pk").values_list("pk", "record_id")[:AT_ONCE])
    records = [record_id for _, record_id in page]
    stages.apply_rule(rule=rule, record_ids=records)
    mode = mode_in_force(rule.oversight, ai_enabled=rule.review.ai_enabled)
    order.put_in_order(rule, mode, records)
    if len(page) == AT_ONCE:
        _reached(rule, page[-1][0])
        return True
    _finish(rule)
    return False


def _reached(rule: StageRule, place: int | None) -> None:
    """In the row alone: how far a worker is, is no change of a rule, and has no history."""
    StageRule.objects.filter(pk=rule.pk).update(applied_through=place)
    rule.applied_through = place


def _finish(rule: StageRule) -> None:
    begun = applying.last_change(rule)
    _reached(rule, None)
    events.record(
        "stage.applied",
        subject=rule,
        by=WORKER,
        review_id=rule.review_id,
        stage=rule.stage,
        records=StageState.objects.filter(review=rule.review_id, stage=rule.stage).count(),
    )
    if begun is not None and begun.data["new"].get("assignment") == Assignment.SHARES:
        for author in User.objects.filter(pk=begun.actor_id or 0):
            telling.shared_out(rule=rule, by=author)
