"""What the leads of a review must act on, each with a name that stays the same while it is so."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from audit.models.event import Event
from screening.enums import (
    Engine,
    ExceptionKind,
    ImportStatus,
    ItemStatus,
    PauseReason,
    Role,
    RunKind,
    RunStatus,
    SearchStatus,
)
from screening.models.review import Review
from screening.models.run import Run, RunItem
from screening.models.search import SearchRun
from screening.models.stage import StageState
from screening.queries.assistants import exceptions
from screening.queries.progress.warnings import obstacles
from screening.queries.stages.finished import OPEN

RECENT = timedelta(days=14)  # what failed earlier is no news
ASKED = Q(member__isnull=False) | ~Q(run__assistant__engine=Engine.PANEL)  # whatever the others of a panel said
WAITING: dict[str, tuple[str, str]] = {
    ImportStatus.CHECKED: (
        "waits",
        "The search of {source} found {n} that may be new: look at the dry run and import it.",
    ),
    ImportStatus.REFUSED: (
        "unread",
        "What the search of {source} fetched can’t be read as citations. Its page says why; discard it to go on.",
    ),
}
"""State of a file that a search fetched -> the name of its alert, and what is told."""


NEEDS: dict[str, str] = {
    ExceptionKind.REFUSED: "Assistants were refused records.",
    ExceptionKind.NO_ABSTRACT: "Assistants have nothing but a title of some records.",
    ExceptionKind.NO_TEXT: "Assistants can read nothing in some full texts.",
    ExceptionKind.NOT_PERMITTED: "Some full texts may not be sent to assistants.",
}
"""Kind of exception -> what an alert says of it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to act on: its name among those of the review, a sentence, and the address where to act."""

    name: str
    sentence: str
    url: str


def alerts() -> dict[int, list[Alert]]:
    """Review id -> its alerts, as its leads see them on their pages. Some queries per review: not for every minute."""
    found: dict[int, list[Alert]] = defaultdict(list)
    of_runs = [*_failed_runs(), *_stopped_runs(), *_fallen_back()]
    for review_id, alert in [*_obstacles(), *of_runs, *_exceptions(), *_searches()]:
        found[review_id].append(alert)
    return dict(found)


def _obstacles() -> Iterator[tuple[int, Alert]]:
    """What keeps a review from going on, of those where anything is open."""
    here = StageState.objects.filter(review=OuterRef("pk"), status__in=OPEN)
    for review_id in Review.objects.filter(Exists(here)).order_by("id").values_list("id", flat=True):
        for one in obstacles(review_id):
            yield review_id, Alert(f"{one.code}-{one.stage}", one.sentence, one.url)


def _failed_runs() -> list[tuple[int, Alert]]:
    """Runs that ended lately with items that failed. Tried again and ended so again is another alert.

    Of a trial, or what a person had run again, people see it where they asked for it: nobody works without it. Of a
    panel those of its members count, as in `_fallen_back`; repeats do not: the first answer stands.
    """
    ended = Run.objects.filter(status=RunStatus.FINISHED, finished_at__gt=timezone.now() - RECENT)
    runs = ended.filter(kind=RunKind.WORK)
    failed = RunItem.objects.filter(ASKED, run__in=runs, status=ItemStatus.FAILED, repeat=0)
    ends = failed.values_list("run_id", "run__review_id", "run__purpose", "run__finished_at")
    counted = ends.annotate(n=Count(Coalesce("record_id", "study_id"), distinct=True))
    return [
        (
            review_id,
            Alert(
                f"run-{run_id}-failed-{ended.timestamp():.0f}",
                f"Run {run_id} ended with {n} {_noun(purpose, n)} that failed: people work there without a suggestion.",
                _address(review_id, run_id),
            ),
        )
        for run_id, review_id, purpose, ended, n in counted
    ]


def _stopped_runs() -> list[tuple[int, Alert]]:
    """Runs that stand still until somebody resumes them, and that nobody of the team paused by hand."""
    paused = Run.objects.filter(status=RunStatus.PAUSED, waits_until=None).exclude(stopped_for=PauseReason.PERSON)
    still = paused.in_bulk()
    events = Event.objects.filter(type="run.paused", subject_type=Run._meta.label_lower, subject_id__in=still)
    last = {event.subject_id: event for event in events.order_by("id")}
    return [
        (
            still[run_id].review_id,
            Alert(
                f"run-{run_id}-stopped-{event.pk}",
                f"Run {run_id} stands still and waits for you: its page says why.",
                _address(still[run_id].review_id, run_id),
            ),
        )
        for run_id, event in last.items()
        if still[run_id].stopped_for or event.actor_kind == "worker"  # earlier runs have no reason
    ]


def _fallen_back() -> list[tuple[int, Alert]]:
    """Runs, going or ended lately, in which a model does not answer and another one stands in: it may cost more.

    Not where a panel's adjudicating model is away: that it was asked tells how the members' opinions fall.
    """
    lately = Q(run__finished_at__gt=timezone.now() - RECENT) | Q(run__status__in=(RunStatus.RUNNING, RunStatus.PAUSED))
    moved = RunItem.objects.filter(lately, ASKED, line__gt=0, run__kind=RunKind.WORK)
    return [
        (
            review_id,
            Alert(
                f"run-{run_id}-fallback",
                f"In run {run_id} a model does not answer, and a fallback is asked instead: the run’s page says why.",
                _address(review_id, run_id),
            ),
        )
        for run_id, review_id in moved.order_by("run").values_list("run_id", "run__review_id").distinct()
    ]


def _exceptions() -> Iterator[tuple[int, Alert]]:
    """What the assistants can't do without somebody's help. Never what tells of a suggestion: leads may screen, too.

    What failed is told by run.
    """
    eyes = exceptions.Eyes(0, frozenset({Role.LEAD}))
    for review in Review.objects.filter(ai_enabled=True).order_by("id"):
        found = exceptions.counts(review, eyes)
        for kind in ExceptionKind:
            if found[kind] and not kind.tells and kind != ExceptionKind.FAILED:
                url = f"{reverse('screening:exceptions', args=[review.pk])}?kind={kind}"
                sentence = f"{NEEDS[kind]} The inbox of exceptions lists them, with what to do next."
                yield review.pk, Alert(f"exceptions-{kind}", sentence, url)


def _searches() -> Iterator[tuple[int, Alert]]:
    """Files of searches that wait for a person, and searches whose last run failed lately."""
    runs = SearchRun.objects.filter(search__removed=False).select_related("search__source")
    waits = Q(scheduled=True) | Q(search__next_at__lte=timezone.now())  # however old: it keeps the clock waiting
    for status, (name, sentence) in WAITING.items():
        for run in runs.filter(waits, files__status=status).distinct():
            n = f"{run.fetched:,} record{'' if run.fetched == 1 else 's'}"
            told = sentence.format(source=run.search.source.name, n=n)
            yield (
                run.review_id,
                Alert(f"search-{run.pk}-{name}", told, reverse("screening:imports", args=[run.review_id])),
            )
    later = SearchRun.objects.filter(search=OuterRef("search"), pk__gt=OuterRef("pk"))
    recent = runs.filter(created_at__gt=timezone.now() - RECENT)
    for run in recent.filter(~Exists(later), status=SearchStatus.FAILED):
        when = run.ended_at.timestamp() if run.ended_at else 0
        sentence = f"The search of {run.search.source.name} failed: its page says why and how to go on."
        yield run.review_id, Alert(f"search-{run.pk}-failed-{when:.0f}", sentence, run.search.get_absolute_url())


def _noun(purpose: str, n: int) -> str:
    one = "study" if purpose == "extraction" else "record"
    return one if n == 1 else {"study": "studies", "record": "records"}[one]


def _address(review_id: int, run_id: int) -> str:
    return reverse("screening:run", args=[review_id, run_id])
