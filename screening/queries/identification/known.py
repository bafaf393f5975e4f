"""Which record of a review a citation is, without importing it: by DOI, PubMed id, or title and year (IMP-06)."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
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


class _Named:
    """Which records have an id of one scheme, and which ids a record has: what was merged into it may bring others."""

    def __init__(self) -> None:
        self._roots: dict[str, set[int]] = defaultdict(set)
        self._ids: dict[int, tuple[str, ...]] = {}

    def learn(self, root: int, ids: Iterable[str]) -> None:
        for one in ids:
            self._roots[one].add(root)
            self._ids[root] = (*self._ids.get(root, ()), one)

    def roots(self, ids: Iterable[str]) -> set[int]:
        return {root for one in ids for root in self._roots.get(one, ())}

    def share(self, root: int, ids: Collection[str]) -> bool | None:
        """Whether the record has one of these ids; None where it or the citation names none."""
        own = self._ids.get(root)
        return None if not (own and ids) else not set(own).isdisjoint(ids)


class KnownRecords:
    """The records of a review, to be asked for one citation after the other. One query; 100,000 take 150 MB."""

    def __init__(self, review: Review) -> None:
        self._dois, self._pubmed = _Named(), _Named()
        self._titles: dict[str, dict[int, int | None]] = defaultdict(dict)
        rows = Record.objects.filter(review=review).exclude(active=False, merged_into=None)
        named = rows.values_list("pk", "merged_into_id", "title", "year", "doi", "accessions")
        for pk, merged_into, *described in named.iterator(5_000):
            self._learn(merged_into or pk, Described(*described))

    def _learn(self, root: int, known: Described) -> None:
        self._dois.learn(root, _doi(known))
        self._pubmed.learn(root, _pubmed(known))
        if len(title := _letters(known.title)) >= SHORTEST:
            self._titles[title][root] = known.year

    def find(self, citation: Described) -> int:
        """The id of its record (a root); 0 where there is none, or where more than one could be meant."""
        by_title = self._by_title(citation)
        for found in (self._dois.roots(_doi(citation)), self._pubmed.roots(_pubmed(citation)), by_title):
            meant = found if len(found) < 2 else found & by_title
            if len(meant) == 1:
                return next(iter(meant))
        return 0

    def _by_title(self, citation: Described) -> set[int]:
        """The same title, no other year, and no other report: a congress abstract has its article's title."""
        years = self._titles.get(_letters(citation.title), {})
        alike = {root for root, year in years.items() if None in (year, citation.year) or year == citation.year}
        return {root for root in alike if not self._another(root, citation)}

    def _another(self, root: int, citation: Described) -> bool:
        """Both name a DOI or a PubMed id, and these differ; one that agrees outweighs one that doesn't."""
        shared = (self._dois.share(root, _doi(citation)), self._pubmed.share(root, _pubmed(citation)))
        return False in shared and True not in shared


def _doi(described: Described) -> list[str]:
    return [described.doi.lower()] if described.doi else []


def _pubmed(described: Described) -> list[str]:
    return [number for scheme, number in described.accessions if scheme == "pmid"]


def _letters(title: str) -> str:
    """Letters and digits alone, without capitals and accents."""
    return "".join(char for char in unicodedata.normalize("NFKD", title).casefold() if char.isalnum())
