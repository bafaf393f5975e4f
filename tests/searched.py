"""Searches for tests: a server with recorded replies behind the settings, saved searches, runs worked off at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audit.actors import acting, worker
from screening.actions import import_check, import_run, imports, saved_searches, search_runs, search_work
from screening.models.review import Review
from screening.models.search import SavedSearch, SearchRun
from screening.models.source import ImportedFile
from screening.providers import PROVIDERS
from tests.search_server import SearchServer


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SearchServer]:
    """Searches are on, and go to a server on this machine, two records a page and without pauses."""
    with SearchServer() as running:
        settings.SEARCHES_ON, settings.SEARCH_URLS, settings.SEARCH_PAGE = True, running.urls, 2
        settings.SEARCH_ALLOWED_HOSTS, settings.SEARCH_EMAIL = ["127.0.0.1"], "office@example.org"
        for provider in PROVIDERS.values():
            monkeypatch.setattr(type(provider), "pause", lambda self, credentials: 0.0)
        yield running


@contextmanager
def held(lock: int, host: str = "127.0.0.1") -> Iterator[Callable[[], None]]:
    """Another worker has this lock of the host, until the end or until what is given is called."""
    other = connection.copy()
    other.inc_thread_sharing()

    def release() -> None:
        with other.cursor() as cursor:  # a session that is closed gives its locks up only some time later
            cursor.execute("SELECT pg_advisory_unlock_all()")

    with other.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [lock, host])
        assert cursor.fetchone() == (True,)
    try:
        yield release
    finally:
        release()
        other.close()


def saved(review: Review, strategy: str = "asthma", *, provider: str = "pubmed", **given: Any) -> SavedSearch:
    """A search that the lead has written down."""
    return saved_searches.save(
        review=review,
        provider=provider,
        source_name=given.pop("source_name", "Searched"),
        strategy=strategy,
        by=review.created_by,
        **given,
    )


def worked(run: SearchRun) -> SearchRun:
    """The run after a worker was rung for it."""
    with acting(worker("search")):
        search_work.work(run_id=run.pk)
    run.refresh_from_db()
    return run


def again(run: SearchRun, times: int = 1) -> SearchRun:
    """The run after its wait is over and a worker was rung again."""
    for _ in range(times):
        SearchRun.objects.filter(pk=run.pk).update(not_before=None)
        worked(run)
    return run


def counted(search: SavedSearch, **given: Any) -> SearchRun:
    return worked(search_runs.count(search=search, by=search.created_by, **given))


def fetched(search: SavedSearch, **given: Any) -> SearchRun:
    counted(search, **given)
    return worked(search_runs.fetch(search=search, by=search.created_by))


def imported(run: SearchRun) -> ImportedFile:
    """The run's one file, after its dry run, committed by the lead."""
    file = run.files.get()
    import_check.check(file_id=file.pk)
    imports.commit(file=file, by=run.created_by, ring=False)
    import_run.run_import(file_id=file.pk)
    file.refresh_from_db()
    return file


def days_ago(run: SearchRun, days: int) -> None:
    """Let the run have been so long ago."""
    SearchRun.objects.filter(pk=run.pk).update(searched_at=timezone.now() - timedelta(days=days))
