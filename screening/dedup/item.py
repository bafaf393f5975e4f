"""What goes into the engine and what comes out: plain frozen rows, no database."""

from dataclasses import dataclass
from typing import Literal

Tier = Literal["certain", "possible", "related"]
Proposal = Literal["duplicate", "same_study", "correction"]


@dataclass(frozen=True, slots=True)
class Item:
    """One citation or record to compare, fields as they came.

    `authors` are names in any style; `accessions` are (scheme, id), e.g. ("pmid", "123"). Only `id` has to be there.
    """

    id: str
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    abstract: str = ""
    accessions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items (`a` < `b`) that are, or may be, the same bibliographic item.

    `score` is 0..1; `tier` "certain" may be merged by the machine, "possible" is for a person; `reason` is a sentence.
    `proposal` is what a possible pair may be instead; a "related" pair is nothing else. For `sort` and `of_first` see
    `relations.Relation`.
    """

    a: str
    b: str
    score: float
    tier: Tier
    reason: str
    proposal: Proposal = "duplicate"
    sort: str = ""
    of_first: bool = False
