"""What a criterion asks for, read from its own words: phrases, designs, people, and what it rules out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from screening.ranking.cues import SYSTEMATIC, named_designs
from screening.ranking.people import named_people
from screening.ranking.words import GENERIC, stem, tokens


class CriterionText(Protocol):
    """A criterion of the protocol as plain text. `facet` is P, I, C, O, S or other; `polarity` include or exclude."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def facet(self) -> str: ...
    @property
    def polarity(self) -> str: ...


Phrase = tuple[str, ...]  # the stems of one phrase, in order, none twice


@dataclass(frozen=True, slots=True)
class Wanted:
    """A criterion taken apart. `phrases` are alternatives or parts of what is asked; `rare` marks one-word phrases that
    are enough by themselves (an acronym, a drug, "telerehabilitation"). `words` are the stems of all phrases."""

    key: str
    facet: str
    excludes: bool
    wording: str
    phrases: tuple[Phrase, ...]
    words: frozenset[str]
    rare: frozenset[str]
    designs: frozenset[str]
    ruled_out_designs: frozenset[str]
    people: frozenset[str]
    ruled_out_people: frozenset[str]


_RULED_OUT = re.compile(
    r"\b(?:not|excluding|excludes?|except(?: for)?|without|no|other than|rather than)\b[^.;)]*", re.IGNORECASE
)
_BREAK = re.compile(
    r"[,;:()\[\]/.•]+"
    r"|(?<!quality )(?<!risk )(?<!shortness )(?<!activities )(?<!range )\bof\b"
    r"|\b(?:or|and|with|by|via|for|from|than|versus|vs|to|in|on|at|such as|e\.g|eg|i\.e|using|through)\b",
    re.IGNORECASE,
)
_CIRCUMSTANCE = re.compile(r"\s*(?:after|before|during|within|following|stable|any)\b", re.IGNORECASE)  # when, not what
# A question is often the title of the review, and that names itself: "a systematic review" is not what is looked for.
_OURSELVES = re.compile(
    r"\b(?:an? )?(?:systematic|scoping|umbrella|rapid)\b[\w ]{0,20}\breview\b|\bmeta-?analysis\b", re.IGNORECASE
)
_ACRONYM = re.compile(r"\b(?:[A-Z]{2,}[A-Za-z]*\d*|[A-Z]+\d+[A-Za-z0-9]*)s?\b")
_LONG = 9  # letters; a word this long names a thing by itself
_DESIGN_WORDS = frozenset({"randomized", "cohort", "protocol", "editorial"})  # folded spelling; cues speak of these


def wanted(criterion: CriterionText) -> Wanted:
    """Read a criterion. The label counts as wording too: many leads put the substance there."""
    wording = f"{criterion.label}. {criterion.text}" if criterion.label else criterion.text
    out = " ".join(_RULED_OUT.findall(wording))
    asked = _RULED_OUT.sub(" ", wording)
    facet = facet_of(criterion.facet)
    phrases = _phrases(asked)
    return Wanted(
        key=criterion.key,
        facet=facet,
        excludes=criterion.polarity.lower().startswith("excl"),
        wording=wording,
        phrases=phrases,
        words=frozenset(word for phrase in phrases for word in phrase),
        rare=_rare(asked, phrases),
        designs=named_designs(asked) if _speaks_of_design(facet, asked) else frozenset(),
        ruled_out_designs=named_designs(out) - named_designs(asked),
        people=named_people(asked),
        ruled_out_people=named_people(out) - named_people(asked),
    )


def positive(text: str) -> str:
    """A question or a protocol without what it rules out: "not ..." clauses and sentences that say "excluded"."""
    kept = (part for part in re.split(r"(?<=[.;])\s+", text) if not re.search(r"\bexclu", part, re.IGNORECASE))
    return _OURSELVES.sub(" ", _RULED_OUT.sub(" ", " ".join(kept)))


def facet_of(name: str) -> str:
    """ "P", "population", "Population" -> "P"; whatever is not P, I, C, O or S is "other"."""
    first = name.strip()[:1].upper()
    return first if first in set("PICS") or name.strip().lower() in {"o", "outcome", "outcomes"} else "other"


def _speaks_of_design(facet: str, positive: str) -> bool:
    # "cells" in a population or "protocol" in an intervention is not a design; in S, or a free criterion, it is.
    return facet in {"S", "other"} or bool(named_designs(positive) - {SYSTEMATIC, "protocol"} and facet == "P")


def _phrases(positive: str) -> tuple[Phrase, ...]:
    pieces = (
        tuple(dict.fromkeys(_content(piece))) for piece in _BREAK.split(positive) if not _CIRCUMSTANCE.match(piece)
    )
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def _content(piece: str) -> list[str]:
    return [stem(w) for w in tokens(piece) if w not in GENERIC and w not in _DESIGN_WORDS]


def _rare(positive: str, phrases: tuple[Phrase, ...]) -> frozenset[str]:
    acronyms = {stem(word) for found in _ACRONYM.findall(positive) for word in tokens(found)}
    long = {stem(w) for w in tokens(positive) if len(w) >= _LONG and w not in GENERIC}
    alone = {phrase[0] for phrase in phrases if len(phrase) == 1}
    return frozenset((acronyms | long) & alone)


def stems_of(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens(text))


def covered(phrase: Phrase, have: frozenset[str], weight: Mapping[str, float]) -> float:
    """The share (0..1) of a phrase's weight that a sentence with the stems `have` contains."""
    total = sum(weight.get(word, 1.0) for word in phrase)
    return sum(weight.get(word, 1.0) for word in phrase if word in have) / total
