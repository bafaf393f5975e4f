"""The fixtures for journeys: a worker that really is another process, on this test's database and broker."""

import time

from celery import current_app

from tests.fixtures.workers import StartWorker, Worker


def _answers(within: float = 20) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if current_app.control.ping(timeout=1):
            return True
    return False


def test_a_worker_answers_over_the_broker(celery_worker: Worker) -> None:
    assert celery_worker.process.poll() is None
    assert _answers()


def test_a_killed_worker_is_gone_and_another_takes_its_place(start_worker: StartWorker) -> None:
    first = start_worker(queues="llm", concurrency=2)
    first.kill()
    assert first.process.poll() == -9
    start_worker(queues="llm", pool="prefork", concurrency=1)
    assert _answers()
