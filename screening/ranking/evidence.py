"""One criterion against the sentences of one record: met, not met or unclear, with the sentences that say so.

Conservative by construction. "met" needs one strong sentence; "not_met" needs a *contrary* cue that stands in the text;
all else, silence above all, is "unclear". Every quote is a sentence of the text, unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from screening.ranking.cues import NOT_HUMAN, RANDOMISED, SECOND_HAND, SYSTEMATIC, Hit, designs
from screening.ranking.people import ADULT, CHILD, HUMAN, people
from screening.ranking.sentences import Sentence
from screening.ranking.wanted import Wanted, covered, stems_of

STRONG = 0.85  # strength from which a single sentence is enough
MOST_QUOTES = 2

_ANCHORS = {
    "P": r"\b(?:patients?|participants?|adults?|people|subjects?|individuals?|children|women|men"
    r"|enrol\w*|recruit\w*|diagnos\w*)\b",
    "I": r"\b(?:assigned|allocated|received|intervention|groups?|arms?|program\w*|deliver\w*|versus|vs|compar\w*"
    r"|train\w*|therap\w*|treat\w*|offered|evaluat\w*|effects?)\b",
    "C": r"\b(?:compar\w*|versus|vs|controls?|usual|placebo|groups?|arms?|standard|sham)\b",
    "O": r"\b(?:outcomes?|measur\w*|improv\w*|differen\w*|scores?|increas\w*|decreas\w*|reduc\w*|chang\w*"
    r"|assess\w*|\d+(?:\.\d+)?%?)\b",
}
_ANCHOR = {facet: re.compile(pattern, re.IGNORECASE) for facet, pattern in _ANCHORS.items()}
_LEFT_OUT_HINTS = ("exclu", "not eligible")
_LEFT_OUT = re.compile(r"\b(?:were|was) excluded\b|\bexcluding\b|\bexclusion criteri|\bnot eligible\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:no|not|without|neither|free of|absence of|instead of|rather than|lack of)\b", re.IGNORECASE
)
_UNANCHORED = 0.7  # a background sentence ("COPD is a leading cause ...") weighs less than one about this study


@dataclass(frozen=True, slots=True)
class Reading:
    """A record as the engine sees it: sentences, the stems of each, and the cues found. Made once per record.

    `left_out` are the places of the sentences that say who was excluded.
    """

    parts: tuple[Sentence, ...]
    stems: tuple[frozenset[str], ...]
    designs: tuple[Hit, ...]
    people: tuple[Hit, ...]
    left_out: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`strength` (0..1) is how far the best sentence goes towards the criterion; not a probability."""

    judgement: str
    strength: float
    quotes: tuple[str, ...]
    rationale: str


Similarity = Callable[[Wanted, Sequence[Sentence]], Sequence[float]]


def read(parts: tuple[Sentence, ...]) -> Reading:
    stems = tuple(stems_of(part.text) for part in parts)
    return Reading(parts, stems, designs(parts), people(parts), tuple(_leaving_out(parts)))


def _leaving_out(parts: Sequence[Sentence]) -> Iterator[int]:
    for place, part in enumerate(parts):
        plain = part.text.lower()
        if any(hint in plain for hint in _LEFT_OUT_HINTS) and _LEFT_OUT.search(part.text):
            yield place


def weigh(
    want: Wanted, reading: Reading, weight: Mapping[str, float], similarity: Similarity | None = None
) -> Evidence:
    """Judge one criterion. For an exclusion criterion "met" means that what it describes *is* the case."""
    if want.designs:
        return _by_design(want, reading)
    strengths = _strengths(want, reading, weight, similarity)
    contrary = _contrary(want, reading)
    if contrary is not None:
        return Evidence(
            "not_met", 0.0, (contrary.sentence.text,), f"The text speaks of {contrary.cue} (“{contrary.words}”)."
        )
    if not want.phrases and want.people:
        return _by_people(want, reading)
    return _by_words(want, reading, strengths)


def _by_words(want: Wanted, reading: Reading, strengths: Sequence[float]) -> Evidence:
    order = sorted(range(len(strengths)), key=lambda i: (-round(strengths[i], 6), i))
    best = strengths[order[0]] if order else 0.0
    if best < STRONG:
        left_out = _left_out(want, reading)
        if left_out is not None:
            return Evidence("not_met", 0.0, (left_out.text,), "The text says that these were excluded.")
        near = tuple(reading.parts[i].text for i in order[:1] if strengths[i] >= 0.4)
        return Evidence(
            "unclear", best, near, "The nearest sentence says only part of it." if near else "No sentence speaks of it."
        )
    quotes = tuple(reading.parts[i].text for i in order[:MOST_QUOTES] if strengths[i] >= STRONG)
    return Evidence("met", best, quotes, f"Found in the text: {_matched(want, reading, order[0])}.")


def _strengths(
    want: Wanted, reading: Reading, weight: Mapping[str, float], similarity: Similarity | None
) -> list[float]:
    lexical = [_lexical(want, part, have, weight) for part, have in zip(reading.parts, reading.stems, strict=True)]
    if similarity is None or not reading.parts:
        return lexical
    semantic = similarity(want, reading.parts)
    return [
        max(a, b if _anchored(want, part) else b * _UNANCHORED)
        for a, b, part in zip(lexical, semantic, reading.parts, strict=True)
    ]


def _lexical(want: Wanted, part: Sentence, have: frozenset[str], weight: Mapping[str, float]) -> float:
    if want.words.isdisjoint(have):  # of most sentences
        return 0.0
    shares = [(covered(phrase, have, weight), phrase) for phrase in want.phrases]
    if not any(share for share, _ in shares) or (_NEGATION.search(part.text) and _negated(want, part)):
        return 0.0
    full = [phrase for share, phrase in shares if share >= 0.99]
    if any(len(phrase) > 1 or phrase[0] in want.rare for phrase in full):
        strength = 1.0
    elif len(full) >= 2 or any(share >= 0.75 and len(phrase) > 2 for share, phrase in shares):
        strength = 0.87
    else:
        strength = min(
            0.75, 0.75 * max(share for share, _ in shares) + 0.1 * (sum(share > 0 for share, _ in shares) - 1)
        )
    return strength if _anchored(want, part) else strength * _UNANCHORED


def _anchored(want: Wanted, part: Sentence) -> bool:
    anchor = _ANCHOR.get(want.facet)
    return anchor is None or part.field == "title" or anchor.search(part.text) is not None


def _negated(want: Wanted, part: Sentence) -> bool:
    """Whether a negation stands within the few words before every match of a phrase in this sentence."""
    after = [stems_of(" ".join(part.text[m.end() :].split()[:5])) for m in _NEGATION.finditer(part.text)]
    return any(
        word in near
        for near in after
        for phrase in want.phrases
        for word in phrase
        if word in want.rare or len(phrase) > 1
    )


def _left_out(want: Wanted, reading: Reading) -> Sentence | None:
    if want.facet not in {"P", "other"}:
        return None
    for place in reading.left_out:
        have = reading.stems[place]
        if any(
            covered(phrase, have, {}) >= 0.99 and (len(phrase) > 1 or phrase[0] in want.rare) for phrase in want.phrases
        ):
            return reading.parts[place]
    return None


def _contrary(want: Wanted, reading: Reading) -> Hit | None:
    """A cue that speaks against a criterion about people: animals or cells, or the other age group."""
    if want.excludes or want.facet not in {"P", "other"} or not want.people:
        return _ruled_out(want, reading)
    seen = {hit.cue for hit in reading.people}
    lab = [hit for hit in reading.designs if hit.cue in NOT_HUMAN and hit.declared]
    if lab and HUMAN not in seen:
        return lab[0]
    children = [hit for hit in reading.people if hit.cue == CHILD]
    if ADULT in want.people and CHILD not in want.people and children and ADULT not in seen:
        return children[0]
    grown = [hit for hit in reading.people if hit.cue == ADULT]
    if CHILD in want.people and ADULT not in want.people and grown and CHILD not in seen:
        return grown[0]
    return _ruled_out(want, reading)


def _ruled_out(want: Wanted, reading: Reading) -> Hit | None:
    if want.excludes:
        return None
    people_hits = [hit for hit in reading.people if hit.cue in want.ruled_out_people]
    if people_hits and not any(hit.cue in want.people - {HUMAN} for hit in reading.people):
        return people_hits[0]
    return next((hit for hit in reading.designs if hit.declared and hit.cue in want.ruled_out_designs), None)


def _by_people(want: Wanted, reading: Reading) -> Evidence:
    asked = want.people - {HUMAN} or want.people
    hit = next((hit for hit in reading.people if hit.cue in asked), None)
    if hit is not None:
        return Evidence("met", 1.0, (hit.sentence.text,), f"The text speaks of {hit.cue} (“{hit.words}”).")
    other = next((hit for hit in reading.people if want.excludes and {hit.cue, *asked} == {ADULT, CHILD}), None)
    if other is not None:
        return Evidence("not_met", 0.0, (other.sentence.text,), f"The text speaks of {other.cue} (“{other.words}”).")
    return Evidence("unclear", 0.2, (), "The text does not say who was studied.")


def _by_design(want: Wanted, reading: Reading) -> Evidence:
    asked = [hit for hit in reading.designs if hit.cue in want.designs]
    against = [hit for hit in reading.designs if hit.declared and _speaks_against(hit, want)]
    declared = [hit for hit in asked if hit.declared]
    second_hand = [hit for hit in against if hit.cue in SECOND_HAND and hit.cue not in want.designs]
    if declared and not second_hand and not _protocol_only(reading, want):
        return Evidence("met", 1.0, _quotes(declared), f"Says of itself: {declared[0].cue} (“{declared[0].words}”).")
    if against and (not declared or _in_title(second_hand)):
        first = (second_hand or against)[0]
        return Evidence(
            "not_met", 0.0, _quotes(second_hand or against), f"Says of itself: {first.cue} (“{first.words}”)."
        )
    if asked:
        return Evidence(
            "unclear", 0.5, _quotes(asked), f"Names {asked[0].cue}, but does not clearly say that it is one."
        )
    return Evidence("unclear", 0.2, (), "The text does not state its design.")


def _speaks_against(hit: Hit, want: Wanted) -> bool:
    if hit.cue in want.designs or (hit.cue == "protocol" and "protocol" not in want.ruled_out_designs):
        return False
    if want.excludes:  # only a clearly different kind of work speaks against an exclusion
        return hit.cue == RANDOMISED and not want.designs & {RANDOMISED}
    return not (hit.cue == "narrative review" and SYSTEMATIC in want.designs) and hit.cue != "economic evaluation"


def _protocol_only(reading: Reading, want: Wanted) -> bool:
    # A protocol of a randomised trial has the design, and no results: that is for a person to weigh.
    return "protocol" not in want.designs and any(hit.cue == "protocol" and hit.declared for hit in reading.designs)


def _in_title(hits: Sequence[Hit]) -> bool:
    return any(hit.sentence.field == "title" for hit in hits)


def _quotes(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.sentence.text for hit in hits))[:MOST_QUOTES]


def _matched(want: Wanted, reading: Reading, index: int) -> str:
    have = reading.stems[index]
    words = [w for w in dict.fromkeys(re.findall(r"[\w-]+", want.wording)) if stems_of(w) and stems_of(w) <= have]
    return "“" + " ".join(words[:8]) + "”" if words else "a sentence near in meaning"
