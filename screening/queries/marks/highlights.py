"""The lists of words that are highlighted in titles and abstracts, and what the stored search strategies propose."""

from typing import Any

from screening.enums import Facet
from screening.importing.strategies import words_of
from screening.models.review import Review
from screening.models.source import Source

FACETS = tuple(facet for facet in Facet if facet != Facet.OTHER)


def layers(review: Review) -> dict[str, Any]:
    """The lists as the workbench takes them: words for and against, PICO by facet, and those of the search."""
    return {
        "include": lines(review.include_words),
        "exclude": lines(review.exclude_words),
        "pico": {str(facet): lines(review.pico_words.get(facet, "")) for facet in FACETS},
        "search": lines(review.search_words),
    }


def lines(text: str) -> list[str]:
    """The entries of a list: one per line, each once."""
    entries = {" ".join(line.split()).casefold(): " ".join(line.split()) for line in reversed(text.splitlines())}
    return [entry for entry in reversed(entries.values()) if entry]


def strategies(review: Review) -> dict[str, list[str]]:
    """Name of a source -> the words of its search strategy, for the sources that have one with words."""
    found = Source.objects.filter(review=review).exclude(strategy="").values_list("name", "strategy")
    return {name: words for name, text in found if (words := words_of(text))}
