"""Identifiers of databases: which database does a number belong to?"""

from __future__ import annotations

import re

from .citation import LOCAL
from .clean import text

_SHAPES = (
    ("pmcid", re.compile(r"(?:PMCID:?\s*)?(PMC\d{1,9})(?:\.\d+)?", re.IGNORECASE)),
    ("pmid", re.compile(r"(?:PMID|PUBMED|MEDLINE):?\s*(\d{1,8})", re.IGNORECASE)),
    ("central", re.compile(r"(CN-\d{6,9})", re.IGNORECASE)),
    ("wos", re.compile(r"(?:WOS|ISI):\s*([0-9A-Z]{10,20})", re.IGNORECASE)),
    ("scopus", re.compile(r"(2-s2\.0-\d+)", re.IGNORECASE)),
    ("nct", re.compile(r"(NCT\d{8})", re.IGNORECASE)),
    ("embase", re.compile(r"(?:EMBASE:?\s*(?:L)?|L)(\d{6,12})", re.IGNORECASE)),
    (LOCAL, re.compile(r"(rayyan-\d+)", re.IGNORECASE)),
)
_DATABASES = (
    ("pubmed", "pmid"),
    ("medline", "pmid"),
    ("embase", "embase"),
    ("psycinfo", "psycinfo"),
    ("cinahl", "cinahl"),
    ("eric", "eric"),
    ("cochrane", "central"),
)
_UPPER = {"pmcid", "central", "nct", "wos"}
_URLS = (
    ("pmid", re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|/pubmed)/(\d{1,8})\b")),
    ("pmcid", re.compile(r"/pmc/articles/(PMC\d+)", re.IGNORECASE)),
    ("scopus", re.compile(r"[?&]eid=(2-s2\.0-\d+)")),
    ("embase", re.compile(r"embase\.com/\S*[?&]id=L(\d+)")),
    ("central", re.compile(r"cochranelibrary\.com/central/\S*?(CN-\d{6,9})", re.IGNORECASE)),
    ("nct", re.compile(r"clinicaltrials\.gov/\S*(NCT\d{8})", re.IGNORECASE)),
)
_NOTE = re.compile(r"\bPMID:?\s*(\d{1,8})\b")

Accession = tuple[str, str]


def by_shape(value: str) -> Accession | None:
    """An identifier that tells its database by its form: "PMC123", "CN-00778158", "WOS:000…", "PUBMED 21314913"."""
    for scheme, shape in _SHAPES:
        found = shape.fullmatch(value)
        if found:
            return scheme, found[1].upper() if scheme in _UPPER else found[1]
    return None


def accession(value: str, *, database: str = "", otherwise: str = "accession") -> Accession | None:
    """(scheme, id) of an accession field; the database named beside it decides where the form doesn't."""
    value = text(value)
    if not value:
        return None
    shaped = by_shape(value)
    if shaped:
        return shaped
    named = database.lower()
    for word, scheme in _DATABASES:
        if word in named and (scheme != "pmid" or re.fullmatch(r"\d{1,8}", value)):
            return scheme, value
    return otherwise, value


def in_url(address: str) -> list[Accession]:
    """Identifiers that an address of a database carries."""
    return [(scheme, found[1]) for scheme, shape in _URLS if (found := shape.search(address))]


def in_note(note: str) -> list[Accession]:
    """A number marked as in "PMID: 123", in a note or an "extra" field."""
    found = _NOTE.search(note)
    return [("pmid", found[1])] if found else []
