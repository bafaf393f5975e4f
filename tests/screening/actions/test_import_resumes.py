"""An import that is cut off goes on, and nothing is stored twice or lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models.event import Event
from screening.actions import import_run, imports, word_index
from screening.enums import ImportStatus
from screening.importing import ParsedCitation, parse
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.source import ImportedFile, RejectedEntry
from screening.models.stage import StageState
from tests import builders
from tests.citations import hand_in, some_ris

pytestmark = pytest.mark.django_db


class PowerCut(BaseException):
    """Not an Exception: like kill -9, no handler of the program sees it."""


@pytest.fixture
def queued(monkeypatch):
    monkeypatch.setattr(import_run, "BATCH", 10)
    review = builders.review()
    return imports.commit(file=hand_in(review, some_ris(35)), by=review.created_by)


def cut_off_at(monkeypatch, batch, *, after=False):
    """Let the power fail in the middle of a batch (counted from 1), before or after its records are written."""
    whole, count = import_run._store_citations, iter(range(1, 100))

    def store(file, citations):
        here = next(count)
        if here == batch and not after:
            whole(file, citations[:4])
            raise PowerCut
        whole(file, citations)
        if here == batch:
            raise PowerCut

    monkeypatch.setattr(import_run, "_store_citations", store)


def stale(file):
    ImportedFile.objects.filter(pk=file.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=2))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("batch", [1, 3, 4])
def test_cut_off_in_a_batch_it_goes_on_after_the_last_whole_one(queued, monkeypatch, batch, after):
    with monkeypatch.context() as patch:
        cut_off_at(patch, batch, after=after)
        with pytest.raises(PowerCut):
            import_run.run_import(file_id=queued.pk)
    queued.refresh_from_db()
    assert (queued.status, queued.stored) == (ImportStatus.RUNNING, 10 * (batch - 1))
    assert Record.objects.count() == Citation.objects.count() == 10 * (batch - 1)
    stale(queued)
    assert imports.sweep() == 1
    import_run.run_import(file_id=queued.pk)
    queued.refresh_from_db()
    assert (queued.status, queued.stored) == (ImportStatus.DONE, 35)
    assert list(Citation.objects.values_list("position", flat=True)) == list(range(1, 36))
    assert Record.objects.count() == StageState.objects.count() == 35


def test_cut_off_while_looking_for_duplicates_it_looks_again(queued, monkeypatch):
    def fail(**_):
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr("screening.actions.deduplication.apply", fail)
        with pytest.raises(PowerCut):
            import_run.run_import(file_id=queued.pk)
    stale(queued)
    imports.sweep()
    import_run.run_import(file_id=queued.pk)
    assert ImportedFile.objects.get().status == ImportStatus.DONE
    assert StageState.objects.count() == 35


def test_a_second_bell_while_it_runs_changes_nothing(queued):
    ImportedFile.objects.update(status=ImportStatus.RUNNING)
    import_run.run_import(file_id=queued.pk)
    assert Record.objects.count() == 0


def test_the_sweeper_leaves_what_is_being_worked_on(queued):
    ImportedFile.objects.update(status=ImportStatus.RUNNING, heartbeat_at=timezone.now())
    assert imports.sweep() == 0


def test_a_slow_worker_that_was_overtaken_stores_nothing_twice(queued):
    ImportedFile.objects.update(status=ImportStatus.RUNNING, stored=10)
    entries = parse(some_ris(10).encode()).citations
    with pytest.raises(import_run.OvertakenError):
        import_run.store_batch(queued, entries, start=0, words=word_index.Beside(queued))
    assert Record.objects.count() == 0


def test_an_error_is_told_to_the_lead_and_going_on_finishes(queued, monkeypatch):
    def fail(*_):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(import_run, "_store_citations", fail)
        with pytest.raises(RuntimeError):
            import_run.run_import(file_id=queued.pk)
    file = ImportedFile.objects.get()
    assert file.status == ImportStatus.FAILED
    assert "kept" in file.error
    assert Event.objects.filter(type="import.failed").count() == 1
    imports.commit(file=file, by=file.created_by)
    import_run.run_import(file_id=file.pk)
    assert ImportedFile.objects.get().status == ImportStatus.DONE
    assert Record.objects.count() == 35


def test_an_entry_that_postgresql_refuses_does_not_stop_its_neighbours(queued):
    ImportedFile.objects.update(status=ImportStatus.RUNNING)
    good, other = parse(some_ris(2).encode()).citations
    plain = good.as_dict() | {"year": 99_999, "line": 7, "authors": (), "keywords": (), "accessions": ()}
    entries = [good, ParsedCitation(**plain), other]
    import_run.store_batch(queued, entries, start=0, words=word_index.Beside(queued))
    assert list(Citation.objects.values_list("position", flat=True)) == [1, 3]
    assert RejectedEntry.objects.get().line == 7
