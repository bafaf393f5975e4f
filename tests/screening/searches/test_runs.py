"""A search of PubMed from its count to records: real HTTP to a server that plays PubMed."""

import hashlib
from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.models.event import Event
from reviewapp import outside
from screening.actions import imports, saved_searches, search_runs, search_work, sources
from screening.actions.saved_searches import SearchRefusedError
from screening.enums import ImportStatus, SearchStatus
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.search import SearchPage, SearchRun
from screening.models.source import ImportedFile
from tests import builders
from tests.citations import bring_in
from tests.search_server import recorded
from tests.searched import again, counted, fetched, held, imported, saved, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return builders.review()


def test_counting_says_how_many_and_how_it_was_understood_and_fetches_nothing(review, server):
    run = counted(saved(review))
    assert (run.status, run.hits, run.fetched) == (SearchStatus.COUNTED, 5, 0)
    assert run.translated == '"asthma"[MeSH Terms] OR "asthma"[All Fields]'
    assert server.paths() == ["esearch.fcgi"]
    assert server.asked[0][1] == {
        "db": "pubmed",
        "term": "(asthma)",
        "retmax": "0",
        "tool": "reviewapp",
        "email": "office@example.org",
    }


def test_fetching_asks_page_by_page_and_hands_the_replies_in_as_one_file_for_a_person(review, server):
    run = fetched(saved(review))
    assert (run.status, run.hits, run.fetched, run.pages) == (SearchStatus.DONE, 5, 5, 3)
    starts = [fields["retstart"] for path, fields, _ in server.asked if path.endswith("efetch.fcgi")]
    assert starts == ["0", "2", "4"]
    file = run.files.get()
    assert (file.status, file.created_by, file.source.name) == (ImportStatus.CHECKING, review.created_by, "Searched")
    assert Record.objects.count() == 0  # a machine proposes
    assert not SearchPage.objects.exists()


def test_the_file_is_the_raw_replies_byte_by_byte_under_their_hash(review, server):
    file = fetched(saved(review)).files.get()
    content = file.content.read()
    assert hashlib.sha256(content).hexdigest() == file.sha256
    articles = recorded("pubmed/efetch.xml").split("<PubmedArticle>")[1:6]
    assert all(article.split("</PubmedArticle>")[0].encode() in content for article in articles)
    assert content.count(b"<!DOCTYPE PubmedArticleSet") == 3


def test_a_person_s_commit_makes_records_by_the_reader_of_pubmed_xml(review, server):
    file = imported(fetched(saved(review)))
    assert (file.status, file.format, file.parsed, file.rejected, file.notes) == (
        ImportStatus.DONE, "pubmed-xml", 5, 0, [],
    )  # fmt: skip
    record = Record.objects.get(accessions__contains=[["pmid", "91000003"]])
    assert record.title == "Légumes et respiration : une cohorte de 4 000 écoliers"
    assert Citation.objects.filter(source__name="Searched").count() == 5


def test_the_source_learns_the_day_and_the_strategy_with_its_limits(review, server):
    search = saved(review, published_from=date(2010, 1, 1))
    search.refresh_from_db()
    run = fetched(search)
    search.source.refresh_from_db()
    assert search.source.date_searched == run.searched_at.date()
    assert search.source.strategy == "asthma\n\nLimits: published from 1 January 2010 on"
    assert '("2010/01/01"[dp] : "3000"[dp])' in server.asked[0][1]["term"]


def test_europe_pmc_comes_by_cursor_and_its_records_meet_those_that_are_there(review, server):
    imported(fetched(saved(review)))
    run = fetched(saved(review, provider="europe_pmc", source_name="Europe PMC"))
    cursors = [fields["cursorMark"] for path, fields, _ in server.asked if fields.get("resultType") == "core"]
    assert cursors == ["*", "AoJ2"]
    file = imported(run)
    assert (file.format, file.parsed, file.duplicates, file.notes) == ("europe-pmc-xml", 3, 2, [])


def test_the_ledger_tells_who_asked_and_what_the_worker_did(review, server):
    fetched(saved(review))
    told = Event.objects.filter(review_id=review.pk, type__startswith="search.").order_by("id")
    assert [(event.type, event.actor_kind) for event in told] == [
        ("search.saved", "person"), ("search.asked", "person"), ("search.counted", "worker"),
        ("search.started", "person"), ("search.finished", "worker"),
    ]  # fmt: skip
    assert Event.objects.get(type="import.uploaded").actor_name == "search"


def test_history_is_not_written_for_each_page(review, server):
    run = fetched(saved(review))
    assert SearchRun.history.filter(id=run.pk).count() == 5  # asked, counted, started, searched, done


# -- what goes wrong ---------------------------------------------------------------------------------------------------
def test_while_searches_are_off_nothing_leaves(review, server, settings):
    settings.SEARCHES_ON = False
    search = saved(review)
    with pytest.raises(SearchRefusedError, match="switched off"):
        search_runs.count(search=search, by=review.created_by)
    settings.SEARCHES_ON = True
    run = search_runs.count(search=search, by=review.created_by)
    settings.SEARCHES_ON = False  # meanwhile, before the worker
    assert worked(run).status == SearchStatus.FAILED
    assert "switched off" in run.error
    assert server.asked == []


def test_pubmed_s_errors_and_warnings_are_shown_with_the_count(review, server):
    run = counted(saved(review, "wrong asthma"))
    assert [note.split(" ", 1)[0] for note in run.notes] == ["PubMed"] * 4
    assert "“wheezzing”" in run.notes[0]
    assert "no field “titel”" in run.notes[1]
    assert '"night time wheeze"[Title]' in run.notes[3]


@pytest.mark.parametrize("provider", ["pubmed", "europe_pmc"])
def test_a_strategy_that_can_t_be_run_fails_with_the_provider_s_words(review, server, provider):
    run = counted(saved(review, "refused", provider=provider))
    assert run.status == SearchStatus.FAILED
    assert "quotation mark" in run.error
    assert "Correct it" in run.error
    assert run.error.endswith("Nothing was imported.")


def test_an_empty_result_is_a_result_and_can_t_be_fetched(review, server):
    search = saved(review, "nothing")
    run = counted(search)
    assert (run.status, run.hits) == (SearchStatus.COUNTED, 0)
    with pytest.raises(SearchRefusedError, match="nothing to fetch"):
        search_runs.fetch(search=search, by=review.created_by)


@pytest.mark.parametrize(("word", "told"), [("wrongkey", "correct NCBI_API_KEY"), ("echo", "Not for [key]")])
def test_a_key_that_pubmed_repeats_is_shown_to_nobody(review, server, settings, word, told):
    settings.NCBI_API_KEY = "s3cretkey123"
    run = counted(saved(review, f"asthma {word}"))
    assert run.status == SearchStatus.FAILED
    assert told in run.error
    (event,) = Event.objects.filter(type="search.failed")
    assert "s3cret" not in f"{run.error} {run.waits_for} {event.data} {event.reason}"


def test_who_is_asked_to_slow_down_waits_and_goes_on(review, server):
    run = counted(saved(review, "busy"))
    assert (run.status, run.faults) == (SearchStatus.COUNTING, 1)
    assert "slow down" in run.waits_for
    assert run.not_before is not None
    assert worked(run).faults == 1  # not before
    again(run, times=2)
    assert (run.status, run.hits, run.faults, run.waits_for) == (SearchStatus.COUNTED, 5, 0, "")


def test_a_run_whose_host_is_taken_comes_again_as_often_as_it_takes_and_that_is_no_fault(review, server):
    run = search_runs.count(search=saved(review), by=review.created_by)
    with held(outside.TURN), held(outside.DOOR):
        again(run, times=search_work.MOST_FAULTS + 2)
        assert (run.status, run.faults, server.asked) == (SearchStatus.COUNTING, 0, [])
        assert "waits for its turn" in run.waits_for
        assert timezone.now() < run.not_before < timezone.now() + timedelta(seconds=5)
        SearchRun.objects.update(not_before=None)
        assert search_runs.sweep() == 0  # it has rung for itself
    assert again(run).status == SearchStatus.COUNTED


def test_a_fetch_lets_who_waits_go_before_its_next_page(review, server, monkeypatch):
    search = saved(review)
    counted(search)
    run = search_runs.fetch(search=search, by=review.created_by)
    store = search_work._store

    def another_comes(run, step):
        if step.page is not None:
            other.enter_context(held(outside.TURN))
        return store(run, step)

    monkeypatch.setattr(search_work, "_store", another_comes)
    with ExitStack() as other:
        assert (worked(run).status, run.pages, run.faults) == (SearchStatus.FETCHING, 1, 0)
        assert "waits for its turn" in run.waits_for
    monkeypatch.setattr(search_work, "_store", store)
    assert (again(run).status, run.fetched, run.waits_for) == (SearchStatus.DONE, 5, "")
    starts = [fields["retstart"] for path, fields, _ in server.asked if path.endswith("efetch.fcgi")]
    assert starts == ["0", "2", "4"]


def test_a_provider_that_stays_down_fails_the_run_after_some_tries(review, server):
    run = again(counted(saved(review, "down")), times=search_work.MOST_FAULTS)
    assert run.status == SearchStatus.FAILED
    assert "HTTP 503" in run.error
    assert len(server.asked) == search_work.MOST_FAULTS + 1


@pytest.mark.parametrize(("word", "said"), [("html", "A new interface"), ("redirect", "not followed"),
                                            ("huge", "larger than 1 MB"), ("packed", "larger than 1 MB")])  # fmt: skip
def test_what_is_no_documented_reply_is_not_believed(review, server, settings, word, said):
    settings.SEARCH_MAX_REPLY_BYTES = 2**20
    run = again(counted(saved(review, word)), times=search_work.MOST_FAULTS)
    assert run.status == SearchStatus.FAILED
    assert said in run.error


def test_more_than_may_be_fetched_is_refused_whole_with_the_numbers(review, server):
    search = saved(review, "many", provider="europe_pmc")
    counted(search)
    run = worked(search_runs.fetch(search=search, by=review.created_by))
    assert run.status == SearchStatus.FAILED
    assert "finds 120,000 records; at most 50,000" in run.error
    assert not ImportedFile.objects.exists()


def test_a_page_that_breaks_off_is_asked_for_again(review, server):
    run = fetched(saved(review, "cut"))
    assert (run.status, run.pages, run.faults) == (SearchStatus.FETCHING, 1, 1)
    assert again(run).status == SearchStatus.DONE
    starts = [fields["retstart"] for path, fields, _ in server.asked if path.endswith("efetch.fcgi")]
    assert starts == ["0", "2", "2", "4"]


def test_a_killed_worker_s_pages_are_not_asked_for_again(review, server, monkeypatch):
    search = saved(review)
    counted(search)
    monkeypatch.setattr(search_work, "AT_ONCE", 2)  # the search and one page: then the worker is gone
    run = worked(search_runs.fetch(search=search, by=review.created_by))
    assert (run.status, run.pages) == (SearchStatus.FETCHING, 1)
    run = worked(worked(run))
    assert (run.status, run.fetched) == (SearchStatus.DONE, 5)
    starts = [fields["retstart"] for path, fields, _ in server.asked if path.endswith("efetch.fcgi")]
    assert starts == ["0", "2", "4"]


def test_a_search_that_pubmed_forgot_is_searched_again_and_gone_on_with(review, server):
    run = fetched(saved(review, "expires"))
    assert (run.status, run.fetched, run.pages) == (SearchStatus.DONE, 5, 3)
    assert imported(run).parsed == 5


def test_a_search_that_changed_meanwhile_begins_anew_and_brings_nothing_twice(review, server):
    run = fetched(saved(review, "grows"))
    assert (run.status, run.hits, run.fetched, run.pages) == (SearchStatus.DONE, 5, 6, 3)
    assert "counted 5 and gave 6" in run.notes[-1]
    assert imported(run).parsed == 6


def test_a_search_that_is_never_kept_fails_instead_of_going_round(review, server):
    run = again(fetched(saved(review, "stuck")), times=search_work.MOST_FAULTS)
    assert run.status == SearchStatus.FAILED
    assert len(server.asked) < 30


def test_a_gap_in_a_page_is_told_and_moves_no_other_record(review, server):
    run = fetched(saved(review, "short"))
    assert (run.status, run.fetched) == (SearchStatus.DONE, 4)
    assert "counted 5 and gave 4" in run.notes[-1]


def test_cancelled_while_it_runs_nothing_more_is_asked_and_nothing_comes_in(review, server, monkeypatch):
    search = saved(review)
    counted(search)
    run = search_runs.fetch(search=search, by=review.created_by)
    send = search_work._send

    def cancelled_meanwhile(run, ask, **how):
        body = send(run, ask, **how)
        if ask.path == "efetch.fcgi":
            search_runs.cancel(search=search, by=review.created_by)
        return body

    monkeypatch.setattr(search_work, "_send", cancelled_meanwhile)
    assert worked(run).status == SearchStatus.CANCELLED
    assert server.paths().count("efetch.fcgi") == 1
    assert not ImportedFile.objects.exists()
    assert not SearchPage.objects.exists()


def test_a_failed_run_goes_on_behind_its_pages(review, server, settings):
    search = saved(review)
    counted(search)
    run = search_runs.fetch(search=search, by=review.created_by)
    settings.SEARCH_MAX_REPLY_BYTES = 2_600
    assert worked(run).status == SearchStatus.FAILED
    settings.SEARCH_MAX_REPLY_BYTES = 2**20
    run = worked(search_runs.go_on(search=search, by=review.created_by))
    assert (run.status, run.fetched, run.error) == (SearchStatus.DONE, 5, "")


def test_two_runs_of_a_search_never_go_at_once(review, server):
    search = saved(review)
    search_runs.count(search=search, by=review.created_by)
    with pytest.raises(SearchRefusedError, match="running already"):
        search_runs.count(search=search, by=review.created_by)
    with pytest.raises(SearchRefusedError, match="Cancel the run first"):
        saved_searches.remove(search=search, by=review.created_by)


def test_replies_over_the_size_of_a_file_become_several(review, server, settings):
    settings.SEARCH_PART_BYTES = 3_000
    run = fetched(saved(review))
    assert run.brought == run.files.count() == 3
    assert [file.name.rsplit(" ", 1)[-1] for file in run.files.order_by("id")][1:] == ["2.xml", "3.xml"]


def test_exactly_what_was_imported_before_is_recognised(review, server):
    file = imported(fetched(saved(review)))
    run = fetched(saved(review, source_name="The same once more"))
    assert (run.status, run.brought) == (SearchStatus.DONE, 0)
    assert file.name in run.notes[0]


def test_a_file_from_elsewhere_says_nothing_of_a_search(review, server):
    assert bring_in(review, recorded("pubmed/efetch.xml")).search_run is None
    with pytest.raises(imports.ImportRefusedError):
        bring_in(review, recorded("pubmed/efetch.xml"))


def test_a_source_that_is_there_keeps_what_is_said_of_it_until_the_search_has_ended(review, server):
    bring_in(review, recorded("pubmed/efetch.xml"), source="MEDLINE")
    source = review.sources.get(name="MEDLINE")
    sources.change(source=source, by=review.created_by, platform="Ovid", strategy="exp Asthma/", kind="register")
    search = saved(review, source_name="MEDLINE ")
    source.refresh_from_db()
    assert (source.platform, source.strategy, source.kind) == ("Ovid", "exp Asthma/", "register")
    fetched(search)
    source.refresh_from_db()
    assert (source.platform, source.strategy, source.kind) == ("Ovid", "asthma", "register")


def test_counting_again_throws_the_pages_of_a_failed_run_away(review, server, settings):
    search = saved(review)
    counted(search)
    settings.SEARCH_MAX_REPLY_BYTES = 2_600
    assert worked(search_runs.fetch(search=search, by=review.created_by)).pages == SearchPage.objects.count()
    settings.SEARCH_MAX_REPLY_BYTES = 2**20
    fetched(search)
    assert not SearchPage.objects.exists()
