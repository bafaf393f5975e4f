"""An item made comparable, once, so that every comparison is cheap."""

from collections.abc import Hashable
from dataclasses import replace
from functools import lru_cache

from screening.dedup import places, text
from screening.dedup.item import Item
from screening.dedup.names import Name, families, names
from screening.dedup.vocabulary import CONGRESS, DATA, DATA_DOI, PREPRINT, PREPRINT_DOI, REGISTRY, SUPPLEMENT, TRIAL_ID

# Databases whose number names one publication for everyone. Not among them: numbers of a file or of a reference manager
# ("local"), of a database that isn't named ("accession"), and trial numbers, which articles share with their trial.
IDENTITIES = frozenset(
    ("pmid", "pmcid", "embase", "scopus", "wos", "central", "psycinfo", "cinahl", "eric", "lens", "openalex")
)
FIRST = 3  # authors whose names are a key


class Prepared:
    """The comparable form of one item; "" / () / None / 0 where the item says nothing. The same item gives the same.

    `sort` is "" or what it is instead of an article: "registry", "preprint" or "data". What only a comparison needs is
    read when it is first asked for: most items of a large pile are never compared with any other.
    """

    __slots__ = (
        "_authors", "_item", "_sort", "_trials", "accessions", "doi", "id", "pages", "title", "volume", "year",
    )  # fmt: skip

    def __init__(self, item: Item) -> None:
        volume = places.number(item.volume)
        self._item = item
        self._authors: tuple[Name, ...] | None = None
        self._trials: frozenset[str] | None = None
        self._sort: str | None = None
        self.id = item.id
        self.title = text.title(item.title)
        self.year = item.year
        self.doi = places.doi(item.doi)
        self.volume = "" if places.year_as_volume(volume, item.year) else volume
        self.pages = places.pages(item.pages)
        self.accessions = _identities(item)

    @property
    def sort(self) -> str:
        """What it is instead of an article."""
        if self._sort is None:
            self._sort = _sort(self._item.journal, self.doi)
        return self._sort

    @property
    def journal(self) -> str:
        """Of an article, as it came."""
        return "" if self.sort else self._item.journal

    @property
    def issue(self) -> str:
        """Its number."""
        return places.number(self._item.issue)

    @property
    def authors(self) -> tuple[Name, ...]:
        """All that are named."""
        if self._authors is None:
            self._authors = names(self._item.authors)
        return self._authors

    def forget(self) -> None:
        """Read the authors anew when they are asked for next: kept for all that were compared, they are most of it."""
        self._authors = None

    @property
    def congress(self) -> bool:
        """Whether it stands among the abstracts of a congress: named so, or in a supplement, on one page."""
        item = self._item
        if CONGRESS.search(item.journal):
            return True
        supplement = "s" in self.pages.mark or SUPPLEMENT.search(f"{item.issue} {item.volume}") is not None
        return supplement and self.pages.first > 0 and self.pages.last <= self.pages.first

    @property
    def trials(self) -> frozenset[str]:
        """Trial registration numbers in title, journal and the item's own accessions."""
        if self._trials is None:
            self._trials = _trials(self._item)
        return self._trials

    @property
    def families(self) -> tuple[str, ...]:
        """Family names of the first three authors; of fewer where fewer are named."""
        return families(self._item.authors[:FIRST])[:FIRST]

    @property
    def signature(self) -> Hashable:
        """What a comparison depends on: the item without its id and abstract."""
        return replace(self._item, id="", abstract="")


def _sort(journal: str, doi: str) -> str:
    named = _sort_of(journal)
    if named in ("registry", "preprint"):
        return named
    if doi and PREPRINT_DOI.match(doi):
        return "preprint"
    return named or ("data" if doi and DATA_DOI.match(doi) else "")


@lru_cache(maxsize=65536)
def _sort_of(journal: str) -> str:
    if REGISTRY.search(journal):
        return "registry"
    return "preprint" if PREPRINT.search(journal) else "data" if DATA.search(journal) else ""


def _identities(item: Item) -> frozenset[tuple[str, str]]:
    if not item.accessions:
        return frozenset()
    folded = ((scheme.casefold(), value.strip().casefold()) for scheme, value in item.accessions)
    return frozenset((scheme, value) for scheme, value in folded if value and scheme in IDENTITIES)


def _trials(item: Item) -> frozenset[str]:
    where = " ".join((item.title, item.journal, *(value for _, value in item.accessions)))
    return frozenset(found.upper() for found in TRIAL_ID.findall(where))
