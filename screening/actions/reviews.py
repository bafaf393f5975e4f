"""Starting and changing a review, its team and its stage rules."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from audit import events
from reviewapp.deadlocks import begun_again
from screening.actions import applying, telling
from screening.actions.applying import RuleBusyError
from screening.enums import Assignment, Role, Stage
from screening.models.protocol import ExclusionReason
from screening.models.review import Membership, Review
from screening.models.stage import StageRule
from screening.queries.team.numbers import names_of

# The reasons most reviews need, in the order of the PICOS facets; a lead changes them.
FIRST_REASONS = (
    "Wrong population",
    "Wrong intervention",
    "Wrong comparator",
    "Wrong outcome",
    "Wrong study design",
    "Wrong publication type",
)


@transaction.atomic
def start(*, title: str, by: User, description: str = "", invented: bool = False) -> Review:
    """A new review with its maker as lead and reviewer, a rule for each stage and a first list of reasons."""
    review = Review.objects.create(title=title, description=description, invented=invented, created_by=by)
    for role in (Role.LEAD, Role.REVIEWER, Role.ADJUDICATOR):
        Membership.objects.create(review=review, user=by, role=role)
    for stage in Stage:
        StageRule.objects.create(review=review, stage=stage, reason_required=stage == Stage.FULL_TEXT)
        for position, text in enumerate(FIRST_REASONS, 1):
            ExclusionReason.objects.create(review=review, stage=stage, position=position, text=text)
    events.record("review.started", subject=review, by=by, review_id=review.pk, title=title)
    return review


@transaction.atomic
def change(*, review: Review, by: User, **new: Any) -> Review:
    """Change a review's own fields; the event keeps old and new of those that differ."""
    locked = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    old = {name: getattr(locked, name) for name in new}
    changed = {name: value for name, value in new.items() if old[name] != value}
    if changed:
        for name, value in changed.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(changed))
        events.record(
            "review.changed",
            subject=locked,
            by=by,
            review_id=locked.pk,
            old={name: old[name] for name in changed},
            new=changed,
        )
    return locked


RULE_FIELDS = (
    "reviewers_per_record",
    "double_share",
    "reason_required",
    "oversight",
    "senior_among",
    "waive_second",
    "own_conflicts",
    "adjudicators",
    "assignment",
    "queue_order",
    "bulk_allowed",
    "ask_criteria",
)


class OutdatedError(ValueError):
    """Somebody changed these fields since they were shown (`fields`, by name); nothing was stored."""

    def __init__(self, fields: Iterable[str]) -> None:
        self.fields = tuple(fields)
        super().__init__("Somebody changed this since it was shown to you. Nothing of yours was stored.")


# What a record needs or where it stands hangs on these fields, and the order of the queue on those; on no others.
SETTLING = {"reviewers_per_record", "double_share", "oversight", "senior_among", "waive_second", "assignment"}
ORDERING = {"oversight", "queue_order"}


@begun_again
@transaction.atomic
def change_rule(*, rule: StageRule, by: User, shown: Mapping[str, Any] | None = None, **new: Any) -> StageRule:
    """Change how a stage is screened. It is in force at once; where records are many a worker brings them in line.

    `new` holds fields of RULE_FIELDS; what is not named stays. `rule_preview.preview` says beforehand what will be.
    `shown` is what the author believed to stand: where a field of it stands otherwise, OutdatedError is raised. Raises
    RuleBusyError where records don't follow the last change yet, and this one would change what they follow.
    """
    # the review too: one change of rules or team at a time; `no_key`, as a decision on its way refers to its review
    locked = StageRule.objects.select_for_update(no_key=True).select_related("review").get(pk=rule.pk)
    if unknown := set(new) - set(RULE_FIELDS):
        raise TypeError(f"A stage rule has no {', '.join(sorted(unknown))}.")
    old = {name: getattr(locked, name) for name in RULE_FIELDS}
    if outdated := [name for name, value in (shown or {}).items() if old[name] != value]:
        raise OutdatedError(outdated)
    changed = {name: str(value) if isinstance(value, str) else value for name, value in new.items()}
    changed = {name: value for name, value in changed.items() if value != old[name]}
    if not changed:
        return locked
    if locked.applied_through is not None and (SETTLING | ORDERING) & changed.keys():
        raise RuleBusyError
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["review"])
    locked.save()
    _follow(locked, {name: old[name] for name in changed}, changed, by)
    return locked


def _follow(rule: StageRule, old: Mapping[str, Any], new: Mapping[str, Any], by: User) -> None:
    """Tell of a change, and bring the places in line with it, or have a worker do so."""
    settles, orders = bool(SETTLING & new.keys()), bool(ORDERING & new.keys())
    later = (settles or orders) and applying.for_a_worker(rule)
    said: dict[str, Any] = {"stage": rule.stage, "old": old, "new": new} | ({"later": True} if later else {})
    if "adjudicators" in new:
        said["people"] = sorted(names_of(new["adjudicators"]).values())
    events.record("stage.changed", subject=rule, by=by, review_id=rule.review_id, **said)
    if settles or orders:
        applying.begin(rule=rule, by=by, later=later, settles=settles, orders=orders)
    if new.get("assignment") == Assignment.SHARES and not later:
        telling.shared_out(rule=rule, by=by)


@transaction.atomic
def set_reasons(
    *, review: Review, stage: str, texts: Sequence[str], by: User, shown: Sequence[str] | None = None
) -> None:
    """Make these, in this order, the exclusion reasons of a stage. One that is left out is retired, never deleted.

    `shown` is the list that the author believed to stand; where another one does, OutdatedError is raised.
    """
    wanted = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    have = {
        reason.text: reason for reason in ExclusionReason.objects.select_for_update().filter(review=review, stage=stage)
    }
    old = [text for text, reason in have.items() if not reason.retired]
    if shown is not None and list(shown) != old:
        raise OutdatedError(["reasons"])
    if wanted == old:
        return
    for position, text in enumerate(wanted, 1):
        reason = have.get(text) or ExclusionReason(review=review, stage=stage, text=text)
        reason.position, reason.retired = position, False
        reason.save()
    for text in set(old) - set(wanted):
        have[text].retired = True
        have[text].save()
    events.record("reasons.changed", subject=review, by=by, review_id=review.pk, stage=stage, old=old, new=wanted)
