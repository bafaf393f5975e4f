"""What comes back from a language model that has answered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's reply. `model` is the name that it answered under; `cost` is in US dollars, None where unknown."""

    text: str
    model: str
    tokens_in: int
    tokens_out: int
    cost: float | None
    finish_reason: str
    seconds: float
