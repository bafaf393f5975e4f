"""Words of the pace and its figures. Times are whole microseconds: what both stores reckon with exactly."""

from dataclasses import dataclass

SECOND = 1_000_000
MINUTE = 60 * SECOND

PATIENCE = 5 * SECOND
"""The longest wait that is drawn. Whoever would wait longer draws nothing and comes again, so a place in the line is
never further off than this: one that isn't used (a run was paused, a worker killed) costs a moment and no more."""
SLACK = SECOND
"""So much of a card's tokens may come early: long and short prompts even out. A minute has a sixtieth more at most."""
LOOKED_BACK, TOO_MANY = 20, 10  # of so many outcomes of late, so many failures: the server is in trouble
STRAY_HOLD, SHORTEST_HOLD, LONGEST_HOLD = SECOND // 10, SECOND, MINUTE
"""Of holds whose length nobody has said: after one “slow down” among answers, as any busy provider sends now and then
(to stand still for a second each time would halve a run's speed); in trouble; and at most."""
LONGEST_OBEYED = 60 * MINUTE  # where the provider has said it: after so long it is asked once more all the same


class AwayError(Exception):
    """A store can't be reached, or doesn't do what it is asked."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What a call takes of its card's line: for one request, and for its tokens; 0 where the card sets no limit."""

    request: int
    tokens: int

    @classmethod
    def of(cls, *, tokens: int, requests_per_minute: int | None, tokens_per_minute: int | None) -> "Draw":
        """A call of about so many tokens. Rounded up: a limit is never exceeded by rounding."""
        return cls(
            -(-MINUTE // requests_per_minute) if requests_per_minute else 0,
            -(-MINUTE * tokens // tokens_per_minute) if tokens_per_minute else 0,
        )


@dataclass(frozen=True, slots=True)
class Word:
    """What a process has to say of a card: answers since it last spoke, a failure after them, a hold.

    `hold` is None, or how long; 0 stands for “nobody said how long”.
    """

    answers: int = 0
    failed: bool = False
    hold: int | None = None
