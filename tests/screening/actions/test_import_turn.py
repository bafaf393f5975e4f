"""Large imports come in one after the other, whatever the number of workers; small ones go on beside them."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from screening.actions import import_run, import_turn, imports
from screening.enums import ImportStatus
from screening.models.source import ImportedFile
from tests import builders
from tests.citations import hand_in, some_ris

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(monkeypatch):
    """Two files of two reviews that wait for a worker, and are large; the first is under way."""
    monkeypatch.setattr(import_turn, "LARGE", 3)
    return [queued(hand_in(builders.review(), some_ris(4))) for _ in range(2)]


def queued(file):
    imports.commit(file=file, by=file.created_by)
    file.refresh_from_db()
    return file


def under_way(file):
    ImportedFile.objects.filter(pk=file.pk).update(status=ImportStatus.RUNNING)


def test_a_large_one_stays_queued_while_another_is_under_way_and_says_so(client, two):
    first, second = two
    under_way(first)
    import_run.run_import(file_id=second.pk)
    second.refresh_from_db()
    assert (second.status, second.stored) == (ImportStatus.QUEUED, 0)
    client.force_login(second.created_by)
    for address in ("screening:imports", "screening:import"):
        arguments = [second.review_id] if address.endswith("imports") else [second.review_id, second.pk]
        assert "Waits for another import" in client.get(reverse(address, args=arguments)).content.decode()


def test_the_end_of_one_rings_for_the_next(two, monkeypatch):
    rung = []
    monkeypatch.setattr(import_turn, "enqueue", lambda name, **what: rung.append((name, what)))
    import_run.run_import(file_id=two[0].pk)
    assert rung == [("screening.run_import", {"file_id": two[1].pk})]
    import_run.run_import(file_id=two[1].pk)
    assert len(rung) == 1
    assert {file.status for file in ImportedFile.objects.all()} == {ImportStatus.DONE}


def test_small_ones_go_on_beside_a_large_one(two):
    under_way(two[0])
    small = queued(hand_in(builders.review(), some_ris(2)))
    import_run.run_import(file_id=small.pk)
    small.refresh_from_db()
    assert small.status == ImportStatus.DONE


def test_what_the_review_has_counts_too(two):
    under_way(two[0])
    review = builders.review()
    for _ in range(3):
        builders.record(review)
    small = queued(hand_in(review, some_ris(1)))
    assert import_turn.waiting([small]) == {small.pk}


def test_a_list_takes_as_many_queries_for_one_as_for_three(two, django_assert_max_num_queries):
    under_way(two[0])
    with django_assert_max_num_queries(3):
        import_turn.waiting([two[1]])
    more = [queued(hand_in(builders.review(), some_ris(n))) for n in (5, 6)]
    with django_assert_max_num_queries(3):
        assert len(import_turn.waiting([two[1], *more])) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_claimed_at_once_one_waits(two):
    claimed = []

    def claim(file):
        claimed.append(import_run._claim(file.pk))
        connection.close()

    threads = [threading.Thread(target=claim, args=[file]) for file in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(file is not None for file in claimed) == 1
