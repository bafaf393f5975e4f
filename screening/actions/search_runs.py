"""What a lead does with a run of a search: count, fetch what was counted, go on, cancel; and what the clock begins."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audit import actors, events
from audit.actors import Actor
from reviewapp.queue import enqueue
from screening.actions.saved_searches import GOING, SearchRefusedError, following, leave_counted
from screening.enums import ImportStatus, SearchStatus
from screening.models.search import SavedSearch, SearchPage, SearchRun

OVERLAP = timedelta(days=14)
"""A top-up looks back so far behind the last search: databases date some records earlier than they show them."""
OFF = "Searching databases from here is switched off on this server. Nothing was sent. Ask an administrator."
LATE = timedelta(seconds=25)  # after which a doorbell counts as lost
UNREAD = (ImportStatus.CHECKING, ImportStatus.CHECKED, ImportStatus.REFUSED)
WORKER = "search"


@transaction.atomic
def count(*, search: SavedSearch, by: User, everything: bool = False) -> SearchRun:
    """Ask how many there are: of all, or, once a search was fetched and imported, of what is new since.

    A worker asks. Raises SearchRefusedError.
    """
    row = _ready(search)
    leave_counted(row)
    return _begin(row, SearchStatus.COUNTING, by=by, since=None if everything else new_since(row))


@transaction.atomic
def fetch(*, search: SavedSearch, by: User) -> SearchRun:
    """Fetch what the last run counted. Raises SearchRefusedError."""
    _ready(search)
    run = _last(search, SearchStatus.COUNTED)
    if not run.hits:
        raise SearchRefusedError("The search finds nothing, so there is nothing to fetch.")
    return _ring(run, SearchStatus.FETCHING, "search.started", by=by)


@transaction.atomic
def go_on(*, search: SavedSearch, by: User) -> SearchRun:
    """Go on with a run that failed, behind the pages that are there. Raises SearchRefusedError."""
    _ready(search)
    run = _last(search, SearchStatus.FAILED)
    counting = run.hits is None and not run.scheduled
    run.error = ""
    return _ring(run, SearchStatus.COUNTING if counting else SearchStatus.FETCHING, "search.resumed", by=by)


@transaction.atomic
def cancel(*, search: SavedSearch, by: User) -> SearchRun:
    """Stop a run, or leave what was counted. What was fetched of it is thrown away; nothing of it was imported."""
    run = _last(search, *GOING, SearchStatus.COUNTED, SearchStatus.FAILED)
    run.status, run.ended_at, run.not_before = SearchStatus.CANCELLED, timezone.now(), None
    run.save()
    SearchPage.objects.filter(run=run).delete()
    record("search.cancelled", run, by=by)
    return run


def new_since(search: SavedSearch) -> date | None:
    """The day from which on a top-up looks; None where everything must be searched.

    Only runs of today's strategy and limits count, whose records are in the review: a file that was discarded or undone
    leaves a gap, and what came after it does not close it.
    """
    same = search.runs.filter(
        status=SearchStatus.DONE,
        strategy=search.strategy,
        published_from=search.published_from,
        published_to=search.published_to,
    )
    covered = None
    for run in same.exclude(searched_at=None).order_by("id").prefetch_related("files"):
        imported = [file for file in run.files.all() if file.status == ImportStatus.DONE]
        joins = run.since is None or (covered is not None and run.since <= covered.date())
        if joins and len(imported) == run.brought:
            covered = run.searched_at
    return (covered - OVERLAP).date() if covered else None


def start_due() -> int:
    """Begin the top-ups that are due, each once the last one's file was looked at; how many."""
    if not settings.SEARCHES_ON:
        return 0
    return sum(_start(pk) for pk in list(_due().values_list("pk", flat=True)))


def _due() -> QuerySet[SavedSearch]:
    waiting = Q(runs__status__in=GOING) | Q(runs__files__status__in=UNREAD)
    return SavedSearch.objects.filter(next_at__lte=timezone.now(), removed=False).exclude(waiting)


@transaction.atomic
def _start(search_id: int) -> bool:
    rows = SavedSearch.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    search = rows.select_related("source", "created_by").filter(pk=search_id).first()
    if search is None or not _due().filter(pk=search_id).exists():  # asked again behind the lock: a person was quicker
        return False
    search.next_at = following(search.schedule, timezone.now())
    search.save()
    _begin(search, SearchStatus.FETCHING, by=search.created_by, since=new_since(search), scheduled=True)
    return True


def sweep() -> int:
    """Ring again for runs that nobody has worked on for a while, or whose wait is over; how many."""
    now = timezone.now()
    late = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=now - LATE)
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    ids = list(SearchRun.objects.filter(late & due, status__in=GOING).values_list("pk", flat=True))
    SearchRun.objects.filter(pk__in=ids).update(heartbeat_at=now)
    for run_id in ids:
        enqueue("screening.search", run_id=run_id)
    return len(ids)


def _ready(search: SavedSearch) -> SavedSearch:
    """The search, locked, if it may be run now."""
    if not settings.SEARCHES_ON:
        raise SearchRefusedError(OFF)
    row = SavedSearch.objects.select_for_update(no_key=True, of=("self",)).select_related("source").get(pk=search.pk)
    if row.removed:
        raise SearchRefusedError("This search was removed.")
    if row.runs.filter(status__in=GOING).exists():
        raise SearchRefusedError("This search is running already. Wait for it, or cancel it.")
    return row


def _last(search: SavedSearch, *statuses: str) -> SearchRun:
    rows = SearchRun.objects.select_for_update(no_key=True, of=("self",)).select_related("search__source")
    run = rows.filter(search=search).order_by("-id").first()
    if run is None or run.status not in statuses:
        raise SearchRefusedError("The search has moved on meanwhile. Look at its state below.")
    return run


def _begin(search: SavedSearch, status: str, *, by: User, since: date | None, scheduled: bool = False) -> SearchRun:
    SearchPage.objects.filter(run__search=search).delete()  # of a run that failed: nobody goes on with it any more
    run = SearchRun(
        search=search,
        review_id=search.review_id,
        scheduled=scheduled,
        strategy=search.strategy,
        published_from=search.published_from,
        published_to=search.published_to,
        since=since,
        created_by=by,
    )
    hand = actors.worker(WORKER) if scheduled else by
    return _ring(run, status, "search.started" if scheduled else "search.asked", by=hand)


def _ring(run: SearchRun, status: str, event: str, *, by: User | Actor) -> SearchRun:
    run.status, run.ended_at, run.not_before, run.faults, run.waits_for = status, None, None, 0, ""
    run.heartbeat_at = timezone.now()
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise SearchRefusedError("This search is running already. Wait for it, or cancel it.") from error
    record(event, run, by=by)
    enqueue("screening.search", run_id=run.pk)
    return run


def record(event: str, run: SearchRun, *, by: User | Actor, reason: str = "", **data: Any) -> None:
    """A line of the ledger about a run."""
    facts: dict[str, Any] = {"name": run.search.source.name, "since": str(run.since or ""), **data}
    events.record(event, subject=run, by=by, review_id=run.review_id, reason=reason, **facts)
