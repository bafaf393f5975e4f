"""What the demonstration is made of. All of it is invented, and every record says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

MET, NOT_MET, UNCLEAR = "met", "not_met", "unclear"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question of the protocol, in the words of the enums (facet P/I/C/O/S/other, polarity, if_not_reported)."""

    key: str
    label: str
    text: str
    facet: str
    polarity: str
    if_not_reported: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """The invented review: its question, criteria and exclusion reasons in order (the first that applies is given)."""

    title: str
    question: str
    criteria: tuple[Criterion, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is the case with a record, known to the builder only. `reason` is "" unless the verdict is exclude."""

    work: str
    criteria: Mapping[str, str]
    verdict: str
    reason: str
    hard: float = 0.0  # 0..1: how easily a careful person errs on it


@dataclass(frozen=True, slots=True)
class Article:
    """One bibliographic item before a database gets hold of it. `journal` is a pair: full name, abbreviation."""

    work: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    year: int
    journal: tuple[str, str]
    volume: str
    issue: str
    pages: str
    doi: str
    keywords: tuple[str, ...]
    language: str
    kind: str  # journal article, review, conference abstract, editorial, erratum, ...
    number: int  # invented accession numbers are made of it
    truth: Truth


@dataclass(frozen=True, slots=True)
class Row:
    """An article as one database holds it. `change` names what was done to it ("" for the first copy)."""

    article: Article
    change: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One export: file name and bytes, and what a team would note of the search."""

    filename: str
    content: bytes
    source_name: str
    kind: str
    platform: str
    date_searched: date
    strategy: str


@dataclass(frozen=True, slots=True)
class FullText:
    """The report of a work as a PDF, under the name that a reference manager gave it."""

    work: str
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Everything `build` makes. `truth` is keyed by `key_of(doi, title)`, both by DOI and by title.

    `copies` lists the works that stand in the files more than once, with the change of each copy; `traps` pairs of
    different works (as `key_of` keys) that only look alike.
    """

    files: tuple[SourceFile, ...]
    protocol: Protocol
    truth: Mapping[str, Truth]
    citations: int
    copies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traps: tuple[tuple[str, str], ...] = ()
