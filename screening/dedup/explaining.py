"""Why two items were, or were not, taken for the same: the rule, and what each field said."""

from dataclasses import dataclass
from typing import Literal

from screening.dedup import rules
from screening.dedup.engine import ENGINE_VERSION, evidence
from screening.dedup.evidence import Evidence
from screening.dedup.item import Item
from screening.dedup.prepared import Prepared
from screening.dedup.relations import relation

_SAYS = {1: "agrees", 0: "says nothing", -1: "contradicts"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one field says: `weighs` is 1 (for the same), 0 (nothing) or -1 (against)."""

    field: str
    weighs: Literal[1, 0, -1]
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict on two items by themselves. `tier` is "certain", "possible", "related" or "none".

    Other records can still keep two certain ones apart (`find_pairs`): a chain never joins what contradicts itself.
    """

    tier: str
    score: float
    reason: str
    said: list[Said]
    engine_version: str = ENGINE_VERSION


def explain(one: Item, two: Item) -> Explanation:
    """Run the rules on two items, whichever they are."""
    a, b = Prepared(one), Prepared(two)
    e = evidence(a, b)
    verdict, found = rules.judge(e), relation(a, b, e)
    if verdict is not None:
        reason = f"{verdict.reason}. {found.reason}" if found and verdict.tier == "possible" else verdict.reason
        return Explanation(verdict.tier, verdict.score, reason, _said(e))
    if found is not None:
        return Explanation("related", rules.score(e), found.reason, _said(e))
    return Explanation("none", rules.score(e), _why_not(e), _said(e))


def _why_not(e: Evidence) -> str:
    """The weightiest reason why no rule holds, in words."""
    if e.trial == -1:
        return "they name two different trials"
    if not e.kind:
        return "one is a notice, preprint or register entry and the other is not"
    if e.other_authors:
        return "the authors are other people"
    if e.against:
        return f"not the same {' and '.join(e.against)}"
    if 0 <= e.title < 0.85:
        return f"the titles are only {round(100 * e.title)} % alike"
    return "too little agrees to tell"


def _said(e: Evidence) -> list[Said]:
    people = f"{round(100 * e.authors.share)} % of the names agree" if e.authors.share >= 0 else "one names nobody"
    years = {-1: "one has none", 0: "the same", 1: "one year apart"}.get(e.year_gap, f"{e.year_gap} years apart")
    return [
        Said("Title", _third(known=e.title >= 0, good=e.same_words, bad=e.title < 0.5), _title(e)),
        Said("Authors", _third(known=e.authors.share >= 0, good=e.same_authors, bad=e.other_authors), people),
        Said("Year", _third(known=e.year_gap >= 0, good=e.year_gap == 0, bad=e.year_gap > 1), years),
        *(_field(name, value) for name, value in _fields(e)),
    ]


def _fields(e: Evidence) -> list[tuple[str, int]]:
    return [
        ("Journal", e.journal),
        ("Volume", e.volume),
        ("Issue", e.issue),
        ("Pages", e.pages),
        ("DOI", e.doi),
        ("Accession number", e.accession),
        ("Trial number", e.trial),
        ("Kind of publication", 0 if e.kind else -1),
    ]


def _field(name: str, value: int) -> Said:
    return Said(name, _third(known=value != 0, good=value > 0, bad=value < 0), _SAYS[value])


def _third(*, known: bool, good: bool, bad: bool) -> Literal[1, 0, -1]:
    if not known:
        return 0
    return 1 if good else -1 if bad else 0


def _title(e: Evidence) -> str:
    if e.title < 0:
        return "one has none"
    more = " (one is part of the other)" if e.part else " (the same words)" if e.same_words else ""
    numbers = "" if e.numbers else "; the numbers in them differ"
    return f"{round(100 * e.title)} % alike{more}{numbers}"
