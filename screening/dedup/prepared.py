"""An item made comparable, once, so that every comparison is cheap."""

from functools import lru_cache
from typing import NamedTuple

from screening.dedup import places, text
from screening.dedup.item import Item
from screening.dedup.names import Name, names
from screening.dedup.places import Pages
from screening.dedup.vocabulary import DATA, DATA_DOI, PREPRINT, PREPRINT_DOI, REGISTRY, TRIAL_ID

# Databases whose number names one publication for everyone. Not among them: numbers of a file or of a reference manager
# ("local"), of a database that isn't named ("accession"), and trial numbers, which articles share with their trial.
IDENTITIES = frozenset(
    ("pmid", "pmcid", "embase", "scopus", "wos", "central", "psycinfo", "cinahl", "eric", "lens", "openalex")
)


class Prepared(NamedTuple):
    """The comparable form of one item; "" / () / None / 0 where the item says nothing.

    `sort` is "" or what it is instead of an article: "registry", "preprint" or "data".
    """

    id: str
    title: text.Title
    authors: tuple[Name, ...]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: Pages
    doi: str
    abstract: str
    accessions: frozenset[tuple[str, str]]
    trials: frozenset[str]
    sort: str


def prepare(item: Item) -> Prepared:
    """Normalise one item. Pure: the same item gives the same result."""
    volume, doi = places.number(item.volume), places.doi(item.doi)
    sort = _sort(item.journal, doi)
    return Prepared(
        id=item.id,
        title=text.title(item.title),
        authors=names(item.authors),
        year=item.year,
        journal="" if sort else item.journal,
        volume="" if places.year_as_volume(volume, item.year) else volume,
        issue=places.number(item.issue),
        pages=places.pages(item.pages),
        doi=doi,
        abstract=item.abstract,
        accessions=_identities(item),
        trials=_trials(item),
        sort=sort,
    )


@lru_cache(maxsize=65536)
def _sort(journal: str, doi: str) -> str:
    if REGISTRY.search(journal):
        return "registry"
    if PREPRINT.search(journal) or PREPRINT_DOI.match(doi):
        return "preprint"
    return "data" if DATA.search(journal) or DATA_DOI.match(doi) else ""


def _identities(item: Item) -> frozenset[tuple[str, str]]:
    folded = ((scheme.casefold(), value.strip().casefold()) for scheme, value in item.accessions)
    return frozenset((scheme, value) for scheme, value in folded if value and scheme in IDENTITIES)


def _trials(item: Item) -> frozenset[str]:
    """Trial registration numbers in title, journal and the item's own accessions."""
    where = " ".join((item.title, item.journal, *(value for _, value in item.accessions)))
    return frozenset(found.upper() for found in TRIAL_ID.findall(where))
