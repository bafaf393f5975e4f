"""The same article as a second database has it: exact, or with the small differences that make deduplication work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from screening.management.demonstration.model import Article, Row

Change = Callable[[Article, Random], Article]


def _exact(a: Article, _rng: Random) -> Article:
    return a


def _title_style(a: Article, rng: Random) -> Article:
    styles: tuple[Callable[[str], str], ...] = (
        lambda t: t.upper(),
        lambda t: t.replace("randomised", "randomized") + ".",
        lambda t: t.replace(": ", " - ").replace("-based", " based"),
        lambda t: re.sub(r"\b([a-z])(?=[a-z]{3,})", lambda m: m[1].upper(), t),
        lambda t: (
            t.replace(" versus ", " vs. ").replace("and", "&").replace("-", "\u2010" if rng.random() < 0.3 else "-")
            + "."
        ),
    )
    return replace(a, title=rng.choice(styles)(a.title))


def _journal(a: Article, _rng: Random) -> Article:
    return replace(a, journal=(a.journal[1], a.journal[1]))


def _no_doi(a: Article, _rng: Random) -> Article:
    return replace(a, doi="")


def _pages(a: Article, _rng: Random) -> Article:
    first, _, last = a.pages.partition("-")
    same = (
        next((i for i, (x, y) in enumerate(zip(first, last, strict=False)) if x != y), 0)
        if len(first) == len(last)
        else 0
    )
    return replace(a, pages=f"{first}-{last[same:]}" if last else f"{first}-{first}")


def _authors(a: Article, _rng: Random) -> Article:
    return replace(a, authors=tuple(re.sub(r", (\w)\..*", r", \1.", name) for name in a.authors[:6]))


def _slip(a: Article, rng: Random) -> Article:
    at = rng.randrange(6, len(a.title) - 6)
    return replace(a, title=a.title[:at] + a.title[at + 1 :], authors=a.authors)


def _doubtful(a: Article, rng: Random) -> Article:
    """So little is left that a person should look: other wording, no DOI, volume or pages, another year, few authors."""
    words = {
        "randomised controlled trial": "randomised trial", "Effects of": "Impact of", "The effect of": "Effect of",
        "people with COPD": "COPD patients", "home-based": "home", "systematic review and meta-analysis": "meta-analysis",
    }  # fmt: skip
    title = a.title
    for old, new in words.items():
        title = title.replace(old, new)
    head, _, tail = title.partition(": ")
    if title == a.title:  # nothing was reworded: the subtitle is lost instead
        title = head if tail and len(head) >= 40 else title
    return replace(
        a, title=title, doi="", pages="", issue="", volume="", year=a.year + rng.choice((-1, 1)), authors=a.authors[:3]
    )


# How many copies of each make. "doubtful" is for the "possible" tier, the others are certain duplicates to a person.
# The works at the start of the list get a third copy of the make at its end: so "doubtful" stands in the middle.
CHANGES: tuple[tuple[str, int, Change], ...] = (
    ("exact", 15, _exact),
    ("doubtful", 12, _doubtful),
    ("title style", 15, _title_style),
    ("journal abbreviated", 10, _journal),
    ("doi missing", 12, _no_doi),
    ("page style", 7, _pages),
    ("author initials", 4, _authors),
    ("typing slip", 3, _slip),
)


def copies(articles: list[Article], rng: Random) -> list[Row]:
    """Second (and a few third) copies of some articles, each with the name of its change."""
    able = [a for a in articles if a.abstract and a.doi and not a.title.startswith(("=", "<"))]
    chosen = rng.sample(able, sum(count for _, count, _ in CHANGES) - 4)
    chosen += chosen[:4]  # four works stand in all three files
    wanted = [(name, change) for name, count, change in CHANGES for _ in range(count)]
    return [Row(change(a, rng), name) for a, (name, change) in zip(chosen, wanted, strict=True)]
