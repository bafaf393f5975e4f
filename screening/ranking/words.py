"""Words as the offline engine compares them: folded, in one spelling, lightly stemmed; nothing to download."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"[a-z0-9]+(?:[.][0-9]+)?")
_TELE = re.compile(r"\btele[- ](?=[a-z])")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ers", "er", "ed", "es", "ly", "s", "e")

STOP_WORDS = frozenset(
    _TOKEN.findall(
        """
    a about after all also an and any are as at be been before being between both but by can did do does
    during each either for from had has have if in into is it its less may more most must neither no nor not
    of on only or other our over per same should so some such than that the their them then there these they
    this those through to under until up use used using was we were what when where whether which while who
    will with within without would eg ie etc
        """
    )
)
# Words that stand in nearly every criterion and abstract: alone they are no evidence of anything.
GENERIC = frozenset(
    _TOKEN.findall(
        """
    study studies patient patients participant participants people person persons individual individuals
    subject subjects adult adults human humans men women trial trials research record report reported
    reports reporting result results outcome outcomes intervention interventions comparator comparators
    control controls group groups population populations criterion criteria include included includes
    including exclude excluded compared comparison comparing comparative based least one two three four aged
    age year years older original effect effects effectiveness treatment treatments any different
    established common care including measured assessed assessing evaluate evaluated evaluating type kind
    form data analysis analyses systematic review meta english language published delivered guided e.g
        """
    )
)


def fold(text: str) -> str:
    """Lower case without accents; British and American spellings meet; "tele-health" is "telehealth"."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = plain.lower()
    plain = _TELE.sub("tele", plain) if "tele" in plain else plain
    return plain.replace("isation", "ization").replace("ised", "ized").replace("ising", "izing").replace("paed", "ped")


def tokens(text: str) -> list[str]:
    """Folded words in order, stop words and single letters left out (a lone digit stays: "type 2")."""
    return [w for w in _TOKEN.findall(fold(text)) if w not in STOP_WORDS and (len(w) > 1 or w.isdigit())]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A light suffix stripper: enough for "trained/training", "centre/centers"; never below four letters."""
    word = {"center": "centre", "centers": "centre", "randomize": "randomiz"}.get(word, word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    return [stem(word) for word in tokens(text)]
