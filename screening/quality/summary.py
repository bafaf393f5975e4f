"""The state of the data in plain words: whether it can be screened, and what deserves a look before.

The thresholds are ours, and are said on the page by what they lead to: a record without a title can't be judged, one
without an abstract is judged at title and abstract by its title alone, and whatever is rejected nobody screens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .checks import BY_KEY

GOOD, LOOK, STOP, EMPTY = "good", "look", "stop", "empty"
HEADLINES = {
    EMPTY: "There is nothing to screen here.",
    GOOD: "Fit to screen: nothing stands out.",
    LOOK: "Can be screened. Look at this first:",
    STOP: "Not ready to be screened. Look at this first:",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """From which share on a check is said in the summary, and from which on it stops. Over 1: never."""

    said: float
    stops: float
    words: str  # after "12 %", of several
    one: str  # of one


SIGNS: dict[str, Sign] = {
    "no_title": Sign(0, 0.01, "have no title", "has no title"),
    "no_abstract": Sign(0.1, 0.5, "have no abstract", "has no abstract"),
    "garbled": Sign(0, 0.05, "have garbled letters", "has garbled letters"),
    "retracted": Sign(0, 2, "are marked as retracted or withdrawn", "is marked as retracted or withdrawn"),
    "concern": Sign(0, 2, "are under an expression of concern", "is under an expression of concern"),
    "notice": Sign(0, 2, "are notices of a correction or retraction", "is a notice of a correction or retraction"),
    "odd_year": Sign(0, 2, "have a year out of range", "has a year out of range"),
    "says_none": Sign(0, 2, "say that there is no abstract", "says that there is no abstract"),
    "short_abstract": Sign(0.05, 2, "have a very short abstract", "has a very short abstract"),
    "no_year": Sign(0.05, 2, "have no year", "has no year"),
    "no_doi": Sign(0.3, 2, "have no DOI", "has no DOI"),
}
REJECTED_STOPS = 0.05
A_FEW = 2
"""So many, whatever their share, are looked up one by one: they stop nobody."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`key` is a check's, or "rejected", "foreign" or "pairs"."""

    key: str
    text: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    verdict: str
    headline: str
    sentences: Sequence[Sentence]


def share(number: int, of: int) -> str:
    """“12 %”; what is there is never 0 %, and what is not all never 100 %."""
    if not number or not of:
        return "0 %"
    percent = round(100 * number / of)
    return "<1 %" if not percent else ">99 %" if percent == 100 and number < of else f"{percent} %"


def summary(total: int, counts: Mapping[str, int], *, rejected: int = 0, foreign: int = 0, pairs: int = 0) -> Summary:
    """Of `total` records or citations. `rejected` entries are none of them."""
    said = [_sentence(key, sign, counts[key], total) for key, sign in SIGNS.items() if _worth(sign, counts, key, total)]
    if rejected:
        stops = rejected > max(REJECTED_STOPS * (total + rejected), A_FEW)
        were = "entry of the files was" if rejected == 1 else "entries of the files were"
        said.append(Sentence("rejected", f"{rejected:,} {were} rejected: nobody will screen them.", stops))
    if pairs:
        wait = "pair of possible duplicates waits" if pairs == 1 else "pairs of possible duplicates wait"
        said.append(Sentence("pairs", f"{pairs:,} {wait} for a person: judged now, nothing is screened twice."))
    verdict = STOP if any(one.stops for one in said) else LOOK if said else GOOD if total else EMPTY
    if foreign:  # not a fault: somebody must be able to read them
        are = "is" if foreign == 1 else "are"
        said.append(Sentence("foreign", f"{_of(foreign, total)} {are} not in English: see who can read them."))
    said.sort(key=lambda one: not one.stops)
    return Summary(verdict, HEADLINES[verdict], said)


def _worth(sign: Sign, counts: Mapping[str, int], key: str, total: int) -> bool:
    number = counts.get(key, 0)
    return number > 0 and number >= sign.said * total


def _sentence(key: str, sign: Sign, number: int, total: int) -> Sentence:
    words = sign.one if number == 1 else sign.words
    so = BY_KEY[key].so
    text = f"{_of(number, total)} {words}: {so[0].lower()}{so[1:]}"
    return Sentence(key, text, stops=number > max(sign.stops * total, A_FEW))


def _of(number: int, total: int) -> str:
    percent = share(number, total)
    return f"{number:,} of {total:,}" if percent == "<1 %" or number == 1 else f"{percent} ({number:,} of {total:,})"
