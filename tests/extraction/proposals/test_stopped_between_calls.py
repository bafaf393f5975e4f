"""A study that takes many calls is stopped between two of them; what was said is kept, and nothing more is sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models.event import Event
from audit.models.model_call import ModelCall
from extraction.models.proposal import Proposal
from reviewapp.ai.errors import Refused
from screening.actions import assistants, sweeping
from screening.enums import ItemStatus, RunStatus
from screening.models.document import Document
from screening.models.run import Run, RunItem
from screening.running import claims, lifecycle, turns
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.extraction.proposals.conftest import start, trial, version, work
from tests.extraction.proposals.test_llm import LONG

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_run(model_server, monkeypatch):  # noqa: F811
    """A run over a study that takes three calls, with something that happens after the first of them."""

    def run(happens):
        review = assisting.review()
        made = start(assisting.llm(review, model_server), version(review, LONG), trial(review))
        calls = []

        def asked(*args, **kwargs):
            answer = turns_ask(*args, **kwargs)
            calls.append(answer)
            if len(calls) == 1:
                happens(made)
            return answer

        turns_ask = turns.ask
        monkeypatch.setattr(turns, "ask", asked)
        [item] = work(made)
        return made, item

    return run


def test_a_pause_sends_nothing_more_and_the_study_goes_on_after_it_without_paying_twice(long_run):
    run, item = long_run(lambda run: lifecycle.pause(run=run, by=run.created_by))
    assert (item.status, item.attempts, ModelCall.objects.count()) == (ItemStatus.WAITING, 0, 1)
    lifecycle.resume(run=run, by=run.created_by)
    [item] = work(run)
    assert (item.status, run.status, ModelCall.objects.count()) == (ItemStatus.DONE, RunStatus.FINISHED, 3)
    assert Proposal.objects.count() == 60


def test_cancelling_keeps_what_was_said_and_leaves_nothing_waiting(long_run):
    run, item = long_run(lambda run: lifecycle.cancel(run=run, by=run.created_by))
    assert (item.status, ModelCall.objects.count()) == (ItemStatus.FAILED, 1)
    assert "cancelled" in item.error
    assert Proposal.objects.count() == 20
    assert run.status == RunStatus.CANCELLED


def test_switching_off_that_texts_are_sent_lets_the_study_wait(long_run):
    def forbid(run):
        assistants.switch(review=run.review, by=run.created_by, ai_enabled=True, may_be_sent_to_ai=False)

    run, item = long_run(forbid)
    assert (item.status, run.status, ModelCall.objects.count()) == (ItemStatus.WAITING, RunStatus.PAUSED, 1)


def test_a_document_that_is_forbidden_midway_is_not_sent_again_and_what_was_said_is_kept(long_run):
    _, item = long_run(lambda _: Document.objects.update(may_be_sent_to_ai=False))
    assert (item.status, ModelCall.objects.count()) == (ItemStatus.FAILED, 1)
    assert "Of 3 groups of questions 2" in item.error
    assert "may not be sent to AI" in item.error
    assert Proposal.objects.count() == 20


def test_a_worker_that_lives_is_not_taken_for_dead_after_an_hour_of_calls(long_run):
    def long_ago(_):
        RunItem.objects.update(claimed_at=timezone.now() - timedelta(hours=1))

    _, item = long_run(long_ago)
    assert item.status == ItemStatus.DONE
    assert timezone.now() - item.claimed_at < timedelta(minutes=1)


def test_a_claim_that_another_worker_has_asks_nothing_more(long_run):
    _, item = long_run(lambda _: RunItem.objects.update(attempts=7))
    assert (item.status, item.attempts, ModelCall.objects.count()) == (ItemStatus.CLAIMED, 7, 1)
    claims.release([item.pk])


def test_an_item_in_hand_does_not_wait_for_ever_in_a_run_that_was_cancelled(model_server, monkeypatch):  # noqa: F811
    review = assisting.review()
    run = start(assisting.llm(review, model_server, "error-500"), version(review), trial(review))
    turns_ask = turns.ask

    def asked(*args, **kwargs):
        lifecycle.cancel(run=Run.objects.get(pk=run.pk), by=run.created_by)
        return turns_ask(*args, **kwargs)

    monkeypatch.setattr(turns, "ask", asked)
    [item] = work(run)
    assert (item.status, run.status) == (ItemStatus.CANCELLED, RunStatus.CANCELLED)


def test_the_sweeper_ends_what_waits_in_a_cancelled_run(model_server):  # noqa: F811
    review = assisting.review()
    run = start(assisting.llm(review, model_server), version(review), trial(review))
    lifecycle.cancel(run=run, by=run.created_by)
    RunItem.objects.update(status=ItemStatus.WAITING)
    sweeping.sweep()
    assert RunItem.objects.get().status == ItemStatus.CANCELLED


def test_a_refusal_midway_keeps_what_was_said_before_it(model_server, monkeypatch):  # noqa: F811
    review = assisting.review()
    run = start(assisting.llm(review, model_server), version(review, LONG), trial(review))
    turns_ask = turns.ask

    def asked(prompt, **kwargs):
        if "f1_0" in prompt.messages[-1].content:
            raise Refused("The account has no credit left.")
        return turns_ask(prompt, **kwargs)

    monkeypatch.setattr(turns, "ask", asked)
    [item] = work(run)
    assert item.status == ItemStatus.FAILED
    assert "no credit left" in item.error
    assert Proposal.objects.count() == 20


@pytest.mark.parametrize("about", ["study", "record"])
def test_what_ends_its_worker_each_time_fails_with_a_sentence_and_a_line_in_the_ledger(model_server, about):  # noqa: F811
    review = assisting.review()
    assistant = assisting.llm(review, model_server)
    if about == "study":
        run = start(assistant, version(review), trial(review))
    else:
        builders.record(review)
        run = assisting.start(assistant)
    long_ago = timezone.now() - timedelta(minutes=1)
    tried = sweeping.MOST_ATTEMPTS
    RunItem.objects.filter(run=run).update(status=ItemStatus.CLAIMED, attempts=tried, claimed_at=long_ago)
    sweeping.sweep()
    item = RunItem.objects.get(run=run, attempts=tried)
    assert (item.status, "The worker stopped 15 times" in item.error) == (ItemStatus.FAILED, True)
    event = Event.objects.get(type="study.not_proposed" if about == "study" else "record.not_suggested")
    assert event.data["why"] == item.error
