"""What comes back from a language model that has answered."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's reply. `model` is the name that it answered under; `cost` is in US dollars.

    Tokens and cost are None where nobody said them, which is not the same as 0.
    """

    text: str
    model: str
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None
    finish_reason: str
    seconds: float


def counted(tokens: Any, text: str) -> int | None:
    """A count of the tokens of `text`; None where there is none, or one that can't be: litellm says 0 for not said."""
    if isinstance(tokens, int) and (tokens > 0 or not text):
        return max(tokens, 0)
    return None
