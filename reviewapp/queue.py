"""The doorbell: ask a worker to look at the database, by task name and after commit.

Going by name keeps actions from importing tasks (which import actions). A broker that is down loses nothing: the work
is a row already, and the sweeper rings again.
"""

from functools import partial

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from reviewapp.celery import app

log = structlog.get_logger(__name__)


def enqueue(task: str, /, **kwargs: int | str) -> None:
    """Ring for `task` once the current transaction is committed. Arguments are primitive: ids, never objects."""
    transaction.on_commit(partial(_ring, task, kwargs), robust=True)


def ring_many(task: str, /, *, argument: str, values: list[int]) -> None:
    """Ring once for each value, over one broker connection, after commit."""
    transaction.on_commit(partial(_ring_many, task, argument, values), robust=True)


def _ring(task: str, kwargs: dict[str, int | str]) -> None:
    try:
        app.send_task(task, kwargs=kwargs, ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", task=task, mend="the sweeper rings again in half a minute", error=str(error))


def _ring_many(task: str, argument: str, values: list[int]) -> None:
    try:
        with app.producer_pool.acquire(block=True) as producer:
            for value in values:
                app.send_task(task, kwargs={argument: value}, ignore_result=True, retry=False, producer=producer)
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", task=task, mend="the sweeper rings again in half a minute", error=str(error))
