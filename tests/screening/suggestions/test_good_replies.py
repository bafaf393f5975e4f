"""A run over a well-behaved model: one immutable suggestion per record, with quotes that stand in the text."""

import html

import pytest

from audit.models.event import Event
from audit.models.model_call import ModelCall, ModelOutcome
from screening.actions import runs
from screening.enums import ItemStatus, RunStatus
from screening.models.decision import Decision
from screening.models.run import RunItem
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(model_server):  # noqa: F811
    review = assisting.review()
    for _ in range(3):
        builders.record(review, abstract="We randomised adults with asthma. Nothing else is said.")
    run = assisting.start(assisting.llm(review, model_server))
    assisting.work(run)
    return run


def test_every_record_gets_one_suggestion_and_the_run_ends(run):
    assert run.status == RunStatus.FINISHED
    assert set(RunItem.objects.values_list("status", flat=True)) == {ItemStatus.DONE}
    assert Suggestion.objects.filter(review=run.review).count() == 3


def test_each_criterion_is_judged_and_its_quotes_are_found_in_the_stored_text(run):
    suggestion = Suggestion.objects.select_related("record").first()
    judgements = list(suggestion.judgements.select_related("criterion"))
    assert [judgement.criterion.key for judgement in judgements] == ["adults", "randomised"]
    for quote in (quote for judgement in judgements for quote in judgement.quotes):
        assert quote["verified"]
        assert getattr(suggestion.record, quote["field"])[quote["start"] : quote["end"]] == quote["text"]


def test_each_suggestion_names_the_call_that_it_stands_on_and_the_model_that_answered(run):
    for suggestion in Suggestion.objects.all():
        outcome = ModelOutcome.objects.get(call_id=suggestion.call_id)
        assert (outcome.state, suggestion.answered_by) == (ModelOutcome.ANSWERED, "screener")


def test_the_page_of_a_record_leads_to_its_prompt_its_reply_and_its_cost(run, client):
    suggestion = Suggestion.objects.select_related("record").first()
    client.force_login(run.created_by)
    own = f"/reviews/{run.review_id}/suggestions/{suggestion.pk}/"
    assert own in client.get(suggestion.record.get_absolute_url()).content.decode()
    address = f"/reviews/{run.review_id}/audit/calls/{suggestion.call_id}/"
    assert address in client.get(own).content.decode()
    call = client.get(address).content.decode()
    assert "Nothing else is said." in call
    assert ModelOutcome.objects.get(call_id=suggestion.call_id).reply[:20] in html.unescape(call)
    assert "Cost" in call


def test_nothing_is_decided(run):
    assert not Decision.objects.exists()


def test_the_ledger_names_the_assistant_and_no_verdict(run):
    events = Event.objects.filter(type="record.suggested")
    assert {event.actor_kind for event in events} == {"worker"}
    assert {event.record_id for event in events} == set(Suggestion.objects.values_list("record_id", flat=True))
    assert not any("include" in str(event.data) or "exclude" in str(event.data) for event in events)


def test_a_doorbell_that_rings_again_changes_nothing(run):
    assisting.work(run)
    assert (ModelCall.objects.count(), Suggestion.objects.count()) == (3, 3)


def test_the_key_reaches_the_server_and_no_stored_row(run, model_server):  # noqa: F811
    assert set(model_server.stats.keys) == {"Bearer test-key"}
    stored = [str(call.__dict__) for call in ModelCall.objects.all()]
    stored += [str(event.__dict__) for event in Event.objects.all()]
    assert not any("test-key" in row for row in stored)


def test_a_second_run_pays_only_for_what_has_no_suggestion(run, model_server):  # noqa: F811
    with pytest.raises(runs.RunRefusedError, match="nothing to do"):
        assisting.start(run.assistant)
    builders.record(run.review)
    again = assisting.start(run.assistant)
    assisting.work(again)
    assert model_server.stats.calls == 4
