"""Are two names of a journal one journal? Abbreviations, initials, subtitles."""

import re
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import Indel

from screening.dedup.text import fold, words
from screening.dedup.vocabulary import JOURNAL_STOPWORDS

Likeness = Literal["same", "unclear", "other", "unknown"]

_CONFERENCE = re.compile(r"(?<=\w)[.\s:(]*\bconference\s*:(.*)$")
_BRACKETED = re.compile(r"[\[(]([^\[\]()]*)[\])]")
_SUBTITLE = re.compile(r"\s+[:=/]\s+.*$")  # as cataloguers write it (ISBD), with a space before the mark
_EDITION = re.compile(
    r"^(?:\d+(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"\w+(?:teen|tie)th|(?:twenty|thirty|forty|fifty)\w+|annual|proceedings|proc|vol|volume)$"
)


Words = tuple[str, ...]


@lru_cache(maxsize=16384)
def _variants(raw: str) -> tuple[Words, ...]:
    """The name without meeting and subtitle, the name in brackets ("Xianggang ... [Hong Kong ...]"), the meeting."""
    text = fold(raw).replace("&", " and ")
    meeting = _CONFERENCE.search(text)
    text = _CONFERENCE.sub(" ", text)
    inside = [found for found in _BRACKETED.findall(text) if len(found.split()) > 2]
    inside += [meeting[1]] if meeting else []
    outside = _BRACKETED.sub(" ", text)
    found = [_words(part) for part in (outside, _SUBTITLE.sub("", outside), *inside)]
    return tuple(dict.fromkeys(w for w in found if w)) or ((tuple(words(text)),) if text.strip() else ())


def _words(text: str) -> Words:
    all_words = [w for w in words(text) if w not in JOURNAL_STOPWORDS]
    return tuple(w for w in all_words if not _EDITION.match(w)) or tuple(all_words)


@lru_cache(maxsize=65536)
def compare(a: str, b: str) -> Likeness:
    """ "same", "other", "unknown" (one is missing) or "unclear": one is a part of the other."""
    one, two = _variants(a), _variants(b)
    if not one or not two:
        return "unknown"
    if any(_same(x, y) for x in one for y in two):
        return "same"
    return "unclear" if any(_partly(x, y) for x in one for y in two) else "other"


def _same(one: Words, two: Words) -> bool:
    if one == two or "".join(one) == "".join(two):
        return True
    short, long = sorted((one, two), key=lambda w: (len(w), w))
    if _abbreviates(short, long) or _initials(short, long):
        return True
    return Indel.normalized_similarity(" ".join(one), " ".join(two)) >= 0.92


def _partly(one: Words, two: Words) -> bool:
    short, long = sorted((one, two), key=lambda w: (len(w), w))
    return _abbreviates(short, long[: len(short)]) or _within(short, long)


def _abbreviates(a: Words, b: Words) -> bool:
    """Word by word, one short for the other: "j strateg inf syst"."""
    return len(a) == len(b) and all(_short_for(x, y) or _short_for(y, x) for x, y in zip(a, b, strict=True))


def _short_for(short: str, long: str) -> bool:
    if long.startswith(short):
        return True
    if not short or short[0] != long[0] or len(short) >= len(long):
        return False
    rest = iter(long)
    return len(short) > 2 and all(c in rest for c in short)


def _initials(short: Words, long: Words) -> bool:
    """ "jama", "nejm", "amcis", "vldb j": the beginnings of all words, the last of which may stand apart."""
    if len(short) > 2 or not 2 < len(short[0]) <= 8:
        return False
    if len(short) == 2:
        return len(long) > 2 and _short_for(short[1], long[-1]) and _acronym(short[0], long[:-1])
    return len(long) > 1 and _acronym(short[0], long)


def _acronym(letters: str, of: Words) -> bool:
    """Can the letters be cut into beginnings, of one letter or more, of each word in turn?"""
    if not letters or not of:
        return not letters and not of
    return any(
        of[0].startswith(letters[:n]) and _acronym(letters[n:], of[1:])
        for n in range(1, min(3, len(letters) - len(of) + 1) + 1)
    )


def _within(short: Words, long: Words) -> bool:
    """Every word of the shorter name, or its abbreviation, stands in the longer one."""
    return all(any(_short_for(x, y) or _short_for(y, x) for y in long) for x in short)
