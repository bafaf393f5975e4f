"""How runs stand: counts, pace, cost, what failed, and how the proposals fall, as far as the reader may know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from audit.models.model_call import ModelCall
from screening.enums import Engine, ItemStatus, Role, RunStatus, Stage
from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
from screening.visibility import SHOWN_BEFORE, mode_in_force

RECENT = timedelta(minutes=2)
FEW = 20  # records without an own vote: sums over fewer of them tell of single replies


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a run's items. `ended` are done, failed and cancelled; `seconds_left` is None where nobody can say."""

    total: int
    done: int
    failed: int
    cancelled: int
    waiting: int
    claimed: int
    per_minute: float
    seconds_left: float | None

    @property
    def ended(self) -> int:
        return self.done + self.failed + self.cancelled


def progress(run: Run, *, voted_by: int | None = None) -> Progress:
    """The counts as of now, and the time left by the pace of the last two minutes. Two queries, or three.

    `voted_by`: failures are told of records that this person has voted on; others that failed count among the done, and
    what is being worked on among what waits: of a panel that is what its adjudicating model is asked about.
    """
    counts = dict(_of_records(run).order_by().values_list("status").annotate(n=Count("id")))
    n = {status: counts.get(status, 0) for status in ItemStatus}
    if voted_by is not None:
        told = failures(run, voted_by=voted_by).count()
        n[ItemStatus.DONE], n[ItemStatus.FAILED] = n[ItemStatus.DONE] + n[ItemStatus.FAILED] - told, told
        n[ItemStatus.WAITING], n[ItemStatus.CLAIMED] = n[ItemStatus.WAITING] + n[ItemStatus.CLAIMED], 0
    waiting = n[ItemStatus.WAITING] + n[ItemStatus.HELD]
    left = waiting + n[ItemStatus.CLAIMED]
    rate = _rate(run) if run.status == RunStatus.RUNNING else 0.0
    return Progress(
        total=sum(n.values()),
        done=n[ItemStatus.DONE],
        failed=n[ItemStatus.FAILED],
        cancelled=n[ItemStatus.CANCELLED],
        waiting=waiting,
        claimed=n[ItemStatus.CLAIMED],
        per_minute=60 * rate,
        seconds_left=left / rate if rate and left else None,
    )


def _of_records(run: Run) -> QuerySet[RunItem]:
    """One item for each record or study: those of a panel's members, and repeats, are left out."""
    return RunItem.objects.filter(run=run, member=None, repeat=0)


def _rate(run: Run) -> float:
    """Items ended per second, of late."""
    ended = _of_records(run).filter(finished_at__gte=timezone.now() - RECENT)
    seen = ended.aggregate(n=Count("id"), first=Min("finished_at"), last=Max("finished_at"))
    if seen["n"] < 5:
        return 0.0
    span: float = (seen["last"] - seen["first"]).total_seconds()
    return (seen["n"] - 1) / span if span else 0.0


def spent(run: Run) -> dict[str, Any]:
    """What the calls of a run took: calls, how they ended, tokens, and cost where it is known (None where never)."""
    calls = ModelCall.objects.filter(
        subject_type=RunItem._meta.label_lower, subject_id__in=RunItem.objects.filter(run=run).values("id")
    )
    return calls.aggregate(
        calls=Count("id"),
        answered=Count("id", filter=Q(outcome__state="answered")),
        failed=Count("id", filter=Q(outcome__state="failed")),
        unknown=Count("id", filter=Q(outcome__state="unknown")),
        tokens_in=Sum("outcome__tokens_in", default=0),
        tokens_out=Sum("outcome__tokens_out", default=0),
        cost=Sum("outcome__cost", default=Decimal(0)),
    )


def replayed(run: Run) -> int:
    """How many suggestions of a run stand on the reply to an identical question that was asked before it."""
    return Suggestion.objects.filter(item__run=run, replayed=True).count()


def failures(run: Run, *, voted_by: int | None = None) -> QuerySet[RunItem]:
    """Items that failed, oldest first, with their records or studies; `voted_by`: where this person has voted only."""
    found = _of_records(run).filter(status=ItemStatus.FAILED).select_related("record", "study").order_by("id")
    if voted_by is None:
        return found
    return found.filter(record__states__stage=run.stage, record__states__voters__contains=[voted_by])


def veiled(run: Run, roles: Collection[str]) -> bool:
    """Whether a run's calls and failures would tell these roles how proposals fall: whom a panel asks hangs on that."""
    return run.assistant.engine == Engine.PANEL and bound(run.review, run.stage, roles)


def spent_tells(run: Run, *, user_id: int, roles: Collection[str]) -> bool:
    """Whether calls, tokens and cost of a run would tell these roles of replies on records without an own vote.

    Of a panel they tell whom it asked; else a long or dear reply tells of itself where it is one of a FEW.
    """
    if not bound(run.review, run.stage, roles):
        return False
    if run.assistant.engine == Engine.PANEL:
        return True
    found = _of_records(run)
    voted = found.filter(record__states__stage=run.stage, record__states__voters__contains=[user_id])
    return 0 < found.count() - voted.count() < FEW


def told(listed: list[Run], review: Review, roles: Collection[str]) -> list[Run]:
    """The runs of a list as these roles may see them: of a panel, what failed counts among the done. Two queries."""
    stages = [stage for stage in Stage.values if bound(review, stage, roles)]
    for run in listed:
        if run.assistant.engine == Engine.PANEL and run.stage in stages:
            run.n_done, run.n_failed = run.n_done + run.n_failed, None  # type: ignore[attr-defined]
    return listed


def bound(review: Review, stage: str, roles: Collection[str]) -> bool:
    """Whether these roles forbid to know how proposals fall on records without an own vote (AI-02)."""
    if Role.REVIEWER not in roles or not stage:  # a run without a stage proposes nothing that is voted on
        return False
    rule = StageRule.objects.get(review=review, stage=stage)
    return mode_in_force(rule.oversight, ai_enabled=review.ai_enabled) not in SHOWN_BEFORE


def split(run: Run, *, user_id: int, roles: Collection[str]) -> dict[str, int]:
    """Proposed verdict -> number of records. Who is bound gets only those that they have voted on."""
    found = Suggestion.objects.standing().filter(item__run=run)
    if bound(run.review, run.stage, roles):
        found = found.filter(record__states__stage=run.stage, record__states__voters__contains=[user_id])
    counts = dict(found.order_by().values_list("proposed_verdict").annotate(n=Count("id", distinct=True)))
    return {verdict: counts.get(verdict, 0) for verdict in ("include", "maybe", "exclude")}


def listed(review: Review) -> QuerySet[Run]:
    """The runs of a review, newest first, with what a list shows; `in_force` numbers the protocol. One query."""
    whole = Q(items__member=None, items__repeat=0)
    counted = {
        "n": Count("items", filter=whole),
        "n_done": Count("items", filter=whole & Q(items__status=ItemStatus.DONE)),
        "n_failed": Count("items", filter=whole & Q(items__status=ItemStatus.FAILED)),
    }
    found = Run.objects.filter(review=review).select_related("assistant", "created_by", "protocol")
    newest = ProtocolVersion.objects.filter(review=review).order_by("-number").values("number")[:1]
    return found.annotate(**counted, in_force=Subquery(newest)).order_by("-id")


def duration(run: Run) -> timedelta:
    """From start to end, or to now."""
    end: datetime = run.finished_at or timezone.now()
    return end - run.created_at
