"""Which store has the pace: the broker's Redis while it answers, PostgreSQL while it doesn't, or where there is none.

At a change over from one to the other nobody is called for as long as what was drawn from the one may still be called
(CHANGE_OVER). So the limit holds across it too, although the stores know nothing of one another.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import structlog
from django.conf import settings

from audit.pace import in_postgres
from audit.pace.terms import PATIENCE, SECOND, AwayError, Draw, Word

if TYPE_CHECKING:
    from audit.pace.in_redis import Store

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

TRIED_EVERY = 1.0  # seconds: a Redis that was away
CHANGE_OVER = PATIENCE / SECOND + TRIED_EVERY  # seconds: the last worker may notice so much later than the first


@dataclass(slots=True)
class _Seen:
    """What this process knows of its Redis."""

    away: bool = False
    try_at: float = 0.0
    changed_over_at: float = 0.0


_lock = threading.Lock()
_seen = _Seen()


def draw(key: str, wanted: Draw) -> tuple[int, bool]:
    """How long until the caller's turn, in microseconds, and whether it was drawn."""
    return _first(
        lambda redis: redis.draw(key, wanted, lead=_lead()), lambda: in_postgres.draw(key, wanted, lead=_lead())
    )


def tell(key: str, word: Word) -> int:
    """Store what this process says of a card; for how much longer that is held, in microseconds."""
    return _first(lambda redis: redis.tell(key, word), lambda: in_postgres.tell(key, word))


def forget() -> None:
    """Know nothing of any store, as a process that begins."""
    _set(away=False, changed_over_at=0.0)
    _store.cache_clear()


def _first(of_redis: "Callable[[Store], Answer]", of_postgres: Callable[[], Answer]) -> Answer:
    redis = _store(str(settings.CELERY_BROKER_URL))
    if redis and _answers(redis):
        try:
            return of_redis(redis)
        except AwayError as error:
            _changed(away=True, why=str(error))
    return of_postgres()


@lru_cache(maxsize=4)
def _store(broker: str) -> "Store | None":
    from audit.pace.in_redis import Store, address_of

    address = address_of(broker)
    return Store(address) if address else None


def _answers(redis: "Store") -> bool:
    """Whether to ask it. One that was away is tried by one caller in TRIED_EVERY seconds, with all that is asked."""
    with _lock:
        if not _seen.away:
            return True
        if monotonic() < _seen.try_at:
            return False
        _seen.try_at = monotonic() + TRIED_EVERY
    try:
        redis.draw("tried", Draw(0, 0), lead=0)
    except AwayError:
        return False
    _changed(away=False)
    return True


def _changed(*, away: bool, why: str = "") -> None:
    with _lock:
        if _seen.away == away:
            return  # another thread was first
        _set(away=away, changed_over_at=monotonic() + CHANGE_OVER)
    if away:
        log.warning("pace_redis_away", mend="PostgreSQL keeps the pace until it answers again", error=why)
    else:
        log.info("pace_redis_back")


def _set(*, away: bool, changed_over_at: float) -> None:
    _seen.away, _seen.try_at, _seen.changed_over_at = away, monotonic() + TRIED_EVERY, changed_over_at


def _lead() -> int:
    return max(0, int((_seen.changed_over_at - monotonic()) * SECOND))
