"""The doorbell: ask a worker to look at the database, by task name and after commit.

Going by name keeps actions from importing tasks (which import actions). A broker that is down loses nothing: the work
is a row already, and the sweeper rings again.
"""

import sys
from functools import partial
from time import monotonic
from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import ChannelError, OperationalError

from reviewapp.celery import app

log = structlog.get_logger(__name__)

ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
"""A kept connection that a restarted broker has forgotten fails at once and is made anew."""
QUIET_AFTER_FAILURE = 15.0
"""Seconds for which nobody rings after a broker could not be reached: a person would wait for each try."""
_silent_until = 0.0


def enqueue(task: str, /, **kwargs: int | str) -> None:
    """Ring for `task` once the current transaction is committed. Arguments are primitive: ids, never objects."""
    transaction.on_commit(partial(_ring, task, kwargs), robust=True)


def ring_later(task: str, /, *, seconds: float, **kwargs: int | str) -> None:
    """Ring for `task` after commit and about `seconds`. Keep it short: a worker holds the message meanwhile."""
    transaction.on_commit(partial(_ring, task, kwargs, countdown=seconds), robust=True)


def ring_many(task: str, /, *, argument: str, values: list[int]) -> None:
    """Ring once for each value, after commit."""
    for value in values:
        enqueue(task, **{argument: value})


def _ring(task: str, kwargs: dict[str, int | str], countdown: float | None = None) -> None:
    global _silent_until  # noqa: PLW0603  (one broker, one memory of it per process)
    if monotonic() < _silent_until:
        return
    try:
        app.send_task(task, kwargs=kwargs, ignore_result=True, retry=True, retry_policy=ONCE_MORE, countdown=countdown)
    except (OperationalError, OSError) as error:
        _silent_until = monotonic() + QUIET_AFTER_FAILURE
        log.warning("broker_unreachable", task=task, mend="the sweeper rings again in half a minute", error=str(error))


def pending(queue: str) -> int:
    """How many messages wait in a queue; 0 when it is empty. A broker that can't be asked counts as full."""
    try:
        with app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:  # an empty list does not exist in Redis
        return 0
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", queue=queue, error=str(error))
        return sys.maxsize
