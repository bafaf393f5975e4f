"""Which record comes first: a number per place, lower first, by the order that the stage's rule names (SCR-10)."""

import unicodedata

from screening.actions.rulebook import random_rank
from screening.enums import QueueOrder
from screening.models.record import Record

PILOT_FIRST = 1_000_000  # taken off the rank of a record of an open pilot round: nothing comes before it
NO_YEAR = 0
LETTERS, SYMBOLS = 10, 32  # of a title; 32 to the 10th is what a float tells apart with certainty

PLAIN = str.maketrans({"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th"})


def rank(order: str, record: Record, *, score: float | None = None, piloted: bool = False) -> float:
    """The place of a record in the queue. `score` is its predicted relevance, 0..1, where the mode allows one.

    A record without a score keeps its random place, so that what failed is met by people as early as anything.
    Equal ones are in random order, the same each time.
    """
    chance = random_rank(record.review_id, record.pk)
    if order == QueueOrder.NEWEST:
        place = chance - (record.year or NO_YEAR)
    elif order == QueueOrder.TITLE:
        place = by_title(record.title)
    elif order == QueueOrder.RELEVANCE and score is not None:
        place = (1 - score) * 0.999_99 + chance * 0.000_01
    else:
        place = chance
    return place - PILOT_FIRST if piloted else place


def by_title(title: str) -> float:
    """A title's first ten letters and digits as a number in [0, 1) of the same order; other scripts come last.

    Accents don't count: "Évaluation" stands among the Es. Letters without a plain one in Unicode's compatibility
    decomposition (NFKD) have theirs in PLAIN.
    """
    letters = unicodedata.normalize("NFKD", title.casefold().translate(PLAIN))
    place, weight = 0.0, 1.0
    for symbol in [symbol for symbol in letters if symbol.isalnum()][:LETTERS]:
        weight /= SYMBOLS
        place += weight * _symbol(symbol)
    return place


def _symbol(symbol: str) -> int:
    if "a" <= symbol <= "z":
        return ord(symbol) - ord("a") + 2
    return 1 if symbol.isdigit() else SYMBOLS - 1
