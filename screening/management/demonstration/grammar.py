"""A small grammar: "{we|the authors} found <thing>" becomes one of its sentences, drawn by a seeded generator."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"<([a-z_0-9]+)>")

Slots = Mapping[str, str | Sequence[str]]


def expand(text: str, slots: Slots, rng: Random) -> str:
    """Replace every `<slot>` (a sequence is drawn from) and every `{a|b|}`, innermost first, and tidy spaces and capitals.

    Raises KeyError for a slot that is not given: a hole in a text must not go unseen.
    """
    while _SLOT.search(text) or _CHOICE.search(text):
        text = _SLOT.sub(lambda m: _drawn(slots[m[1]], rng), text)
        text = _CHOICE.sub(lambda m: rng.choice(m[1].split("|")), text)
    return sentence_case(re.sub(r"\s+([.,;:)])", r"\1", re.sub(r"\s+", " ", text)).strip())


def _drawn(value: str | Sequence[str], rng: Random) -> str:
    return value if isinstance(value, str) else rng.choice(value)


def sentence_case(text: str) -> str:
    """Capitals at the start and after a full stop or a heading's colon at the start of a sentence; "a 8" becomes "an 8"."""
    text = re.sub(r"\b([Aa]) (?=(?:8|11|18|80)\b|[aeio]\w)", r"\1n ", text)
    text = re.sub(r"\b([Aa])n (?=(?:one|once|uni|use|eu)\w*)", r"\1 ", text)
    return re.sub(r"(^|[.?!] )([a-z])(?![a-z]*-\d)", lambda m: m[1] + m[2].upper(), text)


def pick(options: Sequence[str], count: int, rng: Random) -> list[str]:
    """`count` different ones, in their own order."""
    chosen = set(rng.sample(range(len(options)), min(count, len(options))))
    return [option for i, option in enumerate(options) if i in chosen]
