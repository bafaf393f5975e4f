"""The words of a large import are sorted in beside it, and none is missing in the end, whatever happens on the way."""

import pytest
from django.db import connection, transaction

from screening.actions import import_run, imports, word_index
from screening.enums import ImportStatus
from screening.models.citation import Citation
from screening.models.record import Record
from screening.models.record_index import RecordIndex
from tests import builders
from tests.citations import hand_in, some_ris

pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 35


@pytest.fixture
def file(monkeypatch):
    monkeypatch.setattr(import_run, "BATCH", 10)
    monkeypatch.setattr(word_index, "LARGE", COUNT)
    review = builders.review()
    return imports.commit(file=hand_in(review, some_ris(COUNT)), by=review.created_by)


def lacking():
    return Record.objects.filter(index__isnull=True).count()


def rows():
    return list(RecordIndex.objects.order_by("pk").values_list())


def rows_by_the_trigger():
    RecordIndex.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE screening_record SET title = title || ' '")
    return rows()


def test_all_words_are_there_and_as_ever(file):
    import_run.run_import(file_id=file.pk)
    file.refresh_from_db()
    assert (file.status, lacking()) == (ImportStatus.DONE, 0)
    assert len(rows()) == COUNT
    assert rows() == rows_by_the_trigger()


def test_they_are_sorted_in_by_the_thread(file, monkeypatch):
    monkeypatch.setattr(word_index, "complete", lambda file: None)
    import_run.run_import(file_id=file.pk)
    assert (RecordIndex.objects.count(), lacking()) == (COUNT, 0)


def test_what_the_thread_leaves_is_done_at_the_end(file, monkeypatch):
    def fail(*_):
        raise OSError

    monkeypatch.setattr(word_index, "_beside", fail)
    import_run.run_import(file_id=file.pk)
    assert (RecordIndex.objects.count(), lacking()) == (COUNT, 0)


def test_an_import_that_fails_leaves_no_record_that_nobody_finds(file, monkeypatch):
    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr("screening.actions.deduplication.compare", fail)
    with pytest.raises(RuntimeError):
        import_run.run_import(file_id=file.pk)
    file.refresh_from_db()
    assert (file.status, lacking(), Record.objects.count()) == (ImportStatus.FAILED, 0, COUNT)


def test_a_record_that_changes_while_its_words_wait_is_found_as_it_is_now(file):
    with transaction.atomic():
        word_index.later()
        first, second = (builders.record(file.review, title=title) for title in ("On honey", "On yoga"))
    assert lacking() == 2
    Record.objects.filter(pk=first.pk).update(active=False)
    Record.objects.filter(pk=second.pk).update(title="On walking")
    for place, record in enumerate((first, second), 1):
        Citation.objects.create(file=file, source=file.source, record=record, position=place, line=place)
    word_index.complete(file)
    assert not RecordIndex.objects.get(pk=first.pk).active
    assert "walk" in str(RecordIndex.objects.get(pk=second.pk).fields)


def test_a_small_import_keeps_its_words_in_its_own_transaction(file, monkeypatch):
    monkeypatch.setattr(word_index, "LARGE", COUNT + 1)
    monkeypatch.setattr(word_index, "complete", lambda file: None)
    import_run.run_import(file_id=file.pk)
    assert (RecordIndex.objects.count(), lacking()) == (COUNT, 0)
