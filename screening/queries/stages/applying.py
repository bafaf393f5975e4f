"""How far a worker is with a changed rule of a stage."""

from dataclasses import dataclass

from django.db.models import Count, Q

from audit.models.event import Event
from screening.models.stage import StageRule, StageState


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` places of `total` follow the rule in force."""

    done: int
    total: int


def progress(rule: StageRule) -> Progress | None:
    """None where all places follow the rule; one query where they don't."""
    if rule.applied_through is None:
        return None
    places = StageState.objects.filter(review=rule.review_id, stage=rule.stage)
    reached = Q(pk__lte=rule.applied_through)
    return Progress(**places.aggregate(done=Count("pk", filter=reached), total=Count("pk")))


def waiting_for_a_worker() -> list[int]:
    """Ids of the rules that places don't follow yet, whatever became of the doorbell."""
    return list(StageRule.objects.filter(applied_through__isnull=False).values_list("pk", flat=True))


def last_change(rule: StageRule) -> Event | None:
    """The change of a rule that its places have not followed yet, as the ledger has it.

    None where they follow something else, for instance that AI was switched.
    """
    about = Event.objects.filter(subject_type=StageRule._meta.label_lower, subject_id=rule.pk)
    last = about.filter(Q(type="stage.changed", data__later=True) | Q(type="stage.applied")).first()
    return last if last is not None and last.type == "stage.changed" else None
