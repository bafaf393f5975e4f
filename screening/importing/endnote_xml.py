"""EndNote XML (RSXML), as EndNote, Bookends, Mendeley and Zotero write it.

Each text may be in <style> elements, one per change of font; fields are those that Zotero's "Endnote XML" translator
takes. EndNote parts the lines of a text by a carriage return.
"""

from __future__ import annotations

import re

from lxml import etree

from . import clean
from .accessions import Accession, accession, by_shape, in_note, in_url
from .citation import LOCAL
from .draft import Draft
from .xml_tree import every, one, text

# Numbers of types, for files that leave out the name (EndNote's "RefTypeTable"; those that reviews meet).
_TYPES = {
    "5": "Book Section", "6": "Book", "9": "Computer Program", "10": "Conference Proceedings", "12": "Web Page",
    "13": "Generic", "17": "Journal Article", "19": "Magazine Article", "23": "Newspaper Article", "25": "Patent",
    "26": "Personal Communication", "27": "Report", "28": "Edited Book", "32": "Thesis", "34": "Unpublished Work",
    "36": "Manuscript", "43": "Electronic Article", "44": "Electronic Book", "45": "Online Database",
    "46": "Government Document", "47": "Conference Paper", "56": "Blog", "57": "Serial", "58": "Standard",
    "59": "Dataset", "60": "Electronic Book Section",
}  # fmt: skip
_BREAK = re.compile(r"[\r\n;]+")
_ARTICLE_NUMBER = re.compile(r"(?:[Aa]rticle )?[A-Za-z]{0,4}\d[\w.-]{0,15}")
_IN_JOURNALS = frozenset(("Journal Article", "Magazine Article", "Newspaper Article", "Electronic Article"))


def draft(root: etree._Element) -> Draft:
    """The fields of a record."""
    kind = _type(root)
    title = one(root, "titles/title", "titles/translated-title", "titles/short-title")
    return Draft(
        title=title,
        authors=[name.rstrip(", ") for name in _people(root)],
        year=_year(root),
        journal=_journal(root, kind),
        volume=one(root, "volume"),
        issue=one(root, "number", "issue"),
        pages=_pages(root),
        doi=_doi(root),
        abstract=clean.paragraphs(one(root, "abstract")),
        url=next((url for address in _addresses(root) if (url := clean.url(address))), ""),
        language=one(root, "language"),
        type=kind,
        keywords=[word for words in every(root, "keywords/keyword") for word in _BREAK.split(words)],
        accessions=_accessions(root),
    )


def _type(root: etree._Element) -> str:
    element = root.find("ref-type")
    if element is None:
        return ""
    return clean.text(element.get("name") or "") or _TYPES.get(text(element).strip(), "")


def _people(root: etree._Element) -> list[str]:
    """The authors, or, where there is none, the editors; the lines of one name are a name each."""
    for group in ("authors", "secondary-authors", "tertiary-authors"):
        if found := every(root, f"contributors/{group}/author"):
            return [name for names in found for name in re.split(r"[\r\n]+(?=\S)", names)]
    return []


def _year(root: etree._Element) -> str:
    years = every(root, "dates/year", "dates/pub-dates/date", "dates/pub-dates", "dates/copyright-dates/date")
    return next((year for year in years if clean.year(year)), years[0] if years else "")


def _journal(root: etree._Element, kind: str) -> str:
    """The list of journals' full name goes first for articles; "secondary-title" is also a book's or a congress's."""
    full, second = "periodical/full-title", "titles/secondary-title"
    first = (full, second) if kind in _IN_JOURNALS or not kind else (second, full)
    return one(root, *first, "alt-periodical/full-title", "titles/alt-title", "periodical/abbr-1")


def _pages(root: etree._Element) -> str:
    """Pages, or the article number that EndNote keeps in custom7."""
    number = one(root, "custom7")
    return clean.pages(one(root, "pages")) or (number if _ARTICLE_NUMBER.fullmatch(number) else "")


def _doi(root: etree._Element) -> str:
    if doi := clean.doi(one(root, "electronic-resource-num")):
        return doi
    # of addresses only the resolver's: others have DOIs of pages and supplements in them
    marked = [value for value in _addresses(root) if "doi.org/" in value.lower()]
    marked += [value for value in every(root, "notes") if "doi:" in value.lower()]
    return next((doi for value in marked if (doi := clean.doi(value))), "")


def _addresses(root: etree._Element) -> list[str]:
    kinds = ("web-urls", "related-urls", "text-urls")
    return every(root, *(f"urls/{kind}/url" for kind in kinds)) or every(root, *(f"urls/{kind}" for kind in kinds))


def _accessions(root: etree._Element) -> list[Accession]:
    database = " ".join((one(root, "remote-database-name"), one(root, "remote-database-provider")))
    found = [accession(part, database=database) for value in every(root, "accession-num") for part in value.split()]
    customs = every(root, "custom1", "custom2", "custom3", "custom7")
    found += [pair for value in customs if (pair := by_shape(value)) and pair[0] == "pmcid"]
    for address in _addresses(root):
        found += in_url(address)
    for note in every(root, "notes"):
        found += in_note(note)
    found += [(LOCAL, number) for number in every(root, "rec-number")]
    return [pair for pair in found if pair]
