"""Looking for what is new: from when on, begun by the clock, waiting for a person."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models.event import Event
from screening import tasks
from screening.actions import import_undo, imports, saved_searches, search_runs
from screening.actions.saved_searches import following
from screening.enums import ImportStatus, Schedule, SearchStatus
from screening.models.record import Record
from screening.models.search import SavedSearch, SearchRun
from screening.models.source import ImportedFile
from screening.queries.telling.alerts import alerts
from tests import builders
from tests.searched import counted, days_ago, fetched, imported, saved, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return builders.review()


def due(search):
    SavedSearch.objects.filter(pk=search.pk).update(next_at=timezone.now() - timedelta(hours=1))
    return search_runs.start_due()


def test_a_top_up_asks_from_two_weeks_before_the_last_search_and_brings_only_what_is_new(review, server):
    search = saved(review)
    first = fetched(search)
    imported(first)
    days_ago(first, 30)
    run = fetched(search)
    assert run.since == (timezone.now() - timedelta(days=44)).date()
    assert f'"{run.since:%Y/%m/%d}"[crdt]' in server.asked[-2][1]["term"]
    file = imported(run)
    assert (run.hits, file.parsed, file.duplicates) == (2, 2, 1)  # one is known already
    assert Record.objects.filter(active=True).count() == 6


@pytest.mark.parametrize("change", ["strategy", "limits", "discarded", "undone", "not imported", "asked"])
def test_everything_is_searched_where_the_last_search_does_not_cover_it(review, server, change):
    search = saved(review)
    run = fetched(search)
    if change == "discarded":
        imports.discard(file=run.files.get(), by=review.created_by)
    elif change != "not imported":
        file = imported(run)
    if change == "undone":
        import_undo.undo(file=file, by=review.created_by, reason="")
    elif change == "strategy":
        saved_searches.change(search=search, by=review.created_by, strategy="asthma OR wheeze")
    elif change == "limits":
        saved_searches.change(search=search, by=review.created_by, published_from=date(2020, 1, 1))
    search.refresh_from_db()
    run = search_runs.count(search=search, by=review.created_by, everything=change == "asked")
    assert run.since is None


def test_a_top_up_that_found_nothing_moves_the_day_on(review, server):
    search = saved(review, "onlynew asthma")
    first = fetched(search)
    imported(first)
    days_ago(first, 60)
    due(saved_searches.change(search=search, by=review.created_by, schedule=Schedule.WEEKLY))
    run = worked(search.runs.get(scheduled=True))
    assert (run.status, run.hits, run.brought) == (SearchStatus.DONE, 0, 0)
    assert search_runs.new_since(search) == (timezone.now() - search_runs.OVERLAP).date()


def test_a_gap_is_not_closed_by_what_came_after_it(review, server):
    search = saved(review)
    first = fetched(search)
    imported(first)
    days_ago(first, 60)
    second = fetched(search)
    imported(second)
    import_undo.undo(file=first.files.get(), by=review.created_by, reason="")
    assert search_runs.new_since(search) is None


def test_the_clock_begins_what_is_due_and_a_person_is_still_the_one_who_imports(review, server):
    search = saved(review, schedule=Schedule.WEEKLY)
    assert search_runs.start_due() == 0  # in a week
    assert due(search) == 1
    run = worked(search.runs.get())
    assert (run.status, run.scheduled, run.files.get().status) == (SearchStatus.DONE, True, ImportStatus.CHECKING)
    assert not Record.objects.exists()
    assert Event.objects.get(type="search.started").actor_kind == "worker"
    search.refresh_from_db()
    assert timedelta(days=6, hours=23) < search.next_at - timezone.now() <= timedelta(days=7)


def test_the_sweeper_s_task_is_what_begins_and_rings(review, server):
    search = saved(review, schedule=Schedule.WEEKLY)
    SavedSearch.objects.filter(pk=search.pk).update(next_at=timezone.now())
    tasks.sweep()
    tasks.search(run_id=search.runs.get().pk)
    assert search.runs.get().status == SearchStatus.DONE


def test_the_clock_waits_while_the_last_top_up_was_not_looked_at(review, server):
    search = saved(review, schedule=Schedule.WEEKLY)
    due(search)
    assert due(search) == 0  # it runs
    run = worked(search.runs.get())
    assert due(search) == 0  # its file waits
    imported(run)
    assert due(search) == 1


def test_a_count_that_a_person_begins_meanwhile_stops_the_clock_for_this_search_only(review, server, monkeypatch):
    first = saved(review, schedule=Schedule.WEEKLY)
    other = saved(review, schedule=Schedule.WEEKLY, source_name="Other")
    SavedSearch.objects.update(next_at=timezone.now() - timedelta(hours=1))
    start = search_runs._start

    def counted_before(pk):
        if pk == first.pk:
            search_runs.count(search=first, by=review.created_by)
        return start(pk)

    monkeypatch.setattr(search_runs, "_start", counted_before)
    assert search_runs.start_due() == 1
    assert other.runs.get().scheduled
    assert first.runs.get().status == SearchStatus.COUNTING
    first.refresh_from_db()
    assert first.next_at < timezone.now()  # due still, once the count has ended


def test_the_clock_leaves_removed_searches_alone_and_all_while_searches_are_off(review, server, settings):
    search = saved(review, schedule=Schedule.MONTHLY)
    settings.SEARCHES_ON = False
    assert due(search) == 0
    saved_searches.remove(search=search, by=review.created_by)
    settings.SEARCHES_ON = True
    assert search_runs.start_due() == 0
    assert SearchRun.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "after"), [((2026, 1, 31), (2026, 2, 28)), ((2026, 12, 15), (2027, 1, 15)), ((2028, 1, 30), (2028, 2, 29))]
)
def test_a_month_later_is_a_day_that_there_is(day, after):
    moment = following(Schedule.MONTHLY, datetime(*day, 9, tzinfo=timezone.get_current_timezone()))
    assert moment is not None
    assert (moment.year, moment.month, moment.day) == after


def test_leads_are_told_of_what_waits_and_of_what_failed(review, server):
    due(saved(review, schedule=Schedule.WEEKLY))
    run = imported_later(worked(SearchRun.objects.get()))
    broken = saved(review, "refused", source_name="Broken")
    counted(broken)
    told = [alert.sentence for alert in alerts()[review.pk] if alert.name.startswith("search-")]
    assert told == [
        "The search of Searched found 5 records that may be new: look at the dry run and import it.",
        "The search of Broken failed: its page says why and how to go on.",
    ]
    imports.discard(file=run.files.get(), by=review.created_by)
    assert len([alert for alert in alerts()[review.pk] if alert.name.startswith("search-")]) == 1
    counted(saved_searches.change(search=broken, by=review.created_by, strategy="asthma"))
    assert not [alert for alert in alerts().get(review.pk, []) if alert.name.startswith("search-")]


@pytest.mark.parametrize(
    ("status", "said"),
    [(ImportStatus.CHECKED, "look at the dry run and import it"), (ImportStatus.REFUSED, "can’t be read as citations")],
)
def test_leads_are_told_for_as_long_as_a_file_keeps_the_clock_waiting(review, server, status, said):
    search = saved(review, schedule=Schedule.WEEKLY)
    due(search)
    file = imported_later(worked(search.runs.get())).files.get()
    ImportedFile.objects.filter(pk=file.pk).update(status=status)
    SearchRun.objects.update(created_at=timezone.now() - timedelta(days=200))
    assert due(search) == 0
    (told,) = [alert for alert in alerts()[review.pk] if alert.name.startswith("search-")]
    assert said in told.sentence
    assert told.url == reverse("screening:imports", args=[review.pk])
    imports.discard(file=file, by=review.created_by)
    assert not [alert for alert in alerts().get(review.pk, []) if alert.name.startswith("search-")]
    assert due(search) == 1


def test_a_file_that_a_person_fetched_is_told_of_once_the_clock_waits_for_it(review, server):
    search = saved(review, schedule=Schedule.WEEKLY)
    imported_later(fetched(search))
    assert not alerts().get(review.pk)
    assert due(search) == 0
    assert [alert.name for alert in alerts()[review.pk]] == [f"search-{search.runs.get().pk}-waits"]


def imported_later(run):
    from screening.actions import import_check

    import_check.check(file_id=run.files.get().pk)
    return run


def test_the_sweeper_rings_for_runs_that_stand_still_and_not_for_those_that_wait(review, server):
    run = search_runs.count(search=saved(review), by=review.created_by)
    assert search_runs.sweep() == 0  # rung a moment ago
    long_ago = timezone.now() - timedelta(minutes=5)
    SearchRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    assert search_runs.sweep() == 1
    SearchRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago, not_before=timezone.now() + timedelta(hours=1))
    assert search_runs.sweep() == 0
