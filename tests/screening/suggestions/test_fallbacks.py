"""Where a model does not answer, the next one is asked: on record before it is, marked, and never a second time."""

from decimal import Decimal

import pytest
from django.utils import timezone

from audit import budgets, cards
from audit.models.model_call import ModelCall, ModelOutcome
from screening.actions import assistants, runs, stages, suggestions, sweeping
from screening.enums import ItemStatus, RunStatus, Stage
from screening.models.run import Run, RunItem
from screening.models.suggestion import Suggestion
from screening.queries.assistants.agreement import with_assistant
from screening.queries.assistants.suggestions import latest, shown
from screening.queries.telling.alerts import alerts
from screening.running import lines, turns
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.model_server import ModelServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere():
    with ModelServer() as server:
        yield server


def started(server, behaviour, *fallbacks, records=1, repeat_share=0, **card):
    """A run of an assistant of the first address whose fallbacks are these cards."""
    review = assisting.review()
    for _ in range(records):
        builders.record(review)
    assistant = assisting.llm(review, server, behaviour, falls_back_on=fallbacks, **card)
    return assisting.start(assistant, repeat_share=repeat_share)


def worked_off(run):
    """Answer the bells until nothing waits, however long it was to."""
    for _ in range(30):
        RunItem.objects.filter(run=run).update(not_before=None)
        assisting.work(run)
        if run.status != RunStatus.RUNNING:
            return
    raise AssertionError(f"the run is still {run.status}")


def asked():
    return list(ModelCall.objects.order_by("id").values_list("model", flat=True))


@pytest.mark.parametrize("behaviour", ["a+error-401", "a+error-402", "a+error-404"])
def test_where_the_first_model_refuses_for_good_the_second_answers(model_server, elsewhere, behaviour):  # noqa: F811
    second = assisting.approved(elsewhere, "b+met", price_in=3, price_out=5)
    run = started(model_server, behaviour, second, price_in=1, price_out=1)
    worked_off(run)
    assert asked() == [f"openai/{behaviour}", "openai/b+met"]
    assert (model_server.stats.calls, elsewhere.stats.calls) == (1, 1)
    said = Suggestion.objects.get()
    assert (said.fallback, said.answered_by, said.item.line) == (True, "b+met", 1)
    told = said.explanation["fallback"]
    assert (told["place"], told["card"], told["model"]) == (1, second.name, "openai/b+met")
    assert (told["card_id"], told["card_sha256"]) == (second.pk, second.approved_sha256)
    assert told["instead_of"] == run.assistant.card.name
    assert [one["model"] for one in told["passed_over"]] == [f"openai/{behaviour}"]
    assert "why" not in told["passed_over"][0], "what a provider said is for those who see the run"
    paid = ModelCall.objects.get(model="openai/b+met")
    assert paid.outcome.cost == Decimal(paid.outcome.tokens_in * 3 + paid.outcome.tokens_out * 5) / 1_000_000


def test_where_the_first_model_fails_three_times_the_second_answers(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+error-500", assisting.approved(elsewhere, "b+met"))
    worked_off(run)
    assert asked() == 3 * ["openai/a+error-500"] + ["openai/b+met"]
    assert "HTTP 500" in RunItem.objects.get().passed_over[0]["why"]
    told = [alert.sentence for alert in alerts()[run.review_id]]
    assert f"In run {run.pk} a model does not answer, and a fallback is asked instead: the run’s page says why." in told


def test_a_first_model_that_answers_at_its_third_time_keeps_the_record(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+error-500-2", assisting.approved(elsewhere, "b+met"))
    worked_off(run)
    said = Suggestion.objects.get()
    assert (said.fallback, said.explanation.get("fallback"), elsewhere.stats.calls) == (False, None, 0)


def test_a_reply_in_the_wrong_form_is_no_model_that_is_away(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+babble", assisting.approved(elsewhere, "b+met"))
    worked_off(run)
    assert (RunItem.objects.get().status, elsewhere.stats.calls) == (ItemStatus.FAILED, 0)


def test_where_none_answers_the_failure_names_every_model_and_why(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+error-401", assisting.approved(elsewhere, "b+error-404"))
    worked_off(run)
    item = RunItem.objects.get()
    assert (item.status, item.line) == (ItemStatus.FAILED, 1)
    assert "2 models were tried" in item.error
    for part in ("1. a+error-401", "(HTTP 401)", "2. b+error-404", "(HTTP 404)"):
        assert part in item.error
    runs.retry_failed(run=run, by=run.created_by)
    item.refresh_from_db()
    assert (item.line, item.passed_over) == (0, []), "people may have mended the first one"


class Killed(BaseException):
    """As good as kill -9: nothing of ours catches it."""


def killed(item, monkeypatch, module, name):
    """Work on the item until `name` of a module is called; then the sweeper finds that nobody does any more."""

    def die(*_, **__):
        raise Killed

    monkeypatch.setattr(module, name, die)
    with pytest.raises(Killed):
        suggestions.make(item_id=item.pk)
    monkeypatch.undo()
    RunItem.objects.update(claimed_at=timezone.now() - 2 * sweeping.claims.GRACE)
    assert sweeping.return_abandoned() == 1


def test_a_worker_that_dies_between_the_move_and_the_call_goes_on_at_the_line(model_server, elsewhere, monkeypatch):  # noqa: F811
    run = started(model_server, "a+error-401", assisting.approved(elsewhere, "b+met"))
    item = RunItem.objects.get()
    suggestions.make(item_id=item.pk)
    item.refresh_from_db()
    assert (item.line, item.status, asked()) == (1, ItemStatus.WAITING, ["openai/a+error-401"])
    killed(item, monkeypatch, turns, "ask")
    worked_off(run)
    assert asked() == ["openai/a+error-401", "openai/b+met"]
    assert Suggestion.objects.get().fallback


def test_a_reply_of_the_fallback_that_had_come_is_not_asked_for_again(model_server, elsewhere, monkeypatch):  # noqa: F811
    run = started(model_server, "a+error-401", assisting.approved(elsewhere, "b+met"))
    item = RunItem.objects.get()
    suggestions.make(item_id=item.pk)
    killed(item, monkeypatch, suggestions, "read")
    worked_off(run)
    assert (elsewhere.stats.calls, Suggestion.objects.get().fallback) == (1, True)
    assert set(ModelOutcome.objects.values_list("state", flat=True)) == {"failed", "answered"}


def test_a_card_that_is_withdrawn_in_mid_run_hands_the_rest_to_the_fallback(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+met", assisting.approved(elsewhere, "b+met"), records=3)
    first = RunItem.objects.order_by("id").first()
    suggestions.make(item_id=first.pk)
    cards.withdraw(card=run.assistant.card, by=assisting.administrator(), why="No more")
    turns.kept_line.cache_clear()
    worked_off(run)
    assert asked() == ["openai/a+met", "openai/b+met", "openai/b+met"]
    over = RunItem.objects.get(line=1, pk=first.pk + 1).passed_over
    assert "is not approved any more" in over[0]["why"]


def test_a_fallback_that_may_not_be_called_is_passed_over(model_server, elsewhere):  # noqa: F811
    gone, last = assisting.approved(elsewhere, "b+met"), assisting.approved(elsewhere, "c+met")
    run = started(model_server, "a+error-401", gone, last)
    cards.withdraw(card=gone, by=assisting.administrator(), why="No more")
    worked_off(run)
    assert asked() == ["openai/a+error-401", "openai/c+met"]
    assert [one["card"] for one in RunItem.objects.get().passed_over] == [run.assistant.card.name, gone.name]


def test_a_model_that_many_moved_on_from_is_left_alone_for_a_while(model_server, elsewhere, monkeypatch):  # noqa: F811
    run = started(model_server, "a+error-401", assisting.approved(elsewhere, "b+met"), records=8)
    worked_off(run)
    assert (model_server.stats.calls, elsewhere.stats.calls) == (lines.IN_A_ROW, 8)
    assert Suggestion.objects.filter(fallback=True).count() == 8
    later = started(model_server, "a+error-401-3", assisting.approved(elsewhere, "b+met"))
    monkeypatch.setattr(lines, "monotonic", lambda: 10.0**9)
    worked_off(later)
    assert model_server.stats.seen["a+error-401-3"] == 1


def test_a_reply_that_is_there_is_used_though_its_model_be_away(model_server, elsewhere):  # noqa: F811
    first = started(model_server, "a+met", assisting.approved(elsewhere, "b+met"))
    worked_off(first)
    also = assistants.create(
        review=first.review,
        name="Another",
        engine="llm",
        offer=assisting.offered(first.assistant.card),
        by=first.created_by,
        falls_back_on=[assisting.offered(assisting.approved(elsewhere, "c+met"))],
    )
    lines._away[first.assistant.card_id] = lines._Away(until=float("inf"), why="It is away.")
    worked_off(assisting.start(also))
    assert asked() == ["openai/a+met"]
    said = Suggestion.objects.get(assistant=also)
    assert (said.replayed, said.fallback) == (True, False)


def test_a_stop_switch_stops_fallbacks_too(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+error-401", assisting.approved(elsewhere, "b+met"))
    suggestions.make(item_id=RunItem.objects.get().pk)
    assistants.switch(review=run.review, by=run.created_by, ai_enabled=False, may_be_sent_to_ai=False)
    assisting.work(run)
    assert (RunItem.objects.get().status, elsewhere.stats.calls) == (ItemStatus.WAITING, 0)


def test_a_repeat_is_asked_of_the_model_that_gave_the_first_answer(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+error-401-1", assisting.approved(elsewhere, "b+met"), repeat_share=100)
    worked_off(run)
    assert asked() == ["openai/a+error-401-1", "openai/b+met", "openai/b+met"]
    assert set(RunItem.objects.values_list("line", "status")) == {(1, ItemStatus.DONE)}


def test_what_a_fallback_says_is_marked_and_counts_in_no_agreement_and_as_no_second_opinion(model_server, elsewhere):  # noqa: F811
    run = started(model_server, "a+error-401-1", assisting.approved(elsewhere, "b+not-met"), records=2)
    worked_off(run)
    one = Suggestion.objects.get(fallback=True)
    said = shown(latest([one.record_id], Stage.TITLE_ABSTRACT)[one.record_id])
    assert (said["fallback"], said["model"]) == (True, "b+not-met")
    figures = with_assistant(run.review, Stage.TITLE_ABSTRACT, run.assistant)
    assert (figures.records, figures.by_fallback) == (1, 1)
    rule = stages.rule_for(run.review, Stage.TITLE_ABSTRACT)
    rule.oversight = "second_reviewer"
    rule.save()
    ids = list(Suggestion.objects.values_list("record_id", flat=True))
    assert one.record_id not in stages.second_opinions(rule, ids)


def test_a_panel_member_may_fall_back_and_the_panel_says_so(model_server, elsewhere):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    one = assisting.llm(review, model_server, "a+error-401", falls_back_on=[assisting.approved(elsewhere, "c+met")])
    run = assisting.start(assisting.panel(review, one, assisting.llm(review, model_server, "b+met")))
    worked_off(run)
    panels_own = Suggestion.objects.standing().get()
    assert (panels_own.fallback, panels_own.proposed_verdict) == (True, "include")
    assert [bool(member["fallback"]) for member in panels_own.explanation["members"]] == [True, False]
    assert "fallback" not in panels_own.explanation


def test_members_of_a_panel_can_t_come_to_answer_by_the_same_model(model_server, elsewhere):  # noqa: F811
    review = assisting.review()
    shared = assisting.approved(elsewhere, "b+met")
    one = assisting.llm(review, model_server, "a+met", falls_back_on=[shared])
    other = assisting.llm(review, model_server, "b+met")
    with pytest.raises(assistants.AssistantRefusedError, match="both come to answer by b\\+met"):
        assisting.panel(review, one, other)
    sits = assisting.llm(review, model_server, "d+met")
    assisting.panel(review, sits, other)
    with pytest.raises(assistants.AssistantRefusedError, match=r"members of the panel .* could both come to answer"):
        assistants.create(
            review=review,
            name=sits.name,
            engine="llm",
            offer=assisting.offered(sits.card),
            by=review.created_by,
            falls_back_on=[assisting.offered(shared)],
        )


def test_a_fallback_is_part_of_the_configuration_and_another_model_than_the_first(model_server, elsewhere):  # noqa: F811
    review, second = assisting.review(), assisting.approved(elsewhere, "b+met")
    plain = assisting.llm(review, model_server, "a+met")
    same = {"review": review, "name": plain.name, "engine": "llm", "by": review.created_by}
    first, after = assisting.offered(plain.card), assisting.offered(second)
    made = assistants.create(**same, offer=first, falls_back_on=[after])
    assert (made.version, made.sha256 == plain.sha256) == (2, False)
    assert made.parameters["fallbacks"] == [second.pk]
    assert assistants.create(**same, offer=first, falls_back_on=[after]) == made
    for wrong in ([first], [after, after]):
        with pytest.raises(assistants.AssistantRefusedError, match="chosen twice"):
            assistants.create(**same, offer=first, falls_back_on=wrong)


def test_a_fallback_without_a_price_is_refused_where_money_is_limited(model_server, elsewhere):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    unpriced = assisting.approved(elsewhere, "b+met")
    assistant = assisting.llm(review, model_server, "a+met", falls_back_on=[unpriced], price_in=1, price_out=1)
    limits = dict.fromkeys(("daily_usd", "daily_calls", "total_calls"))
    budgets.change(review_id=review.pk, by=review.created_by, total_usd=5, **limits)
    with pytest.raises(runs.RunRefusedError, match=r"Of the fallback .* has no price"):
        assisting.start(assistant)
    assert not Run.objects.exists()


def test_an_estimate_says_what_it_may_cost_with_a_fallback(model_server, elsewhere):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    dear = assisting.approved(elsewhere, "b+met", price_in=100_000, price_out=100_000)
    assistant = assisting.llm(review, model_server, "a+met", falls_back_on=[dear], price_in=10_000, price_out=10_000)
    found = runs.estimate(review=review, stage=Stage.TITLE_ABSTRACT, assistant=assistant)
    assert found.cost_up_to == pytest.approx(10 * found.cost, rel=0.01)
    alone = assisting.llm(review, model_server, "a+met", price_in=10_000, price_out=10_000)
    assert runs.estimate(review=review, stage=Stage.TITLE_ABSTRACT, assistant=alone).falls_back is False
