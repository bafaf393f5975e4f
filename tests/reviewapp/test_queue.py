"""The doorbell when nobody can hear it."""

from time import monotonic

import pytest

from reviewapp import queue
from reviewapp.celery import app

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def dead_broker(monkeypatch):
    """Sends go to a port where nobody listens; yields the list of tries."""
    tried = []

    def send(*args, **kwargs):
        tried.append(args)
        with app.connection_for_write(NOBODY) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0.1)

    monkeypatch.setattr(app, "send_task", send)
    monkeypatch.setattr(queue, "_silent_until", 0.0)
    return tried


def test_a_broker_that_is_down_is_tried_once_and_then_left_alone_for_a_while(dead_broker):
    queue._ring("screening.sweep", {})
    began = monotonic()
    queue._ring("screening.sweep", {})
    assert len(dead_broker) == 1
    assert monotonic() - began < 0.1


def test_after_a_while_it_is_tried_again(dead_broker, monkeypatch):
    queue._ring("screening.sweep", {})
    monkeypatch.setattr(queue, "_silent_until", monotonic() - 1)
    queue._ring("screening.sweep", {})
    assert len(dead_broker) == 2
