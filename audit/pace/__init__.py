"""Keeping to a model's pace (AI-10): the card's requests and tokens per minute over all workers, and holding back
when a provider says so, or fails most of the time. Waiting is the caller's: these verbs say for how many seconds.

The line of a card is reckoned by the generic cell rate algorithm in its virtual scheduling form (ITU-T I.371, annex A;
ATM Forum af-tm-0056, 4.4.2): one time for each limit, before which nobody may go, and which each call moves on by what
it takes. Nothing is let through early for requests (tolerance 0), so no minute has more of them than the card says.

A failure by itself holds nothing back but its own item: at a hundred calls a second there are always some.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from random import uniform
from time import monotonic
from typing import NamedTuple

from audit.models.model_card import ModelCard
from audit.pace import stores
from audit.pace.terms import LOOKED_BACK, PATIENCE, SECOND, Draw, Word

FRESH = 0.25  # seconds for which a process believes what it last heard of a card's hold


class Turn(NamedTuple):
    """When a call may go: in so many seconds. Not `ours`: nothing was drawn; draw again then."""

    seconds: float
    ours: bool


@dataclass(slots=True)
class _Heard:
    """What this process last heard of a card, by the monotonic clock, and what it has not yet told."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    at: float = float("-inf")
    held_until: float = 0.0
    answers: int = 0


_heard: defaultdict[str, _Heard] = defaultdict(_Heard)


def key_of(card: ModelCard) -> str:
    """The name of a card's line and holds in every store."""
    return f"card-{card.pk}"


def take(card: ModelCard, *, tokens: int) -> Turn:
    """Draw a turn for one call of about `tokens` tokens, behind those of all workers and behind any hold.

    A turn that is 5 seconds off is not drawn: come again. Call it outside of a transaction.
    """
    key = key_of(card)
    if not (card.requests_per_minute or card.tokens_per_minute):
        left = held(key)
        return Turn(left, left == 0)
    limits = {"requests_per_minute": card.requests_per_minute, "tokens_per_minute": card.tokens_per_minute}
    wait, ours = stores.draw(key, Draw.of(tokens=tokens, **limits))
    if ours:
        return Turn(wait / SECOND, ours=True)
    return Turn(max(0, wait - PATIENCE) / SECOND + uniform(0.1, 1.0), ours=False)  # noqa: S311  (spreads them)


def hold(key: str, seconds: float | None) -> None:
    """Let nobody ask `key` for `seconds`, as a provider has said, up to an hour.

    Without a number: a moment, twice as long each time until it answers, up to a minute, if it is not held already:
    the others who were in flight say the same. It is a failure, too, so that many of them break the circuit.
    """
    _tell(key, failed=seconds is None, hold=0 if seconds is None else int(max(seconds, 0.1) * SECOND))


def held(key: str) -> float:
    """For how many more seconds `key` is not to be asked, by what any worker was told up to FRESH seconds ago."""
    heard = _heard[key]
    if monotonic() - heard.at > FRESH and heard.lock.acquire(blocking=False):  # one asks, the others believe
        try:
            _tell(key)
        finally:
            heard.lock.release()
    return max(0.0, heard.held_until - monotonic())


def answered(key: str) -> None:
    """`key` works: the next hold starts short. It is told along with what is said or asked next."""
    _heard[key].answers += 1


def failed(key: str) -> None:
    """A call of `key` failed in a way that passes. If most do, it is held, each time longer (a circuit breaker)."""
    _tell(key, failed=True)


def forget() -> None:
    """Know nothing, as a process that begins: for tests, in which databases begin anew."""
    _heard.clear()
    stores.forget()


def _tell(key: str, *, failed: bool = False, hold: int | None = None) -> None:
    heard = _heard[key]
    answers, heard.answers = heard.answers, 0
    heard.at = monotonic()
    left = stores.tell(key, Word(min(answers, LOOKED_BACK), failed, hold)) / SECOND
    known = heard.held_until - monotonic()
    if known > left + FRESH:  # a hold never gets shorter: this store began after it
        left = stores.tell(key, Word(hold=int(known * SECOND))) / SECOND
    if left:
        heard.held_until = monotonic() + left
