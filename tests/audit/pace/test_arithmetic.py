"""Whatever is drawn in whatever order, no span has more than its share; and the two stores reckon alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.pace import in_postgres
from audit.pace.in_redis import PREFIX, Store, address_of
from audit.pace.terms import PATIENCE, SECOND, SLACK, Draw, Word

few = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
lengths = st.integers(0, 2 * SECOND)
draws = st.lists(st.builds(Draw, lengths, lengths), min_size=2, max_size=12)
words = st.lists(
    st.builds(Word, st.integers(0, 25), st.booleans(), st.none() | st.integers(0, 90).map(lambda n: n * SECOND)),
    max_size=30,
)
numbers = iter(range(10**6))


@pytest.fixture
def store(broker):
    return Store(address_of(broker))


@few
@given(per_minute=st.integers(1, 10**6), tokens=st.integers(0, 10**6))
def test_what_a_call_takes_is_never_less_than_its_share(per_minute, tokens):
    drawn = Draw.of(tokens=tokens, requests_per_minute=per_minute, tokens_per_minute=per_minute)
    assert 0 <= drawn.request * per_minute - 60 * SECOND < per_minute
    assert 0 <= drawn.tokens * per_minute - 60 * SECOND * tokens < per_minute


def shares_are_kept(draw, turn_of, drawn):
    turns = []
    for one in drawn:
        wait, ours = draw(one)
        assert ours == (wait <= PATIENCE)
        if ours:
            turns.append((turn_of(one), one))
    for first, (began, _) in enumerate(turns):
        for last in range(first + 1, len(turns)):
            span, before = turns[last][0] - began, [one for _, one in turns[first:last]]
            assert span >= sum(one.request for one in before)
            assert span + SLACK >= sum(one.tokens for one in before)


@few
@given(drawn=draws)
def test_no_span_has_more_than_its_share_in_redis(store, broker, drawn):
    key, client = f"shares-{next(numbers)}", redis.Redis.from_url(address_of(broker))
    shares_are_kept(
        lambda one: store.draw(key, one, lead=0),
        lambda one: int(client.hget(PREFIX + key, "requests_at")) - one.request,
        drawn,
    )


@pytest.mark.django_db
@few
@given(drawn=draws)
def test_no_span_has_more_than_its_share_in_postgresql(drawn):
    key = f"shares-{next(numbers)}"

    def turn_of(one):
        with connection.cursor() as cursor:
            cursor.execute("SELECT requests_at - %s, turn_at FROM audit_pace WHERE key = %s", [one.request, key])
            start, turn = cursor.fetchone()
        assert start == turn
        return turn

    shares_are_kept(lambda one: in_postgres.draw(key, one, lead=0), turn_of, drawn)


@pytest.mark.django_db
@few
@given(said=words)
def test_both_stores_make_the_same_of_what_they_are_told(store, said):
    key = f"told-{next(numbers)}"
    for word in said:
        assert store.tell(key, word) == pytest.approx(in_postgres.tell(key, word), abs=0.3 * SECOND)


@pytest.mark.parametrize("lead", [0, 3 * SECOND])
def test_callers_on_several_connections_get_a_turn_each(broker, lead):
    key, client = f"many-{next(numbers)}", redis.Redis.from_url(address_of(broker))
    stores = [Store(address_of(broker)) for _ in range(2)]
    first, _ = stores[0].draw(key, Draw(SECOND, 0), lead=lead)
    before = int(client.hget(PREFIX + key, "requests_at"))
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda n: stores[n % 2].draw(key, Draw(10_000, 0), lead=0), range(100)))
    assert all(ours for _, ours in drawn)
    assert int(client.hget(PREFIX + key, "requests_at")) - before == 100 * 10_000, "none was lost, none drawn twice"
    assert lead <= first <= lead + SECOND


def test_a_line_is_forgotten_when_nobody_needs_it(store, broker):
    client = redis.Redis.from_url(address_of(broker))
    store.draw("short", Draw(SECOND, 0), lead=0)
    store.tell("held", Word(hold=600 * SECOND))
    assert 599 < client.ttl(PREFIX + "short") <= 601
    assert 1198 < client.ttl(PREFIX + "held") <= 1200


@pytest.mark.parametrize(
    ("broker_url", "address"),
    [
        ("redis://:pa%40ss@redis.example.org:6379/2", "redis://:pa%40ss@redis.example.org:6379/2"),
        ("rediss://h:6379/0?ssl_cert_reqs=CERT_REQUIRED", "rediss://h:6379/0?ssl_cert_reqs=required"),
        ("redis+socket:///run/redis.sock?virtual_host=3", "unix:///run/redis.sock?db=3"),
        ("amqp://guest@localhost//", None),
        ("memory://", None),
        ("sentinel://a:26379;sentinel://b:26379", None),
        ("redis://a;redis://b", None),
    ],
)
def test_the_broker_s_address_as_the_client_writes_it(broker_url, address):
    assert address_of(broker_url) == address
    if address:
        Store(address)  # takes it; connects when it is asked
