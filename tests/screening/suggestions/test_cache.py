"""An identical question is asked once: a later one stands on the reply that is there, and says so (AI-10)."""

import pytest

from audit import integrity, pace
from audit.models.model_call import ModelCall
from screening.actions import assistants, reviews
from screening.models.run import RunItem
from screening.models.suggestion import Suggestion
from screening.prompts.screening import PROMPT_VERSION
from screening.running import replies, turns
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(model_server):  # noqa: F811
    """A run over two records that was answered."""
    review = assisting.review()
    for _ in range(2):
        builders.record(review)
    run = assisting.start(assisting.llm(review, model_server, price_in="1", price_out="2"))
    assisting.work(run)
    assert model_server.stats.calls == 2
    return run


def another(run, **parameters):
    """A run of another assistant of the same model, over the same records."""
    made = run.assistant
    offer = next(one for one in assistants.available_models() if one.card_id == made.card_id)
    again = assistants.create(
        review=run.review, name="Another", engine="llm", offer=offer, by=run.created_by, parameters=parameters
    )
    return assisting.start(again)


def test_an_identical_question_of_another_run_is_not_asked_again_and_says_so(first, model_server, client):  # noqa: F811
    second = another(first)
    assisting.work(second)
    assert (model_server.stats.calls, ModelCall.objects.count()) == (2, 2)
    old, new = (Suggestion.objects.filter(item__run=run).order_by("record") for run in (first, second))
    assert [one.call_id for one in new] == [one.call_id for one in old]
    assert {one.replayed for one in old} == {False}
    assert {one.replayed for one in new} == {True}
    assert [one.proposed_verdict for one in new] == [one.proposed_verdict for one in old]
    assert not [result.findings.first for result in integrity.verify() if result.findings.bad]
    client.force_login(first.created_by)
    page = client.get(f"/reviews/{first.review_id}/ai/runs/{second.pk}/").content.decode()
    assert "Used again" in page


def test_a_reply_that_is_there_takes_no_turn(first, model_server, monkeypatch):  # noqa: F811
    first.assistant.card.requests_per_minute = 60
    first.assistant.card.save()
    turns.kept_line.cache_clear()
    monkeypatch.setattr(pace, "take", lambda *_, **__: pytest.fail("it waited to be asked about"))
    assisting.work(another(first))
    assert Suggestion.objects.filter(replayed=True).count() == 2


def test_a_text_that_changed_is_asked_about(first, model_server):  # noqa: F811
    item = RunItem.objects.filter(run=first).first()
    item.record.abstract = "It says something else now."
    item.record.save()
    assisting.work(another(first))
    assert model_server.stats.calls == 3


def test_a_review_that_may_not_be_sent_any_more_gets_no_reply_from_the_store_either(first, model_server):  # noqa: F811
    second = another(first)
    reviews.change(review=first.review, by=first.created_by, may_be_sent_to_ai=False)
    assisting.work(second)
    assert not Suggestion.objects.filter(item__run=second).exists()


def test_another_review_s_replies_are_not_used(first, model_server):  # noqa: F811
    other = assisting.review()
    record = RunItem.objects.filter(run=first).first().record
    builders.record(other, title=record.title, abstract=record.abstract)
    offer = next(one for one in assistants.available_models() if one.card_id == first.assistant.card_id)
    made = assistants.create(review=other, name="Same model", engine="llm", offer=offer, by=other.created_by)
    assisting.work(assisting.start(made))
    assert model_server.stats.calls == 3


def test_a_repeat_is_asked_anew_and_finds_its_own_reply_after_a_crash(first, model_server):  # noqa: F811
    done = RunItem.objects.filter(run=first).first()
    RunItem.objects.create(run=first, record=done.record, repeat=1)
    type(first).objects.filter(pk=first.pk).update(status="running")
    repeat = RunItem.objects.get(run=first, repeat=1)
    assisting.work(first)
    assert model_server.stats.calls == 3
    own = ModelCall.objects.get(subject_id=repeat.pk)
    assert own.prompt_sha256 == ModelCall.objects.get(subject_id=done.pk).prompt_sha256
    assert own.cache_key != ModelCall.objects.get(subject_id=done.pk).cache_key


def test_the_delimiter_is_of_what_is_asked_about_and_can_not_be_known(settings):
    fences = {replies.fence("title_abstract", 1, record, 0, PROMPT_VERSION) for record in range(50)}
    assert len(fences) == 50
    before = replies.fence("title_abstract", 1, 2, 0)
    settings.SECRET_KEY = "another"
    assert replies.fence("title_abstract", 1, 2, 0) != before


def test_a_reply_that_could_not_be_used_is_no_answer_to_a_later_run(model_server):  # noqa: F811
    review = assisting.review()
    builders.record(review)
    run = assisting.start(assisting.llm(review, model_server, "babble-2"))
    assisting.work(run)
    assert RunItem.objects.get(run=run).status == "failed"
    later = another(run)
    assisting.work(later)
    assert (RunItem.objects.get(run=later).status, model_server.stats.calls) == ("done", 3)
    assert not Suggestion.objects.get().replayed
