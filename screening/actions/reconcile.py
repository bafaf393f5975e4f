"""Whether the indexed copy of where records stand (StageState) is what their decisions say, and mending it if not."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from audit import events, integrity
from audit.actors import Actor
from reviewapp.deadlocks import begun_again
from screening.actions import stages
from screening.actions.rulebook import rulebook
from screening.enums import Stage, StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageRule, StageState

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Drift:
    """A record whose stored place at a stage is not what follows from its decisions."""

    review_id: int
    record_id: int
    stage: str
    stored: str
    computed: str

    def __str__(self) -> str:
        return (
            f"Record {self.record_id} of review {self.review_id} at {Stage(self.stage).label.lower()}: "
            f"stored is {self.stored}, its decisions say {self.computed}."
        )


def register() -> None:
    """Called once, when the app is ready."""
    integrity.register("statuses follow from decisions", _check)


def _check(findings: integrity.Findings) -> None:
    findings.looked_at = StageState.objects.count()
    for drift in drifts():
        findings.wrong(f"{drift} `manage.py reconcile --fix` mends it.")


def drifts(review: Review | None = None) -> Iterator[Drift]:
    """Every difference, stage by stage; 2,000 records are held at a time."""
    rules = StageRule.objects.select_related("review").order_by("review", "-stage")
    for rule in rules.filter(review=review) if review else rules:
        yield from _missing(rule)
        yield from _differing(rule)


def _missing(rule: StageRule) -> Iterator[Drift]:
    """Records without a place where they must have one: active ones, and at full text those that were included."""
    records = Record.objects.filter(review=rule.review, active=True).exclude(states__stage=rule.stage)
    if rule.stage == Stage.FULL_TEXT:
        records = records.filter(states__stage=Stage.TITLE_ABSTRACT, states__status=StageStatus.INCLUDED)
    for pk in records.order_by("id").values_list("pk", flat=True).iterator(PAGE):
        yield Drift(rule.review_id, pk, rule.stage, "nothing", "that it is at this stage")


def _differing(rule: StageRule) -> Iterator[Drift]:
    last = 0
    states = StageState.objects.filter(review=rule.review, stage=rule.stage).select_related("record", "pilot")
    if rule.applied_through is not None:  # what a worker has not reached yet follows the rule before, and is no drift
        states = states.filter(id__lte=rule.applied_through)
    book = rulebook(rule)
    while page := list(states.filter(id__gt=last).order_by("id")[:PAGE]):
        last = page[-1].pk
        for state, computed in stages.computed_of(book, page):
            closed = state.status == computed.status == StageStatus.INACTIVE
            if not closed and stages.stored(state) != stages.stored(computed):
                yield Drift(rule.review_id, state.record_id, rule.stage, _words(state), _words(computed))


def _words(state: StageState) -> str:
    extra = [*(["a senior is missing"] if state.senior_missing else []), *(["second waived"] if state.waived else [])]
    return ", ".join([f"{state.status} by {len(state.voters)} of {state.needed}", *extra])


@begun_again
@transaction.atomic
def mend(*, review: Review, by: Actor) -> int:
    """Compute anew what differs in a review; how many places that were. The ledger says so."""
    found: dict[str, list[Drift]] = defaultdict(list)
    for stage in Stage:  # what is mended at one stage opens or closes the next
        rule = stages.rule_for(review, stage)
        found[stage] = [*_missing(rule), *_differing(rule)]
        missing = [drift.record_id for drift in found[stage] if drift.stored == "nothing"]
        stages.open_stage(review=review, records=Record.objects.filter(pk__in=missing), stage=stage)
        wrong = [drift.record_id for drift in found[stage]]
        stages.allot(rule=rule, record_ids=wrong)
        stages.refresh(review=review, record_ids=wrong, stage=stage)
    places = [drift for drifting in found.values() for drift in drifting]
    if places:
        events.record(
            "statuses.reconciled",
            subject=review,
            by=by,
            review_id=review.pk,
            places=len(places),
            first=[str(drift) for drift in places[:10]],
        )
    return len(places)
