"""Calls that are made at once, each in a thread and on a connection of its own, for tests of what locks hold apart."""

import threading
from collections.abc import Callable
from time import monotonic, sleep

from django.db import connection


class Parallel:
    """Calls in threads of their own, each with a connection of its own; what each returned or raised, in order."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.results: dict[int, object] = {}

    def start(self, call: Callable[[], object]) -> threading.Thread:
        place = len(self.threads)

        def run() -> None:
            try:
                self.results[place] = call()
            except Exception as error:  # noqa: BLE001  (handed to the test, which looks at it)
                self.results[place] = error
            finally:
                connection.close()

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()
        return thread

    def finish(self) -> list[object]:
        for thread in self.threads:
            thread.join(20)
        assert not any(thread.is_alive() for thread in self.threads), "something waits for ever"
        return [self.results[place] for place in range(len(self.threads))]


def at_once(*calls: Callable[[], object]) -> list[object]:
    barrier, parallel = threading.Barrier(len(calls)), Parallel()
    for call in calls:
        parallel.start(lambda call=call: (barrier.wait(10), call())[1])
    return parallel.finish()


def until_somebody_waits(number: int = 1) -> None:
    """Return when so many other sessions of this database wait for a lock."""
    end = monotonic() + 10
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else the first answer is kept for the transaction
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= number:
                return
        sleep(0.02)
    raise AssertionError("nobody waits for a lock")


def failures(results: list[object]) -> list[object]:
    return [result for result in results if isinstance(result, Exception)]
