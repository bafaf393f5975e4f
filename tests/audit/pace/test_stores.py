"""The broker's Redis goes in mid-flight and comes back: the pace holds, and nothing is lost."""

import threading
from collections import Counter

import pytest
import redis

from audit import pace
from audit.models.model_call import ModelCall
from audit.models.model_card import ModelCard
from audit.models.pace import Pace
from audit.pace import in_postgres, stores
from audit.pace.in_redis import PREFIX, address_of
from audit.pace.terms import SECOND, Draw
from screening.actions import suggestions
from screening.models.run import RunItem
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)
from tests.parallel import Parallel, at_once


@pytest.fixture
def limited(db):
    return ModelCard.objects.create(name="Model", model="openai/x", requests_per_minute=600)


@pytest.fixture
def server(own_broker, settings, monkeypatch):
    """A Redis of the test's own, which this process asks."""
    pace.forget()
    settings.CELERY_BROKER_URL = own_broker.address
    return own_broker


@pytest.fixture
def later(monkeypatch):
    """Let the stores' clock of this process go on by so many seconds."""
    passed = [0.0]
    clock = stores.monotonic
    monkeypatch.setattr(stores, "monotonic", lambda: clock() + passed[0])

    def go_on(seconds):
        passed[0] += seconds

    return go_on


def kept_in_redis(server, card):
    return redis.Redis.from_url(address_of(server.address)).exists(PREFIX + pace.key_of(card))


def test_without_redis_postgresql_keeps_the_pace_and_until_then_nobody_goes(server, limited, later):
    assert pace.take(limited, tokens=1) == (0.0, True)
    assert kept_in_redis(server, limited)
    assert not Pace.objects.exists()
    server.kill()
    assert not pace.take(limited, tokens=1).ours, "what was drawn from Redis may still be called"
    later(stores.CHANGE_OVER)
    turns = [pace.take(limited, tokens=1) for _ in range(3)]
    assert [turn.seconds for turn in turns] == pytest.approx([0, 0.1, 0.2], abs=0.1)
    assert Pace.objects.get().key == pace.key_of(limited)


def test_redis_is_used_again_when_it_is_back(server, limited, later):
    server.kill()
    pace.take(limited, tokens=1)
    later(stores.CHANGE_OVER)
    server.start()
    assert not pace.take(limited, tokens=1).ours, "what was drawn from PostgreSQL may still be called"
    assert not kept_in_redis(server, limited)
    later(stores.CHANGE_OVER)
    assert pace.take(limited, tokens=1).ours
    assert kept_in_redis(server, limited)


def test_a_hold_outlives_the_store_that_had_it(server, limited):
    key = pace.key_of(limited)
    pace.hold(key, 30)
    server.kill()
    pace._heard[key].at = float("-inf")  # asked long ago
    assert 29 < pace.held(key) <= 30
    pace._heard.clear()  # another worker, who has heard of it from nobody
    assert 29 < pace.held(key) <= 30


def test_a_redis_that_takes_nothing_is_left_for_postgresql_and_not_returned_to(server, limited, later):
    redis.Redis.from_url(address_of(server.address)).config_set("maxmemory", 1)
    pace.take(limited, tokens=1)
    for _ in range(3):
        later(stores.CHANGE_OVER)
        assert pace.take(limited, tokens=1).ours, "it went back and forth"


@pytest.mark.django_db(transaction=True)
def test_callers_on_several_connections_to_postgresql_get_a_turn_each():
    in_postgres.draw("many", Draw(SECOND, 0), lead=0)
    before = Pace.objects.get().requests_at

    def draw_some():
        return [in_postgres.draw("many", Draw(10_000, 0), lead=0)[1] for _ in range(25)]

    assert at_once(draw_some, draw_some) == [[True] * 25] * 2
    assert Pace.objects.get().requests_at - before == 50 * 10_000, "none was lost, none drawn twice"


@pytest.mark.django_db(transaction=True)
def test_no_item_is_lost_when_redis_is_killed_in_mid_run(server, model_server, monkeypatch):  # noqa: F811
    monkeypatch.setattr(stores, "CHANGE_OVER", 0.2)
    review = assisting.review()
    for _ in range(12):
        builders.record(review)
    run = assisting.start(assisting.llm(review, model_server, "screener+delay-50", requests_per_minute=6_000))
    items = iter(RunItem.objects.filter(run=run).values_list("id", flat=True))
    killed, lock = threading.Event(), threading.Lock()

    def work():
        while True:
            with lock:
                item_id = next(items, None)
            if item_id is None:
                return
            if model_server.stats.calls >= 4 and not killed.is_set():
                killed.set()
                server.kill()
            suggestions.make(item_id=item_id)

    workers = Parallel()
    for _ in range(3):
        workers.start(work)
    assert workers.finish() == [None] * 3
    assert killed.is_set()
    assert Counter(RunItem.objects.values_list("status", flat=True)) == {"done": 12}
    assert Suggestion.objects.count() == ModelCall.objects.count() == model_server.stats.calls == 12
    assert Pace.objects.exists(), "PostgreSQL kept the pace of the rest"
