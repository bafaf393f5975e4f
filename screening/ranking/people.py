"""Who was studied: cues for children, adults, pregnancy and human subjects, and the ages stated in figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from screening.ranking.cues import Hit
from screening.ranking.sentences import Sentence

CHILD, ADULT, PREGNANT, HUMAN = "children", "adults", "pregnant women", "human participants"
ADULT_FROM = 18  # years

_NAMED = {
    CHILD: re.compile(
        r"\b(?:child(?:ren)?|p(?:a)?ediatric|adolescents?|infants?|neonates?|newborns?|youth)\b", re.IGNORECASE
    ),
    ADULT: re.compile(r"\b(?:adults?|elderly|older people|(?:aged?|≥|>=|over) ?18)\b|\b18 years\b", re.IGNORECASE),
    PREGNANT: re.compile(r"\bpregnan(?:t|cy)\b|\bgestational\b", re.IGNORECASE),
    HUMAN: re.compile(
        r"\b(?:adults?|patients?|people|persons?|participants?|humans?|child(?:ren)?|women|men|volunteers?)\b",
        re.IGNORECASE,
    ),
}
_SAID = {
    CHILD: re.compile(
        r"\b(?:school-?aged?|preschool) children\b|\bchildren (?:with|aged|were|and adolescents|who)\b|\bchildren \("
        r"|\b(?:\d+|young) (?:children|adolescents|infants|neonates)\b"
        r"|\bp(?:a)?ediatric (?:patients|participants|population)\b"
        r"|\badolescents (?:with|aged)\b|\bboys and girls\b",
        re.IGNORECASE,
    ),
    ADULT: re.compile(
        r"\badults? (?:with|aged|who|were|patients|living|after)\b|\b(?:\d+|older|elderly) (?:\w+ )?adults\b"
        r"|\b(?:aged )?18 years (?:or|and) (?:older|over|above)\b",
        re.IGNORECASE,
    ),
    PREGNANT: re.compile(r"\bpregnant (?:women|patients|participants)\b|\bduring pregnancy\b", re.IGNORECASE),
    HUMAN: re.compile(
        r"\b(?:patients|participants|adults|people|children|women|men|volunteers)"
        r" (?:with|who|were|aged|in|living|received|completed)\b"
        r"|\b\d+ (?:\w+ ){0,2}(?:patients|participants|adults|people|children|women|men|volunteers)\b",
        re.IGNORECASE,
    ),
}
# Lower-case fragments one of which any match of `_SAID` must contain: a cheap look before the patterns run.
_HINTS = {
    CHILD: ("child", "adolesc", "infant", "neonat", "diatric", "boys"),
    ADULT: ("adult", "18 years"),
    PREGNANT: ("pregnan",),
    HUMAN: ("patient", "participant", "adult", "people", "child", "men", "volunteer"),
}
_EXCLUDED_HINTS = ("exclu", "not eligible", "except", "without", "rather than")
_EXCLUDED = re.compile(r"\b(?:exclud(?:ed|ing)|exclusion|not eligible|except|without|rather than)\b", re.IGNORECASE)
_RANGE = re.compile(
    r"\b(?:aged?|ages)\s(?:between\s|from\s)?(\d{1,3})\s?(?:-|–|to|and)\s?(\d{1,3})\s?years?\b", re.IGNORECASE
)
_MEAN = re.compile(
    r"\b(?:mean|median|average) age(?: was| of|,|:)?\s?(\d{1,3}(?:\.\d)?)(?!\s?(?:weeks|months|days))", re.IGNORECASE
)
_FROM = re.compile(
    r"\baged? (?:of )?(\d{1,3}) (?:years )?(?:or|and) (?:older|over|above)\b|\b(\d{1,3})-year-old\b", re.IGNORECASE
)


def named_people(criterion: str) -> frozenset[str]:
    """The groups that the wording of a criterion names."""
    return frozenset(name for name, pattern in _NAMED.items() if pattern.search(criterion))


def people(parts: Sequence[Sentence]) -> tuple[Hit, ...]:
    """Who the text says was studied. A group named in the title counts, and one that was excluded does not."""
    return tuple(hit for part in parts for hit in _of(part))


def _of(part: Sentence) -> Iterable[Hit]:
    plain = part.text.lower()
    if any(hint in plain for hint in _EXCLUDED_HINTS) and _EXCLUDED.search(part.text):
        return
    for group, said in _SAID.items():
        hinted = any(hint in plain for hint in _HINTS[group])
        found = said.search(part.text) if hinted else None
        found = found or (_NAMED[group].search(part.text) if part.field == "title" else None)
        if found:
            yield Hit(group, part, found.group(0), declared=True)
    if "year" in part.text or "age" in part.text:
        for group, words in _by_figures(part.text):
            yield Hit(group, part, words, declared=True)


def _by_figures(text: str) -> Iterable[tuple[str, str]]:
    for found in _RANGE.finditer(text):
        low, high = int(found[1]), int(found[2])
        if low < ADULT_FROM:
            yield (CHILD, found[0])
        if high > ADULT_FROM:
            yield (ADULT, found[0])
    for found in (*_MEAN.finditer(text), *_FROM.finditer(text)):
        years = float(next(group for group in found.groups() if group))
        yield (ADULT if years >= ADULT_FROM else CHILD, found[0])
