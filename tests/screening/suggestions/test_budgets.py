"""A budget stops a run in mid-flight, cleanly, and the run goes on when the day turns or a person raises the limit."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from audit import budgets, integrity
from audit.models.model_call import ModelCall
from screening.actions import runs, suggestions, sweeping
from screening.enums import ItemStatus, PauseReason, RunStatus
from screening.models.run import RunItem
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
NONE = {"daily_usd": None, "total_usd": None, "daily_calls": None, "total_calls": None}


def limit(review, **limits):
    return budgets.change(review_id=review.pk, by=review.created_by, **{**NONE, **limits})


@pytest.fixture
def stopped(model_server):  # noqa: F811
    """A run over five records that a budget of two calls a day has stopped."""
    review = assisting.review()
    for _ in range(5):
        builders.record(review)
    assistant = assisting.llm(review, model_server, price_in="1", price_out="2")
    limit(review, daily_calls=2)
    run = assisting.start(assistant)
    assisting.work(run)
    return run


def verified():
    assert not [result.findings.first for result in integrity.verify() if result.findings.bad]


def test_a_run_stops_in_mid_flight_and_loses_nothing(stopped, model_server):  # noqa: F811
    assert (stopped.status, stopped.stopped_for) == (RunStatus.PAUSED, PauseReason.BUDGET)
    assert stopped.waits_until == budgets.tomorrow()
    assert (model_server.stats.calls, Suggestion.objects.count()) == (2, 2)
    waiting = RunItem.objects.filter(run=stopped, status=ItemStatus.WAITING)
    assert set(waiting.values_list("attempts", "not_before", "error")) == {(0, None, "")}
    assert waiting.count() == 3
    verified()


def test_it_goes_on_by_itself_when_the_day_turns(stopped, model_server, monkeypatch):  # noqa: F811
    sweeping.sweep()
    stopped.refresh_from_db()
    assert stopped.status == RunStatus.PAUSED
    for done in (4, 5):
        tomorrow = timezone.now() + timedelta(days=1)
        monkeypatch.setattr(timezone, "now", lambda at=tomorrow: at)
        sweeping.sweep()
        stopped.refresh_from_db()
        assert (stopped.status, stopped.stopped_for, stopped.waits_until) == (RunStatus.RUNNING, "", None)
        assisting.work(stopped)
        assert (model_server.stats.calls, Suggestion.objects.count()) == (done, done)
    assert stopped.status == RunStatus.FINISHED
    verified()


def test_it_goes_on_when_a_person_raises_the_limit_and_not_before(stopped, model_server):  # noqa: F811
    with pytest.raises(runs.RunRefusedError, match="today is spent"):
        runs.resume(run=stopped, by=stopped.created_by)
    limit(stopped.review, daily_calls=5)
    runs.resume(run=stopped, by=stopped.created_by)
    assisting.work(stopped)
    assert (stopped.status, model_server.stats.calls) == (RunStatus.FINISHED, 5)
    assert budgets.account(stopped.review_id).calls == ModelCall.objects.count() == 5
    verified()


def test_what_may_not_go_on_for_another_reason_waits_for_a_person(stopped, monkeypatch):
    stopped.review.ai_enabled = False
    stopped.review.save()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    sweeping.sweep()
    stopped.refresh_from_db()
    assert (stopped.status, stopped.waits_until) == (RunStatus.PAUSED, None)


def test_a_run_whose_budget_is_spent_is_not_started(stopped):
    runs.cancel(run=stopped, by=stopped.created_by)
    with pytest.raises(runs.RunRefusedError, match="today is spent"):
        assisting.start(stopped.assistant)


def test_a_model_without_a_price_is_refused_before_the_start_where_money_is_limited(model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    assistant = assisting.llm(review, model_server)
    limit(review, total_usd=5)
    with pytest.raises(runs.RunRefusedError, match="has no price"):
        assisting.start(assistant)


def test_a_lead_sets_limits_on_the_page_and_sees_what_is_spent(stopped, client):
    client.force_login(stopped.created_by)
    page = client.get(f"/reviews/{stopped.review_id}/ai/").content.decode()
    assert "The budget of today is spent" in page
    assert "Calls today" in page
    run = client.get(f"/reviews/{stopped.review_id}/ai/runs/{stopped.pk}/").content.decode()
    assert "The budget is spent: nothing is asked, and nothing is lost." in run
    address = f"/reviews/{stopped.review_id}/ai/budget/"
    client.post(address, {"daily_usd": "-1", "daily_calls": "9"})
    assert budgets.account(stopped.review_id).daily_calls == 2
    client.post(address, {"daily_usd": "2.50", "daily_calls": "9", "total_usd": "", "total_calls": ""})
    account = budgets.account(stopped.review_id)
    assert (account.daily_calls, account.daily_usd, account.total_usd) == (9, 2.5, None)


def test_a_limit_of_money_stops_a_run_whose_server_counts_no_tokens(model_server):  # noqa: F811
    review = assisting.review()
    for _ in range(4):
        builders.record(review)
    assistant = assisting.llm(review, model_server, "a+uncounted", price_in="1", price_out="2")
    first = assisting.start(assistant)
    suggestions.make(item_id=RunItem.objects.filter(run=first).first().pk)
    limit(review, total_usd=ModelCall.objects.get().reserved * Decimal("2.5"))
    assisting.work(first)
    assert (first.status, first.stopped_for) == (RunStatus.PAUSED, PauseReason.BUDGET)
    assert ModelCall.objects.count() == Suggestion.objects.count() == 2
    verified()
