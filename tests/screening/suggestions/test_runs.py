"""Starting, pausing and ending runs; what is refused, and with which words."""

from datetime import date

import pytest

from audit import cards
from audit.models.model_card import ModelCard
from screening.actions import assistants, model_cards, order, reviews, rulebook, runs, stages, suggestions, sweeping
from screening.enums import ItemStatus, PauseReason, RunStatus
from screening.models.run import RunItem
from screening.models.stage import StageState
from screening.models.suggestion import Suggestion
from screening.queries.assistants import endpoints
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db


def three(**fields):
    review = assisting.review(**fields)
    for _ in range(3):
        builders.record(review)
    return review


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ai_enabled": False}, "AI is off"),
        ({"may_be_sent_to_ai": False}, "may not be sent"),
        ({"criteria": []}, "Write the protocol first"),
    ],
)
def test_a_run_that_may_not_be_is_refused_in_a_sentence(model_server, fields, sentence):  # noqa: F811
    review = three(**fields)
    with pytest.raises(runs.RunRefusedError, match=sentence):
        assisting.start(assisting.llm(review, model_server))
    assert model_server.stats.calls == 0


def test_a_card_that_is_no_longer_approved_is_not_called(model_server):  # noqa: F811
    assistant = assisting.llm(three(), model_server)
    assistant.card.approved = False
    assistant.card.save()
    with pytest.raises(runs.RunRefusedError, match="not approved any more"):
        assisting.start(assistant)


def test_an_estimate_counts_calls_tokens_and_money_before_anything_is_sent(model_server):  # noqa: F811
    review = three()
    assistant = assisting.llm(review, model_server, price_in="1.00", price_out="2.00", requests_per_minute=6)
    expected = runs.estimate(review=review, stage="title_abstract", assistant=assistant)
    assert (expected.records, expected.calls, model_server.stats.calls) == (3, 3, 0)
    assert expected.tokens_in > 3 * 300
    assert expected.cost is not None
    assert expected.seconds == 30


def test_a_paused_run_claims_nothing_and_a_resumed_one_ends(model_server):  # noqa: F811
    run = assisting.start(assisting.llm(three(), model_server))
    runs.pause(run=run, by=run.created_by)
    assisting.work(run)
    assert model_server.stats.calls == 0
    runs.resume(run=run, by=run.created_by)
    assisting.work(run)
    assert (run.status, Suggestion.objects.count()) == (RunStatus.FINISHED, 3)


def test_a_cancelled_run_keeps_what_is_done(model_server):  # noqa: F811
    run = assisting.start(assisting.llm(three(), model_server))
    suggestions.make(item_id=RunItem.objects.order_by("id").first().pk)
    runs.cancel(run=run, by=run.created_by)
    assisting.work(run)
    assert Suggestion.objects.count() == 1
    assert RunItem.objects.filter(status=ItemStatus.CANCELLED).count() == 2
    with pytest.raises(runs.RunRefusedError, match="ended already"):
        runs.cancel(run=run, by=run.created_by)


def test_forbidding_to_send_pauses_what_sends(model_server):  # noqa: F811
    review = three()
    run = assisting.start(assisting.llm(review, model_server))
    assistants.switch(review=review, by=review.created_by, ai_enabled=True, may_be_sent_to_ai=False)
    run.refresh_from_db()
    assert (run.status, run.stopped_for) == (RunStatus.PAUSED, PauseReason.FORBIDDEN)
    assisting.work(run)
    assert model_server.stats.calls == 0


def test_a_review_that_was_forbidden_by_another_way_is_not_worked_on_either(model_server):  # noqa: F811
    review = three()
    run = assisting.start(assisting.llm(review, model_server))
    reviews.change(review=review, by=review.created_by, may_be_sent_to_ai=False)
    assisting.work(run)
    sweeping.sweep()
    run.refresh_from_db()
    assert (run.status, model_server.stats.calls) == (RunStatus.PAUSED, 0)


def test_preparing_twice_makes_each_item_once(model_server):  # noqa: F811
    run = assisting.start(assisting.llm(three(), model_server))
    runs.prepare(run_id=run.pk)
    assert RunItem.objects.filter(run=run).count() == 3


def test_an_assistant_is_a_version_of_its_configuration():
    review = assisting.review()
    first, same = assisting.local(review), assisting.local(review)
    other = assistants.create(
        review=review, name=first.name, engine="local", by=review.created_by, parameters={"embedding": "x"}
    )
    assert (first.pk, other.version) == (same.pk, 2)
    assert first.sha256 != other.sha256


def test_without_a_key_only_the_offline_engine_stands_ready(monkeypatch):
    for variable, _ in endpoints.PROVIDERS.values():
        monkeypatch.delenv(variable, raising=False)
    review = assisting.review()
    assert [one.engine for one in assistants.ensure_defaults(review=review, by=review.created_by)] == ["local"]


def test_a_providers_key_in_the_environment_makes_a_draft_and_once_approved_an_assistant(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret-of-a-provider")
    review = assisting.review()
    by = {"review": review, "by": review.created_by}
    assert [one.engine for one in assistants.ensure_defaults(**by)] == ["local"]
    cards.approve(card=ModelCard.objects.get(), by=assisting.administrator())
    made = assistants.ensure_defaults(**by)
    assert [one.engine for one in made] == ["local", "llm"]
    assert "sk-secret" not in str([one.__dict__ for one in made] + list(ModelCard.objects.values()))
    assert endpoints.line_to(made[1]).endpoint.api_key == "sk-secret-of-a-provider"


def test_a_self_hosted_address_makes_an_assistant_that_calls_it(model_server, settings):  # noqa: F811
    settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_API_KEY = model_server.address, "screener", "own-key"
    review = three()
    model_cards.draft_of_environment(by=review.created_by)
    cards.approve(card=ModelCard.objects.get(), by=assisting.administrator())
    _, assistant = assistants.ensure_defaults(review=review, by=review.created_by)
    assisting.work(assisting.start(assistant))
    assert set(model_server.stats.keys) == {"Bearer own-key"}
    assert Suggestion.objects.count() == 3


def without_a_card(review, model_server):  # noqa: F811
    """An assistant as they were made before cards were asked for."""
    offer = endpoints.Offer("env:x", "x", "openai/screener", model_server.address, None, "127.0.0.1")
    return assistants.create(review=review, name="Older", engine="llm", offer=offer, by=review.created_by)


def test_without_an_approved_card_nothing_is_called_and_the_mend_is_said(model_server):  # noqa: F811
    review = three()
    assistant = without_a_card(review, model_server)
    with pytest.raises(runs.RunRefusedError, match="has no model card"):
        assisting.start(assistant)
    card = ModelCard.objects.create(name="Ours", model="openai/screener", api_base=model_server.address)
    with pytest.raises(runs.RunRefusedError, match="is not approved yet"):
        assisting.start(assistant)
    cards.approve(card=card, by=assisting.administrator())
    assisting.work(assisting.start(assistant))
    assert Suggestion.objects.count() == 3


def test_a_card_that_was_changed_withdrawn_or_retired_stops_a_run_before_its_start(model_server):  # noqa: F811
    assistant = assisting.llm(three(), model_server)
    card, by = assistant.card, assisting.administrator()
    for change, why in (
        ({"retires_on": date(2020, 1, 1)}, "was retired on 2020-01-01"),
        ({"retires_on": None, "api_base": "http://127.0.0.1:9/v1"}, "was changed since it was approved"),
        ({"model": "openai/other"}, "Make a new version of the assistant"),
    ):
        ModelCard.objects.filter(pk=card.pk).update(**change)
        with pytest.raises(runs.RunRefusedError, match=why):
            assisting.start(assistant)
    ModelCard.objects.filter(pk=card.pk).update(model=card.model, api_base=card.api_base)
    cards.withdraw(card=card, by=by, why="No more")
    with pytest.raises(runs.RunRefusedError, match="is not approved any more"):
        assisting.start(assistant)
    assert model_server.stats.calls == 0


def test_in_place_of_a_key_that_can_t_be_read_none_is_used(model_server, monkeypatch, settings):  # noqa: F811
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    settings.LLM_BASE_URL, settings.LLM_API_KEY = model_server.address, "own-key"
    assistant = assisting.llm(three(), model_server)
    settings.SECRET_KEY = "another-secret-key-of-forty-characters--"
    with pytest.raises(runs.RunRefusedError, match="stored under another SECRET_KEY"):
        assisting.start(assistant)


def ranks(review):
    return dict(StageState.objects.filter(review=review).order_by("rank").values_list("record_id", "rank"))


def suggested(review, model_server):  # noqa: F811
    """Three records of which the last is the likeliest by suggestion, and their order by it."""
    run = assisting.start(assisting.llm(review, model_server))
    for place, item in enumerate(RunItem.objects.filter(run=run).order_by("id")):
        suggestion_for(item, score=place / 1_000)
    return [item.record_id for item in RunItem.objects.filter(run=run).order_by("-id")]


def test_where_reviewers_vote_blind_the_order_stays_random(model_server):  # noqa: F811
    review = three(oversight="blind_first")
    before = ranks(review)
    suggested(review, model_server)
    order.order_by_suggestions(review=review, stage="title_abstract", by=review.created_by)
    assert ranks(review) == before == {pk: rulebook.random_rank(review.pk, pk) for pk in before}


def test_prioritising_puts_likelier_records_first_and_going_back_makes_the_order_random_again(model_server):  # noqa: F811
    review = three(oversight="blind_first")
    before = ranks(review)
    wanted = suggested(review, model_server)
    rule = stages.rule_for(review, "title_abstract")
    change = {"by": review.created_by, "reviewers_per_record": 2, "reason_required": False}
    reviews.change_rule(rule=rule, oversight="prioritise", **change)
    assert list(ranks(review)) == wanted
    reviews.change_rule(rule=rule, oversight="blind_first", **change)
    assert ranks(review) == before


def test_as_second_reviewer_an_assistant_agrees_or_disagrees_but_never_settles_alone(model_server):  # noqa: F811
    person = builders.user()
    review = three(oversight="second_reviewer", reviewers=[person], reviewers_per_record=1)
    first, second, third = (state.record for state in StageState.objects.filter(review=review).order_by("id"))
    builders.decide(first, person, "exclude")
    builders.decide(second, person, "include")
    run = assisting.start(assisting.llm(review, model_server, "not-met"))
    assisting.work(run)
    found = dict(StageState.objects.filter(stage="title_abstract").values_list("record_id", "status"))
    assert found == {first.pk: "excluded", second.pk: "conflict", third.pk: "unscreened"}
