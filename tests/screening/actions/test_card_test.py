"""Trying a model out: by a worker, once, recorded as any call, with nobody's text in it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit import calls, cards
from audit.models.event import Event
from audit.models.model_call import ModelCall
from audit.models.model_card import ModelCard
from screening.actions import card_test
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
SECRET = "sk-a-very-secret-key-0123456789"


def card(server, model="openai/screener", **fields):
    made = {"name": "Model", "model": model, "api_base": server.address, "key": SECRET, "timeout_seconds": 20, **fields}
    return cards.approve(card=ModelCard.objects.create(**made), by=assisting.administrator())


def tried(made):
    asked = card_test.ask_for_test(card=made, by=assisting.administrator())
    card_test.answer(card_id=made.pk, event_id=asked.pk)
    return Event.objects.get(type="model.tested", data__test=asked.pk)


def test_a_test_is_one_recorded_call_that_holds_no_text_of_a_review(model_server):  # noqa: F811
    made = card(model_server)
    event = tried(made)
    call = ModelCall.objects.select_related("outcome").get()
    assert (call.purpose, call.subject_type, call.subject_id) == ("connection_test", "audit.modelcard", made.pk)
    assert (call.review_id, call.outcome.state) == (None, "answered")
    assert [message["role"] for message in call.messages] == ["user"]
    assert (event.data["works"], event.data["call"], event.actor_kind) == (True, call.pk, "worker")
    assert model_server.stats.keys == [f"Bearer {SECRET}"]


def test_a_bell_that_rings_twice_asks_once_and_another_test_asks_anew(model_server):  # noqa: F811
    made = card(model_server)
    event = tried(made)
    card_test.answer(card_id=made.pk, event_id=event.data["test"])
    assert (model_server.stats.calls, Event.objects.filter(type="model.tested").count()) == (1, 1)
    tried(made)
    assert model_server.stats.calls == 2


def test_a_worker_that_dies_in_between_leaves_no_call_without_its_outcome_and_no_second_one(model_server, monkeypatch):  # noqa: F811
    made = card(model_server)
    asked = [card_test.ask_for_test(card=made, by=assisting.administrator()) for _ in range(2)]
    with monkeypatch.context() as dying:
        dying.setattr(calls, "_answered", died)
        with pytest.raises(SystemExit):
            card_test.answer(card_id=made.pk, event_id=asked[0].pk)
    with monkeypatch.context() as dying:
        dying.setattr(card_test.events, "record", died)
        with pytest.raises(SystemExit):
            card_test.answer(card_id=made.pk, event_id=asked[1].pk)
    monkeypatch.setattr(card_test, "TO_RECORD", timedelta(seconds=-made.timeout_seconds))
    card_test.answer(card_id=made.pk, event_id=asked[1].pk)
    assert model_server.stats.calls == 2
    states = ModelCall.objects.order_by("id").values_list("outcome__state", flat=True)
    assert list(states) == ["unknown", "answered"]


def died(*_, **__):
    raise SystemExit


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"model": "openai/error-401"}, "does not accept the key"),
        ({"model": "openai/html"}, "no reply of a model"),
        ({"api_base": "http://127.0.0.1:9/v1"}, "can't be reached"),
    ],
)
def test_what_went_wrong_is_said_and_kept_without_the_key(model_server, fields, words):  # noqa: F811
    event = tried(card(model_server, **fields))
    assert not event.data["works"]
    assert words in event.data["said"]
    assert SECRET not in str(event.data)
    assert ModelCall.objects.get().outcome.state in {"failed", "unknown"}


def test_a_model_that_may_not_be_called_is_not_tried_either(model_server):  # noqa: F811
    made = card(model_server)
    asked = card_test.ask_for_test(card=made, by=assisting.administrator())
    cards.withdraw(card=made, by=assisting.administrator(), why="No more")
    with pytest.raises(cards.CardRefusedError, match="only approved models are called"):
        card_test.ask_for_test(card=made, by=assisting.administrator())
    card_test.answer(card_id=made.pk, event_id=asked.pk)
    assert "is not approved any more" in Event.objects.get(type="model.tested").data["said"]
    assert (model_server.stats.calls, ModelCall.objects.count()) == (0, 0)


def test_only_administrators_try_models(model_server):  # noqa: F811
    with pytest.raises(PermissionDenied):
        card_test.ask_for_test(card=card(model_server), by=builders.user())


def test_the_page_waits_for_the_worker_and_shows_what_it_found(model_server, client):  # noqa: F811
    made = card(model_server)
    client.force_login(assisting.administrator())
    page = f"/models/{made.pk}/"
    assert "Not tried yet" in client.get(page).content.decode()
    client.post(f"{page}test/")
    waiting = client.get(page).content.decode()
    assert "a worker is asking the model" in waiting
    assert f'hx-get="{page}?part=test"' in waiting
    card_test.answer(card_id=made.pk, event_id=Event.objects.get(type="model.test_asked").pk)
    part = client.get(f"{page}?part=test").content.decode()
    assert "It works: screener replied" in part
    assert "hx-get" not in part
    assert "<html" not in part
