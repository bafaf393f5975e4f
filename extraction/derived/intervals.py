"""Checks of intervals and of numbers that must stand in an order."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from extraction.derived.doubt import Doubt, Place
from extraction.derived.roles import Cell
from extraction.derived.rounding import plain

RATIOS = ("hr", "rr", "or", "irr", "hazard", "risk_ratio", "odds", "rate_ratio", "ratio")
ASCENDING = {
    "minimum": "minimum",
    "q1": "lower quartile",
    "median": "median",
    "q3": "upper quartile",
    "maximum": "maximum",
}


def _interval(place: Place) -> Iterator[Doubt]:
    lower, upper = place.own("lower"), place.own("upper")
    if not lower or not upper:
        return
    shown = f"{plain(lower.number)} to {plain(upper.number)}"
    if lower.number >= upper.number:
        yield Doubt(f"The interval {shown} doesn't go from lower to upper.", (lower.key, upper.key))
        return
    inside = _middle(place)
    if inside and not lower.number <= inside.number <= upper.number:
        sentence = f"The estimate {plain(inside.number)} lies outside its interval, {shown}."
        yield Doubt(sentence, (inside.key, lower.key, upper.key))


def _middle(place: Place) -> Cell | None:
    """What an interval is of: the first that stands beside it."""
    return next((cell for role in ("estimate", "ratio", "mean", "percent") if (cell := place.own(role))), None)


def _ratio(place: Place) -> Iterator[Doubt]:
    """Ratios and their bounds are above 0; a log ratio that was entered as a ratio is found by this."""
    if not place.own("ratio") and not _says_ratio(place):
        return
    for role in ("ratio", "estimate", "lower", "upper"):
        cell = place.own(role)
        if cell and cell.number <= 0:
            sentence = f"A ratio and its bounds are above 0; {plain(cell.number)} may be on the log scale."
            yield Doubt(sentence, (cell.key,))


def _says_ratio(place: Place) -> bool:
    measure = place.get("measure")
    said = str(measure.value).lower().replace(" ", "_") if measure else ""
    log = said.startswith(("log", "ln"))
    return not log and (said in RATIOS or said.endswith("_ratio") or said.startswith(("hazard", "odds")))


def _ascending(place: Place) -> Iterator[Doubt]:
    there = [(words, cell) for role, words in ASCENDING.items() if (cell := place.own(role))]
    for (below, first), (above, second) in pairwise(there):
        if first.number > second.number:
            sentence = f"The {below}, {plain(first.number)}, is above the {above}, {plain(second.number)}."
            yield Doubt(sentence, (first.key, second.key))


CHECKS: tuple[Callable[[Place], Iterator[Doubt]], ...] = (_interval, _ratio, _ascending)
