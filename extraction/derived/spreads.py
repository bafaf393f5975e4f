"""Checks of standard deviations and standard errors; the one taken for the other is the commonest slip of all.

Cochrane Handbook 6.5.2.2 asks to look for it. An SD is suspected where the SE that it would be fits much better: the
interval or another arm implies an SD about √n times as large.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from extraction.derived.doubt import Doubt, Place
from extraction.derived.rounding import plain, short

NORMAL = Decimal("3.92")
FEWEST = 16  # below, √n is too small to tell an SE from an odd SD
CLOSE = (Decimal("0.7"), Decimal("1.4"))  # ratios that count as "about the same"


def _not_negative(place: Place) -> Iterator[Doubt]:
    for role, words in (("sd", "standard deviation"), ("se", "standard error")):
        cell = place.own(role)
        if cell and cell.number < 0:
            yield Doubt(f"A {words} can't be below 0; it is {plain(cell.number)}.", (cell.key,))


def _sd_beside_interval(place: Place) -> Iterator[Doubt]:
    sd, n, mean = place.own("sd"), place.sizes(), place.own("mean")
    lower, upper = place.own("lower"), place.own("upper")
    if not (sd and n and mean and lower and upper) or sd.number <= 0 or n.number < FEWEST:
        return
    if upper.number <= lower.number:
        return
    error = (upper.number - lower.number) / NORMAL
    if _about(sd.number, error):
        sentence = (
            f"The SD of {plain(sd.number)} is what the interval gives as the standard error ({short(error)});"
            f" the SD would be about {short(error * n.number.sqrt(), 3)}."
        )
        yield Doubt(sentence, (sd.key, lower.key, upper.key))


def _se_against_sd(place: Place) -> Iterator[Doubt]:
    sd, se, n = place.own("sd"), place.own("se"), place.sizes()
    if not (sd and se and n) or n.number < 2 or sd.number <= 0 or se.number <= 0:
        return
    if se.number >= sd.number:
        sentence = f"The SE ({plain(se.number)}) is not below the SD ({plain(sd.number)}); are they exchanged?"
        yield Doubt(sentence, (se.key, sd.key))
    elif not _about(se.number * n.number.sqrt(), sd.number):
        expected = short(sd.number / n.number.sqrt(), 3)
        sentence = f"An SD of {plain(sd.number)} with {plain(n.number)} participants gives an SE near {expected}."
        yield Doubt(sentence, (se.key, sd.key, n.key))


def unlike_other_arms(places: Sequence[Place]) -> Iterator[Doubt]:
    """Doubt an SD that is smaller than another arm's by about √n: one arm may report its SE."""
    for small, large in permutations(places, 2):
        a, b, n = small.own("sd"), large.own("sd"), small.sizes()
        same = (small.place[0], small.place[2]) == (large.place[0], large.place[2])
        if not (same and a and b and n) or a.number <= 0 or n.number < FEWEST:
            continue
        if _about(a.number * n.number.sqrt(), b.number):
            sentence = (
                f"The SD of {plain(a.number)} is far below the other arm's {plain(b.number)}, by about"
                f" √{plain(n.number)}; it may be a standard error."
            )
            yield Doubt(sentence, (a.key, b.key))


def _about(first: Decimal, second: Decimal) -> bool:
    return second > 0 and CLOSE[0] <= first / second <= CLOSE[1]


CHECKS: tuple[Callable[[Place], Iterator[Doubt]], ...] = (_not_negative, _sd_beside_interval, _se_against_sd)
