"""Keeping a search of a public database: its strategy, its limits, how often it is run again (IMP-07)."""

import calendar
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import events
from screening.actions import sources
from screening.enums import Schedule, SearchProvider, SearchStatus, SourceKind
from screening.models.review import Review
from screening.models.search import SavedSearch, limits_in_words
from screening.models.source import Source
from screening.providers import PROVIDERS, Query

MOST = 50  # in a review
GOING = (SearchStatus.COUNTING, SearchStatus.FETCHING)
CHANGEABLE = ("strategy", "published_from", "published_to", "schedule")


class SearchRefusedError(ValueError):
    """The search can't be kept, changed or run so; the message says why and what to do. Nothing was changed."""


@transaction.atomic
def save(
    *,
    review: Review,
    provider: str,
    source_name: str,
    strategy: str,
    by: User,
    published_from: date | None = None,
    published_to: date | None = None,
    schedule: str = Schedule.NEVER,
) -> SavedSearch:
    """Keep a new search; its records will come to the source of this name. Raises SearchRefusedError."""
    _check(provider, strategy, published_from, published_to)
    if SavedSearch.objects.filter(review=review, removed=False).count() >= MOST:
        raise SearchRefusedError(f"This review has {MOST} searches. Remove one first.")
    source = _source(review, source_name, by, PROVIDERS[provider].site)
    search = SavedSearch(
        review=review,
        source=source,
        provider=provider,
        strategy=strategy.strip(),
        published_from=published_from,
        published_to=published_to,
        schedule=schedule,
        next_at=following(schedule, timezone.now()),
        created_by=by,
    )
    _store(search, source)
    events.record(
        "search.saved",
        subject=search,
        by=by,
        review_id=review.pk,
        name=source.name,
        provider=search.get_provider_display(),
    )
    return search


@transaction.atomic
def change(*, search: SavedSearch, by: User, **given: Any) -> SavedSearch:
    """Correct strategy, limits or schedule; runs that were made keep theirs. Raises SearchRefusedError."""
    row = SavedSearch.objects.select_for_update(no_key=True, of=("self",)).select_related("source").get(pk=search.pk)
    wanted = {name: given.get(name, getattr(row, name)) for name in CHANGEABLE}
    wanted["strategy"] = wanted["strategy"].strip()
    _check(row.provider, wanted["strategy"], wanted["published_from"], wanted["published_to"])
    old = {name: getattr(row, name) for name in CHANGEABLE if getattr(row, name) != wanted[name]}
    if not old:
        return row
    for name in old:
        setattr(row, name, wanted[name])
    if "schedule" in old:
        row.next_at = following(row.schedule, timezone.now())
    row.save()
    leave_counted(row)
    told = {name: (str(value or ""), str(wanted[name] or "")) for name, value in old.items()}
    events.record(
        "search.changed",
        subject=row,
        by=by,
        review_id=row.review_id,
        name=row.source.name,
        old={name: before for name, (before, _) in told.items()},
        new={name: after for name, (_, after) in told.items()},
    )
    return row


@transaction.atomic
def remove(*, search: SavedSearch, by: User) -> None:
    """Take a search off the list and off the clock. What it fetched, its source and its runs stay on record."""
    row = SavedSearch.objects.select_for_update(no_key=True, of=("self",)).select_related("source").get(pk=search.pk)
    if row.removed:
        return
    if row.runs.filter(status__in=GOING).exists():
        raise SearchRefusedError("This search is running. Cancel the run first, then remove the search.")
    row.removed, row.schedule, row.next_at = True, Schedule.NEVER, None
    row.save()
    events.record("search.removed", subject=row, by=by, review_id=row.review_id, name=row.source.name)


def leave_counted(search: SavedSearch) -> None:
    """What was counted and not fetched is out of date once the search is counted anew or changed."""
    for run in search.runs.filter(status=SearchStatus.COUNTED):
        run.status, run.ended_at = SearchStatus.CANCELLED, timezone.now()
        run.save()


def described_strategy(strategy: str, first: date | None, last: date | None) -> str:
    """What a source says of its strategy: the text, and the limits that were put beside it (PRISMA-S, item 9)."""
    limits = limits_in_words(first, last)
    return f"{strategy.strip()}\n\nLimits: {limits}" if limits else strategy.strip()


def following(schedule: str, moment: datetime) -> datetime | None:
    """When a search is due next: a week or a calendar month later; None if it has no schedule."""
    if schedule == Schedule.WEEKLY:
        return moment + timedelta(days=7)
    if schedule == Schedule.MONTHLY:
        year, month = moment.year + moment.month // 12, moment.month % 12 + 1
        return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))
    return None


def _source(review: Review, name: str, by: User, platform: str) -> Source:
    """The source of this name: one that is there keeps what is said of it until its first search has ended."""
    there = Source.objects.filter(review=review, name=name.strip()).first()
    return there or sources.describe(review=review, name=name, by=by, kind=SourceKind.DATABASE, platform=platform)


def _check(provider: str, strategy: str, first: date | None, last: date | None) -> None:
    if provider not in SearchProvider.values:
        raise SearchRefusedError("There is no such database here. Choose one from the list.")
    if first and last and first > last:
        raise SearchRefusedError("The first day of publication is after the last. Swap them.")
    if refusal := PROVIDERS[provider].refusal(Query(strategy, first, last)):
        raise SearchRefusedError(refusal)


def _store(search: SavedSearch, source: Source) -> None:
    try:
        with transaction.atomic():
            search.save()
    except IntegrityError as error:
        raise SearchRefusedError(
            f"The source “{source.name}” has a search already. Change that one, or give this one a source of its own, "
            f"such as “{source.name} (second strategy)”."
        ) from error
