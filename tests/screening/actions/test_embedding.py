"""Texts are embedded once, in the background, whatever kills the worker; and only while AI is on."""

import os
import subprocess
import sys
import time
from uuid import uuid4

import numpy as np
import pytest
from django.conf import settings
from django.db import connection

from audit import stops
from reviewapp.ai import embedding as the_model
from screening.actions import embedding
from screening.models.embedding import RecordEmbedding
from screening.models.record import Record
from screening.models.review import Review
from screening.queries.assistants import vectors
from tests import assisting, builders, meanings
from tests.meanings import model  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return assisting.review(may_be_sent_to_ai=False)


def records(review, count):
    return [builders.record(review, stage=None, title=f"Study {uuid4()}") for _ in range(count)]


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(embedding, "PAGE", 6)
    monkeypatch.setattr(embedding, "TOGETHER", 2)


def test_every_record_is_read_once_and_another_bell_reads_nothing(review, model, small_pages):  # noqa: F811
    made = records(review, 15)
    meanings.embed_all(review)
    assert embedding.embed_page(review_id=review.pk) == 0
    assert set(model.read.values()) == {1}
    assert model.read.total() == len(made)
    found = vectors.stored([record.pk for record in made])
    for record in made:
        assert np.allclose(found[record.pk], meanings.vector(f"{record.title}. {record.abstract}"), atol=1e-6)
    assert set(RecordEmbedding.objects.values_list("model_sha256", flat=True)) == {the_model.model_hash()}


def test_what_was_stored_before_a_kill_is_never_read_again(review, model, small_pages):  # noqa: F811
    records(review, 15)
    for dies_after in (3, 6, 11):
        model.after = dies_after
        with pytest.raises(SystemExit):
            meanings.embed_all(review)
    stored = RecordEmbedding.objects.count()
    before = model.read.copy()
    meanings.embed_all(review)
    assert RecordEmbedding.objects.count() == 15
    assert (model.read - before).total() == 15 - stored
    assert model.read.total() <= 15 + 3 * 2, "more was read again than what was in the model's hands"


def test_ai_that_is_off_reads_nothing_and_switching_it_off_stops_a_page(review, model, small_pages, monkeypatch):  # noqa: F811
    records(review, 12)
    ours, store = Review.objects.filter(pk=review.pk), embedding._store
    ours.update(ai_enabled=False)
    assert (embedding.embed_page(review_id=review.pk), model.read.total()) == (0, 0)

    def switched_off_first(texts, rows):
        ours.update(ai_enabled=False)
        return store(texts, rows)

    ours.update(ai_enabled=True)
    monkeypatch.setattr(embedding, "_store", switched_off_first)
    assert embedding.embed_page(review_id=review.pk) == 0
    assert model.read.total() <= 4  # those at hand, and the next, which were read ahead
    assert not RecordEmbedding.objects.exists()


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_stop_switch_stops_it_until_it_is_lifted(review, model, everywhere):  # noqa: F811
    records(review, 2)
    turned = {"review_id": None if everywhere else review.pk, "by": review.created_by, "why": "We look into it."}
    stops.stop(**turned)
    assert (embedding.embed_page(review_id=review.pk), vectors.waiting(review.pk)) == (0, False)
    stops.lift(**turned)
    assert embedding.embed_page(review_id=review.pk) == 2


def test_a_text_that_changes_is_read_anew_and_its_old_vector_is_gone_at_once(review, model):  # noqa: F811
    changed, same = records(review, 2)
    meanings.embed_all(review)
    Record.objects.filter(pk=changed.pk).update(abstract="Something else entirely.")
    assert set(vectors.stored([changed.pk, same.pk])) == {same.pk}
    Record.objects.filter(pk=same.pk).update(year=1999)
    meanings.embed_all(review)
    assert model.read.total() == 3
    assert np.allclose(
        vectors.stored([changed.pk])[changed.pk],
        meanings.vector(f"{changed.title}. Something else entirely."),
        atol=1e-6,
    )


def test_a_text_that_changes_while_it_is_read_is_not_given_the_old_vector(review, model):  # noqa: F811
    (record,) = records(review, 1)
    texts = vectors.missing(review.pk, 10)
    Record.objects.filter(pk=record.pk).update(title="Another title")
    assert embedding._store(texts, model.embed([one.text for one in texts])) == 0
    meanings.embed_all(review)
    assert vectors.stored([record.pk])


def test_a_record_that_is_not_active_is_not_read_and_one_that_comes_back_keeps_its_vector(review, model):  # noqa: F811
    merged, kept = records(review, 2)
    meanings.embed_all(review)
    Record.objects.filter(pk=merged.pk).update(active=False, merged_into=kept)
    assert vectors.progress(review) == vectors.Progress(1, 1)
    Record.objects.filter(pk=merged.pk).update(active=True, merged_into=None)
    assert not vectors.waiting(review.pk)
    Record.objects.filter(pk=kept.pk).update(active=False)
    Record.objects.filter(pk=kept.pk).update(title="Changed while it was away")
    assert not vectors.waiting(review.pk)


def test_vectors_of_another_model_are_kept_apart(review, model, monkeypatch):  # noqa: F811
    (record,) = records(review, 1)
    meanings.embed_all(review)
    monkeypatch.setattr(the_model, "model_hash", lambda: "f" * 64)
    assert vectors.stored([record.pk]) == {}
    meanings.embed_all(review)
    assert RecordEmbedding.objects.filter(record=record).count() == 2


def test_where_the_model_is_not_installed_nothing_is_read_or_rung_for(review, monkeypatch):
    monkeypatch.setattr(the_model, "available", lambda: False)
    records(review, 1)
    assert (embedding.embed_page(review_id=review.pk), embedding.sweep()) == (0, 0)
    assert vectors.progress(review) is None


def test_the_sweeper_rings_for_reviews_that_wait_and_no_other(review, model, monkeypatch):  # noqa: F811
    records(review, 1)
    done, off = assisting.review(), builders.review()
    records(off, 1)
    records(done, 1)
    meanings.embed_all(done)
    rung = []
    monkeypatch.setattr(embedding, "pending", lambda queue: 0)
    monkeypatch.setattr(embedding, "enqueue", lambda task, **named: rung.append((task, named)))
    assert embedding.sweep() == 1
    assert rung == [("screening.embed", {"review_id": review.pk})]
    monkeypatch.setattr(embedding, "pending", lambda queue: 100)
    assert embedding.sweep() == 0


def test_the_page_says_how_far_it_is(client, review, model, monkeypatch):  # noqa: F811
    client.force_login(review.created_by)
    records(review, 2)
    meanings.embed_all(review)
    records(review, 1)
    page = f"/reviews/{review.pk}/ai/"
    assert "2 of 3" in client.get(page).content.decode()
    meanings.embed_all(review)
    assert "All 3 records are compared by meaning" in client.get(page).content.decode()
    monkeypatch.setattr(the_model, "available", lambda: False)
    assert "not installed on this server" in client.get(page).content.decode()


KILLED = """
import os, sys, time, zlib
import django
django.setup()
import numpy as np
from reviewapp.ai import embedding as the_model
from screening.actions import embedding
from tests.meanings import vector

def embed(texts):
    with open(sys.argv[2], "a") as log:
        log.writelines(f"{zlib.crc32(text.encode())}\\n" for text in texts)
    time.sleep(0.05)
    return np.stack([vector(text) for text in texts])

the_model.available, the_model.embed = lambda: True, embed
embedding.PAGE, embedding.TOGETHER = 16, 4
while embedding.embed_page(review_id=int(sys.argv[1])):
    pass
"""


@pytest.mark.django_db(transaction=True)
def test_kill_9_costs_what_was_in_the_models_hands_and_a_second_worker_reads_nothing(database_address, tmp_path):
    review = assisting.review()
    records(review, 80)
    log = tmp_path / "read"
    surroundings = {**os.environ, "DATABASE_URL": database_address, "DJANGO_SETTINGS_MODULE": "reviewapp.settings"}
    surroundings |= {"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": settings.SECRET_KEY}

    def start():
        command = [sys.executable, "-c", KILLED, str(review.pk), str(log)]
        return subprocess.Popen(command, cwd=settings.BASE_DIR, env=surroundings)

    def stored():
        return RecordEmbedding.objects.filter(record__review=review).count()

    first = start()
    until(lambda: stored() >= 20)
    with connection.cursor() as cursor:  # another worker, while the first is at it
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [embedding.LOCKS, review.pk])
        assert cursor.fetchone() == (False,)
    first.kill()
    first.wait()
    before = stored()
    read = log.read_text().split()
    assert before < 80
    assert len(read) - before <= 3 * 4  # one batch that was being stored, one that was ready, one in the model
    second = start()
    assert second.wait(60) == 0
    assert stored() == 80
    assert len(log.read_text().split()) - len(read) == 80 - before, "what was stored was read again"


def until(true, seconds=60):
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.02)
