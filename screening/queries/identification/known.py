"""Which record of a review a citation is, without importing it: by DOI, PubMed id, or title and year (IMP-06)."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from screening.models.record import Record
from screening.models.review import Review

SHORTEST = 15  # letters of a title that says by itself which record is meant: "Editorial" does not


class Described(NamedTuple):
    """What a citation is recognised by. `accessions` are (scheme, id)."""

    title: str
    year: int | None
    doi: str
    accessions: Iterable[Iterable[str]]


class KnownRecords:
    """The records of a review, to be asked for one citation after the other. One query; 100,000 take 150 MB."""

    def __init__(self, review: Review) -> None:
        self._dois: dict[str, set[int]] = defaultdict(set)
        self._pubmed: dict[str, set[int]] = defaultdict(set)
        self._titles: dict[str, dict[int, int | None]] = defaultdict(dict)
        rows = Record.objects.filter(review=review).exclude(active=False, merged_into=None)
        named = rows.values_list("pk", "merged_into_id", "title", "year", "doi", "accessions")
        for pk, merged_into, *described in named.iterator(5_000):
            self._learn(merged_into or pk, Described(*described))

    def _learn(self, root: int, known: Described) -> None:
        if known.doi:
            self._dois[known.doi.lower()].add(root)
        for number in _pubmed(known):
            self._pubmed[number].add(root)
        if len(title := _letters(known.title)) >= SHORTEST:
            self._titles[title][root] = known.year

    def find(self, citation: Described) -> int:
        """The id of its record (a root); 0 where there is none, or where more than one could be meant."""
        by_title = self._by_title(citation)
        for found in (self._dois.get(citation.doi.lower(), set()), self._by_pubmed(citation), by_title):
            meant = found if len(found) < 2 else found & by_title
            if len(meant) == 1:
                return next(iter(meant))
        return 0

    def _by_pubmed(self, citation: Described) -> set[int]:
        return {root for number in _pubmed(citation) for root in self._pubmed.get(number, ())}

    def _by_title(self, citation: Described) -> set[int]:
        """The same title, and no other year."""
        years = self._titles.get(_letters(citation.title), {})
        return {root for root, year in years.items() if None in (year, citation.year) or year == citation.year}


def _pubmed(described: Described) -> list[str]:
    return [number for scheme, number in described.accessions if scheme == "pmid"]


def _letters(title: str) -> str:
    """Letters and digits alone, without capitals and accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", title).casefold() if char.isalnum())
