"""Beginning again after a deadlock.

Where transactions wait for one another in a circle, PostgreSQL ends one of them after a second, and its manual
("Deadlocks") asks the application to try that one again. Locks are taken in one order to make this rare; what takes
places at both stages, or of records that are merged meanwhile, can't always keep to it.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

log = structlog.get_logger(__name__)

TRIES = 3
P = ParamSpec("P")
R = TypeVar("R")


def begun_again(act: Callable[P, R]) -> Callable[P, R]:
    """Make a function begin again, twice at most, whose transaction was ended to resolve a deadlock.

    It stands outside `transaction.atomic`, so that each try is a transaction of its own. Called within a transaction
    the function is not repeated: what its caller did before is lost with it. Raises OperationalError as `act` does.
    """

    @wraps(act)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(TRIES - 1):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
                    raise
                log.warning("begun_again_after_a_deadlock", act=f"{act.__module__}.{act.__qualname__}")
        return act(*args, **kwargs)

    return tried
