"""Citation files (tagged text, BibTeX, XML, tables) to frozen dataclasses. Pure: no Django, no database."""

from .citation import IMPORTER_VERSION, LOCAL, MAX_ENTRY, Entry, NotACitationFile, ParsedCitation, Reject
from .reading import ParsedFile, Reading, gather, open_citations, parse

__all__ = [
    "IMPORTER_VERSION",
    "LOCAL",
    "MAX_ENTRY",
    "Entry",
    "NotACitationFile",
    "ParsedCitation",
    "ParsedFile",
    "Reading",
    "Reject",
    "gather",
    "open_citations",
    "parse",
]
