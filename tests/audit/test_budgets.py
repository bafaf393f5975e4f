"""Budgets of reviews: a hard stop before the call, and sums that are those of the calls at every moment."""

from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import budgets, calls, integrity
from audit.models.budget import Spending
from audit.models.model_call import ModelCall, ModelOutcome
from reviewapp.ai.completion import Completion
from reviewapp.ai.endpoint import Endpoint
from reviewapp.ai.errors import RateLimited, Refused, Unreachable
from reviewapp.ai.prompt import Message, Prompt
from tests import assisting, builders

pytestmark = pytest.mark.django_db
PRICE = (Decimal(1), Decimal(10))  # USD per million tokens
NONE = {"daily_usd": None, "total_usd": None, "daily_calls": None, "total_calls": None}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone between a call and its outcome."""


def completion(tokens_out=100, **fields):
    said = {"text": "Yes.", "model": "m", "tokens_in": 40, "tokens_out": tokens_out, "cost": None}
    return Completion(**{**said, "finish_reason": "stop", "seconds": 0.1, **fields})


@pytest.fixture
def record():
    return builders.record(assisting.review())


def ask(record, outcome, *, price=PRICE, max_tokens=1_000, patched=True):
    """Ask something new of a model that answers, or raises, so; or as the caller has said."""
    prompt = Prompt((Message("user", f"Question {next(builders.number)}?"),), None, 0.0, max_tokens)
    with patch.object(calls, "complete", side_effect=[outcome]) if patched else nullcontext():
        return calls.ask(
            prompt,
            endpoint=Endpoint("openai/screener", "http://localhost:1", "key"),
            purpose="test",
            subject=record,
            sends=[record],
            review_id=record.review_id,
            allowed_hosts=["localhost"],
            price=price,
        )


def limit(record, **limits):
    return budgets.change(review_id=record.review_id, by=record.review.created_by, **{**NONE, **limits})


def adds_up():
    (result,) = integrity.verify(["budgets add up"])
    assert not result.findings.bad, result.findings.first
    return result.findings.looked_at


def usd(record):
    return budgets.account(record.review_id).usd


def test_a_review_without_a_budget_has_no_sums_and_its_calls_say_what_they_may_cost(record):
    ask(record, completion())
    assert not Spending.objects.exists()
    reserved = ModelCall.objects.get().reserved
    assert Decimal("0.01") <= reserved < Decimal("0.0101"), "1,000 tokens of reply at 10 USD a million, and the prompt"


def test_the_first_limits_count_what_was_called_before(record):
    ask(record, completion(tokens_out=100))
    with pytest.raises(Unreachable):
        ask(record, Unreachable("The line dropped.", unanswered=True))
    limit(record, total_calls=10)
    account = budgets.account(record.review_id)
    assert (account.calls, account.calls_today) == (2, 2)
    assert account.usd == ModelOutcome.objects.get(state="answered").cost + ModelCall.objects.last().reserved
    assert adds_up() == 1


def test_what_an_answer_cost_takes_the_place_of_what_was_reserved(record):
    limit(record, total_usd=Decimal(1))
    ask(record, completion(tokens_out=100))
    assert usd(record) == Decimal("0.00104")
    assert Spending.objects.get().tokens == 140
    adds_up()


def test_an_answer_whose_tokens_nobody_counted_stays_counted_with_the_most_that_it_may_have_cost(record):
    limit(record, total_usd=Decimal(1))
    ask(record, completion(tokens_in=None, tokens_out=None))
    assert (ModelOutcome.objects.get().cost, usd(record)) == (None, ModelCall.objects.get().reserved)
    ask(record, completion(tokens_in=None, tokens_out=None), price=(Decimal(0), Decimal(0)))
    assert ModelOutcome.objects.last().cost == 0, "whatever it counted"
    adds_up()


@pytest.mark.parametrize("error", [RateLimited("Slow down."), Refused("No."), Unreachable("HTTP 500.")])
def test_a_call_that_failed_costs_nothing_and_counts_as_a_call(record, error):
    limit(record, total_usd=Decimal(1))
    with pytest.raises(type(error)):
        ask(record, error)
    assert (usd(record), budgets.account(record.review_id).calls) == (0, 1)
    adds_up()


def test_a_call_of_unknown_outcome_stays_counted_with_the_most_that_it_may_have_cost(record):
    limit(record, total_usd=Decimal(1))
    with pytest.raises(Unreachable):
        ask(record, Unreachable("It took too long.", unanswered=True))
    with pytest.raises(Killed):
        ask(record, Killed())
    both = sum(ModelCall.objects.values_list("reserved", flat=True))
    assert usd(record) == both > 0
    assert calls.mark_cut_off(subject=record) == 1
    assert usd(record) == both
    adds_up()


def test_what_does_not_fit_is_not_asked_and_leaves_no_call(record):
    limit(record, daily_calls=1)
    ask(record, completion())
    with pytest.raises(budgets.BudgetSpentError, match="today is spent") as refused:
        ask(record, completion())
    assert refused.value.resumes_at == budgets.tomorrow()
    assert not refused.value.permanent
    assert ModelCall.objects.count() == 1
    adds_up()


def test_no_call_is_made_that_might_go_over_a_limit_of_money(record):
    limit(record, total_usd=Decimal("0.02"))
    ask(record, completion(tokens_out=1_000))
    with pytest.raises(budgets.BudgetSpentError, match="A lead can raise it and resume") as refused:
        ask(record, completion())
    assert refused.value.resumes_at is None, "no day brings it back"
    ask(record, completion(tokens_out=1), max_tokens=10)
    assert usd(record) < Decimal("0.02")
    adds_up()


def test_one_call_that_a_whole_day_does_not_cover_waits_for_a_person(record):
    limit(record, daily_usd=Decimal("0.01"))
    with pytest.raises(budgets.BudgetSpentError, match="more than the budget of a day") as refused:
        ask(record, completion(), max_tokens=100_000)
    assert refused.value.resumes_at is None


def test_a_model_without_a_price_can_not_be_held_to_a_limit_of_money_but_to_one_of_calls(record):
    limit(record, total_calls=5)
    ask(record, completion(), price=None)
    limit(record, total_calls=5, total_usd=Decimal(5))
    with pytest.raises(budgets.BudgetSpentError, match="has no price"):
        ask(record, completion(), price=None)
    adds_up()


def test_a_model_that_costs_nothing_goes_on_when_the_money_is_spent(record):
    limit(record, total_usd=Decimal(0))
    ask(record, completion(), price=(Decimal(0), Decimal(0)))
    assert budgets.stopped(record.review_id, (Decimal(0), Decimal(0))) is None
    assert "spent" in str(budgets.stopped(record.review_id, PRICE))


def test_the_same_limits_again_change_nothing_and_others_leave_the_sums_alone(record):
    first = limit(record, total_calls=5)
    ask(record, completion())
    assert limit(record, total_calls=5).history.count() == 1
    assert limit(record, total_calls=9).pk == first.pk
    assert first.history.count() == 2
    assert budgets.account(record.review_id).calls == 1
    adds_up()


def test_another_review_s_calls_do_not_count(record):
    other = builders.record(assisting.review())
    limit(record, total_calls=1)
    ask(other, completion())
    ask(record, completion())
    assert budgets.account(record.review_id).calls == 1
    assert budgets.account(other.review_id) is None


def test_a_sum_that_somebody_changed_is_found(record):
    limit(record, total_calls=5)
    ask(record, completion())
    Spending.objects.update(usd=5)
    (result,) = integrity.verify(["budgets add up"])
    assert "its calls say 1 calls, 140 tokens, 0.001040 USD" in result.findings.first


steps = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 3_000), st.sampled_from([PRICE, None, (Decimal(0), Decimal(0))])),
    st.tuples(st.sampled_from(["fail", "time-out", "kill", "sweep", "day"])),
    st.tuples(st.just("limit"), st.sampled_from([{}, {"daily_calls": 3}, {"total_usd": Decimal("0.05")}])),
)


@given(st.lists(steps, min_size=1, max_size=14))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_every_history_the_sums_are_those_of_the_calls_and_no_limit_is_passed(history):
    record, now, limits = builders.record(assisting.review()), NOON, {}
    for kind, *said in history:
        before = ModelCall.objects.filter(review_id=record.review_id).count()
        with patch.object(timezone, "now", lambda at=now: at):
            if kind == "limit":
                limit(record, **(limits := said[0]))
            elif kind == "sweep":
                calls.mark_cut_off(subject=record)
            elif kind != "day":
                _try(record, kind, *said)
            account = budgets.account(record.review_id)
        if ModelCall.objects.filter(review_id=record.review_id).count() > before and account:
            assert account.calls_today <= limits.get("daily_calls", 99)
            assert account.usd <= limits.get("total_usd", 99)
        now += timedelta(hours=9 if kind == "day" else 1)
        adds_up()


def _try(record, kind, *said):
    outcomes = {"fail": Refused("No."), "time-out": Unreachable("…", unanswered=True), "kill": Killed()}
    outcome = completion(tokens_out=said[0]) if kind == "answer" else outcomes[kind]
    with suppress(Refused, Unreachable, Killed, budgets.BudgetSpentError):
        ask(record, outcome, price=said[1] if kind == "answer" else PRICE, max_tokens=3_000)
