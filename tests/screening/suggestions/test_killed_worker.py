"""A worker is killed with kill -9 in the middle of a run: nothing is lost, and no reply is asked for twice."""

import time

import pytest

from audit.models.model_call import ModelCall, ModelOutcome
from reviewapp.celery import app
from reviewapp.queue import pending
from screening.actions import runs, sweeping
from screening.enums import ItemStatus, RunStatus
from screening.models.decision import Decision
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.running import claims
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

RECORDS = 60


def until(true, *, seconds=60):
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "it took too long"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_after_kill_9_a_run_goes_on_and_pays_for_no_reply_twice(start_worker, model_server):  # noqa: F811
    review = assisting.review()
    for _ in range(RECORDS):
        builders.record(review)
    assistant = assisting.llm(review, model_server)
    model_server.stats.hold_after = 20
    worker = start_worker(concurrency=12, env={"LLM_CALLS_IN_FLIGHT": "8"})
    run = runs.start(review=review, stage="title_abstract", assistant=assistant, by=review.created_by)
    until(lambda: Suggestion.objects.count() >= 15 and model_server.stats.calls > 20)
    worker.kill()
    model_server.stats.hold_after = None
    answered = set(ModelOutcome.objects.filter(state="answered").values_list("call__subject_id", flat=True))
    in_flight = set(ModelCall.objects.filter(outcome=None).values_list("subject_id", flat=True))
    assert in_flight
    assert len(answered) < RECORDS

    start_worker(concurrency=12, env={"LLM_CALLS_IN_FLIGHT": "8"})
    sweeping.return_abandoned(grace=claims.GRACE * 0)  # what the clock does half a minute later
    sweeping.sweep()
    until(lambda: Run.objects.get(pk=run.pk).status == RunStatus.FINISHED)

    assert set(RunItem.objects.values_list("status", flat=True)) == {ItemStatus.DONE}
    assert Suggestion.objects.count() == RECORDS
    assert ModelOutcome.objects.filter(state="unknown").count() == len(in_flight)
    assert not ModelCall.objects.filter(outcome=None).exists()
    again = ModelCall.objects.filter(subject_id__in=answered).count()
    assert again == len(answered), "a call was made again although its reply had come"
    calls = ModelCall.objects.count()
    assert calls == RECORDS + len(in_flight)
    # a call that was recorded and then cut off may or may not have reached the server
    assert calls - len(in_flight) <= model_server.stats.calls <= calls
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_claim_without_a_living_worker_is_given_back_at_once_and_one_with_a_worker_is_kept(model_server):  # noqa: F811
    review = assisting.review()
    for _ in range(2):
        builders.record(review)
    run = assisting.start(assisting.llm(review, model_server))
    first, second = RunItem.objects.filter(run=run).order_by("id")
    claims.claim([first.pk, second.pk])
    claims.release([second.pk])
    assert claims.abandoned(grace=claims.GRACE * 0) == {second.pk: 1}
    sweeping.return_abandoned(grace=claims.GRACE * 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (ItemStatus.CLAIMED, ItemStatus.WAITING)
    claims.release([first.pk])


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_doorbells_were_lost_is_rung_for_again_but_not_in_floods(ringing, model_server):  # noqa: F811
    review = assisting.review()
    for _ in range(150):
        builders.record(review)
    assisting.start(assisting.llm(review, model_server))
    with app.connection_for_write() as connection:
        connection.default_channel.client.flushall()
    for _ in range(20):
        sweeping.sweep()
    assert 0 < pending("llm") <= 100
