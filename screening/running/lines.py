"""Which model an item is asked of: its assistant's own, or a fallback where those before it do not answer (AI-10).

Where an item stands is in its row (`RunItem.line`). It moves on by going back to wait, so that this is on record before
the next model is asked: a crash changes nothing, and a reply that came is found again. It moves on where a model is not
to be had as its card stands (`ModelAway`), and after PASSING failures in a row that pass. What is wrong with a text, or
with a reply, is no reason: another model is not asked until one says what fits.

A repeat measures one model, and is asked of the one that gave the first answer.
"""

import threading
from dataclasses import dataclass
from time import monotonic
from typing import Any

from audit.models.model_card import ModelCard
from reviewapp.ai.errors import AIError, ModelAway, RateLimited, Unreachable
from screening.models.assistant import Assistant
from screening.models.run import RunItem
from screening.queries.assistants.endpoints import fallbacks_of
from screening.running.claims import Claim

PASSING = 3  # failures in a row of one item
IN_A_ROW = 3  # items that moved on from a model that answered nothing between: it is asked nothing for a while
AWAY_FOR, LONGEST_AWAY = 60.0, 900.0  # seconds, twice as long each time


@dataclass(slots=True)
class _Away:
    """A model that items moved on from: how many in a row, until when others do so without asking, and why."""

    moved: int = 0
    until: float = 0.0
    length: float = AWAY_FOR / 2
    why: str = ""


_lock = threading.Lock()
_away: dict[int | str, _Away] = {}


def has_next(assistant: Assistant, claim: Claim) -> bool:
    """Whether there is a model after the one that the item is at."""
    return not claim.repeat and claim.line < len(fallbacks_of(assistant))


def moves_on(error: AIError, *, assistant: Assistant, claim: Claim) -> bool:
    """Whether the item is to be asked of the next model, after this one did not answer so."""
    passing = isinstance(error, RateLimited | Unreachable) and claim.line_failures + 1 >= PASSING
    return (passing or isinstance(error, ModelAway)) and has_next(assistant, claim)


def moved(error: AIError, *, assistant: Assistant, claim: Claim) -> dict[str, Any]:
    """The fields of an item that moves on to the next model, with why this one did not answer."""
    _count(_key(assistant, claim.line), str(error))
    card, model = named(assistant, claim.line)
    over = [*passed_over(claim), {"card": card, "model": model, "why": str(error)}]
    return {"line": claim.line + 1, "line_failures": 0, "passed_over": over}


def passed_over(claim: Claim) -> list[dict[str, str]]:
    """{card, model, why} of the models before the one that the item is at, in their order."""
    found: list[dict[str, str]] = RunItem.objects.values_list("passed_over", flat=True).get(pk=claim.item_id)
    return found


def accounted(assistant: Assistant, claim: Claim, why: str) -> str:
    """Why an item failed: as it is, or of every model that was tried."""
    if not claim.line:
        return why
    if not (over := passed_over(claim)):
        return why
    card, model = named(assistant, claim.line)
    tried = [*over, {"card": card, "model": model, "why": why}]
    said = " ".join(f"{place}. {one['card']} ({one['model']}): {one['why']}" for place, one in enumerate(tried, 1))
    return f"{len(tried)} models were tried, and none gave an answer that can be used. {said}"


def told(assistant: Assistant, claim: Claim) -> dict[str, Any]:
    """For a suggestion: which fallback answered, by which card as it stood approved, and instead of whom (AI-14)."""
    if not claim.line:
        return {}
    chosen, over = fallbacks_of(assistant)[claim.line - 1], passed_over(claim)
    card = ModelCard.objects.filter(pk=chosen.card_id).first()
    return {
        "fallback": {
            "place": claim.line,
            "card": card.name if card else chosen.model,
            "card_id": chosen.card_id,
            "card_sha256": card.approved_sha256 if card else "",
            "model": chosen.model,
            "instead_of": ", ".join(one["card"] for one in over),
            "passed_over": [{"card": one["card"], "model": one["model"]} for one in over],
        }
    }


def named(assistant: Assistant, line: int) -> tuple[str, str]:
    """(name of the card, model) of a line; the model twice where there is no card."""
    model = fallbacks_of(assistant)[line - 1].model if line else assistant.model
    key = _key(assistant, line)
    card = ModelCard.objects.filter(pk=key).first() if isinstance(key, int) else None
    return (card.name if card else model), model


def check(assistant: Assistant, claim: Claim) -> None:
    """Raise ModelAway where others have just moved on from this model: it is not asked thousands of times in vain."""
    if not has_next(assistant, claim):
        return
    found = _away.get(_key(assistant, claim.line))
    if found is not None and found.until > monotonic():
        raise ModelAway(found.why)


def answered(assistant: Assistant, claim: Claim) -> None:
    """The model works."""
    _away.pop(_key(assistant, claim.line), None)


def _count(key: int | str, why: str) -> None:
    with _lock:
        found = _away.setdefault(key, _Away())
        found.moved, found.why = found.moved + 1, why
        if found.moved >= IN_A_ROW and found.until <= monotonic():
            found.length = min(LONGEST_AWAY, found.length * 2)
            found.until = monotonic() + found.length


def _key(assistant: Assistant, line: int) -> int | str:
    """The card's id, or the model of an assistant without one."""
    return fallbacks_of(assistant)[line - 1].card_id if line else assistant.card_id or assistant.model
