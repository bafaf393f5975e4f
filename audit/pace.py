"""Keeping to a model's pace (AI-10): the card's requests and tokens per minute over all workers, and holding back
when a provider says so, or fails most of the time. Waiting is the caller's: these verbs say for how many seconds.

A failure by itself holds nothing back but its own item: at a hundred calls a second there are always some.
"""

import threading
from collections import defaultdict, deque
from time import monotonic

from django.db import connection
from django.utils import timezone

from audit.models.model_card import ModelCard, Pace

# A place in the line is drawn in one UPDATE: what has flowed in since the last draw is added, up to the burst, and what
# this call needs is taken. A bucket below zero is a line of callers, and says how long the last of them has to wait.
FLOWN = "GREATEST(0, EXTRACT(EPOCH FROM clock_timestamp() - p.refilled_at))::float / 60"
TAKE = f"""
UPDATE audit_pace p
   SET requests_left = LEAST(%(burst)s, p.requests_left + {FLOWN} * COALESCE(c.requests_per_minute, 0)) - 1,
       tokens_left = LEAST(COALESCE(c.tokens_per_minute, 0) * %(burst_minutes)s,
                           p.tokens_left + {FLOWN} * COALESCE(c.tokens_per_minute, 0)) - %(tokens)s,
       refilled_at = GREATEST(clock_timestamp(), p.refilled_at)
  FROM audit_modelcard c
 WHERE p.card_id = %(card)s AND c.id = p.card_id
RETURNING -60 * p.requests_left / c.requests_per_minute, -60 * p.tokens_left / c.tokens_per_minute
"""  # noqa: S608  (constants of this file)
BURST = 1.0  # requests at once after a rest: providers count in shorter spans than they say
BURST_MINUTES = 0.1
LONGEST_HOLD = 60.0  # seconds
LOOKED_BACK, TOO_MANY = 20, 10  # of so many outcomes of late, so many failures: the server is in trouble

_lock = threading.Lock()
_held: dict[str, tuple[float, float]] = {}  # key -> (until, by the monotonic clock; how long it was)
_failed: dict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=LOOKED_BACK))  # key -> whether the last calls failed


def take(card: ModelCard, *, tokens: int) -> float:
    """Draw a place for one call of about `tokens` tokens; the seconds to wait for it, 0 if the card sets no limit.

    Call it outside of a transaction: the bucket's row is locked until the commit.
    """
    if not (card.requests_per_minute or card.tokens_per_minute):
        return 0.0
    Pace.objects.get_or_create(
        card=card, defaults={"requests_left": BURST, "tokens_left": 0, "refilled_at": timezone.now()}
    )
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"card": card.pk, "tokens": tokens, "burst": BURST, "burst_minutes": BURST_MINUTES})
        row = cursor.fetchone() or (0, 0)
    return max(0.0, *(float(wait) for wait in row if wait is not None))


def hold(key: str, seconds: float | None) -> None:
    """Let this process not ask `key` for `seconds`; without a number, twice as long as last time, up to a minute."""
    with _lock:
        until, last = _held.get(key, (0.0, 0.5))
        if until > monotonic():
            return  # the others who were in flight say the same
        length = min(LONGEST_HOLD, last * 2 if seconds is None else max(seconds, 0.1))
        _held[key] = (monotonic() + length, length)


def held(key: str) -> float:
    """For how many more seconds `key` is not to be asked."""
    until, _ = _held.get(key, (0.0, 0.0))
    return max(0.0, until - monotonic())


def answered(key: str) -> None:
    """`key` works: the next hold starts short."""
    with _lock:
        _failed[key].append(False)
        if key in _held and held(key) == 0:
            _held.pop(key)


def failed(key: str) -> None:
    """A call of `key` failed in a way that passes. If most do, it is held, each time longer (a circuit breaker)."""
    with _lock:
        _failed[key].append(True)
        mostly = sum(_failed[key]) >= TOO_MANY
        if mostly:
            _failed[key].clear()  # after the hold it is judged anew
    if mostly:
        hold(key, None)
