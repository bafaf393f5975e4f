"""The door to public databases: who is let through, how fast, and what is never shown."""

import logging
import threading
from itertools import pairwise
from time import sleep

import pytest

from reviewapp import outside
from reviewapp.outside import DOOR, TURN, OutsideError, TakenError
from tests.search_server import SearchServer
from tests.searched import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with SearchServer() as running:
        settings.SEARCHES_ON, settings.SEARCH_ALLOWED_HOSTS = True, ["127.0.0.1"]
        yield running


def ask(server, term="asthma", pause=0.0, waits=True, **fields):
    address = f"{server.address}/eutils/"
    return outside.post(address, "esearch.fcgi", {"term": term, **fields}, pause=pause, waits=waits)


def test_it_is_off_by_default(server, settings):
    from reviewapp.settings import Environment

    assert Environment.model_fields["searches"].default is False
    settings.SEARCHES_ON = False
    with pytest.raises(OutsideError, match="switched off"):
        ask(server)
    assert server.asked == []


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("https://evil.example.org/", "not among"),
        ("https://127.0.0.1@evil.example.org/", "not among"),
        ("http://eutils.ncbi.nlm.nih.gov/", "does not begin with https"),
        ("file:///etc/passwd", "not among"),
        ("", "not among"),
    ],
)
def test_only_named_hosts_are_asked_and_others_than_this_machine_by_tls(server, settings, base, said):
    settings.SEARCH_ALLOWED_HOSTS = ["127.0.0.1", "eutils.ncbi.nlm.nih.gov"]
    with pytest.raises(OutsideError, match=said):
        outside.post(base, "esearch.fcgi", {}, pause=0)


def test_the_key_is_in_no_address_no_message_and_no_log(server, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(OutsideError) as caught:
        ask(server, "down", api_key="s3cret")
    ask(server, api_key="s3cret")
    assert "s3cret" not in caplog.text + str(caught.value)
    assert all("s3cret" not in path for path, _, _ in server.asked)


@pytest.mark.parametrize("word", ["busy", "down"])
def test_what_may_pass_is_marked_so_with_the_time_that_is_asked_for(server, word):
    with pytest.raises(OutsideError) as caught:
        ask(server, word)
    assert (caught.value.passing, caught.value.after) == (True, 1.0 if word == "busy" else None)


def test_a_redirect_is_not_followed(server):
    with pytest.raises(OutsideError, match="not followed") as caught:
        ask(server, "redirect")
    assert not caught.value.passing
    assert len(server.asked) == 1


@pytest.mark.parametrize("word", ["huge", "packed"])
def test_a_reply_is_broken_off_at_its_limit_packed_or_not(server, settings, word):
    """The packed one would be a gigabyte."""
    settings.SEARCH_MAX_REPLY_BYTES = 2**20
    with pytest.raises(OutsideError, match="larger than 1 MB"):
        ask(server, word)


def test_nobody_there_is_a_passing_fault_that_says_what_to_do(settings):
    settings.SEARCHES_ON, settings.SEARCH_ALLOWED_HOSTS = True, ["127.0.0.1"]
    with pytest.raises(OutsideError, match="network is closed") as caught:
        outside.post("http://127.0.0.1:9/", "x", {}, pause=0)
    assert caught.value.passing


def test_requests_keep_the_pause_between_them(server):
    for _ in range(3):
        ask(server, pause=0.12)
    moments = [moment for _, _, moment in server.asked]
    assert all(after - before >= 0.119 for before, after in pairwise(moments))


def test_who_finds_a_host_taken_and_another_waiting_is_sent_away_at_once(server):
    with held(TURN), held(DOOR), pytest.raises(TakenError, match="waits for its turn") as caught:
        ask(server)
    assert (caught.value.passing, caught.value.after) == (True, 3.0)
    assert server.asked == []
    ask(server)


def test_who_has_had_a_turn_does_not_wait_for_another(server):
    with held(TURN), pytest.raises(TakenError):
        ask(server, waits=False)
    ask(server, waits=False)


def test_one_waits_and_is_next(server):
    with held(TURN) as release:
        threading.Timer(0.2, release).start()
        ask(server)
    assert len(server.asked) == 1
    with held(DOOR), held(TURN):
        pass  # it left both


@pytest.mark.django_db(transaction=True)
def test_workers_take_turns(server):
    from django.db import connection

    def worker():
        while True:
            try:
                ask(server, pause=0.05)
                break
            except TakenError:
                sleep(0.01)
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(server.asked), server.most_in_flight) == (4, 1)
