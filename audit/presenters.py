"""How an event reads: event type -> sentence. Each app registers its own; an unknown type is an error."""

from collections.abc import Callable
from typing import Any

Sentence = Callable[[dict[str, Any]], str]
_sentences: dict[str, Sentence] = {}


class UnknownEventError(LookupError):
    """An event type that no app has given a sentence to."""


def present(event_type: str) -> Callable[[Sentence], Sentence]:
    """Register how an event of this type reads: a function from its data to what follows the actor's name."""

    def register(sentence: Sentence) -> Sentence:
        if event_type in _sentences:
            raise ValueError(f"{event_type} has a presenter already")
        _sentences[event_type] = sentence
        return sentence

    return register


def check(event_type: str) -> None:
    """Raise UnknownEventError unless somebody can read such an event aloud."""
    if event_type not in _sentences:
        raise UnknownEventError(f"no presenter is registered for the event type {event_type!r}")


def sentence(event_type: str, data: dict[str, Any]) -> str:
    """What follows the actor's name, in plain text (escape it where it is shown)."""
    check(event_type)
    return _sentences[event_type](data)


def known() -> frozenset[str]:
    """All event types that have a sentence."""
    return frozenset(_sentences)
