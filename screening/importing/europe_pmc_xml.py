"""Europe PMC XML: the result type "core" of its RESTful web service.

Titles and abstracts are HTML inside XML: mark-up is taken out, and a heading in an abstract begins a paragraph, as a
label does in PubMed XML.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from . import clean
from .accessions import Accession, by_shape
from .draft import Draft
from .xml_tree import every, one

_HEADING = re.compile(r"<h\d>(.{0,200}?)</h\d>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|sec)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
# What happened to an article, where only its list of comments says so.
_MARKS = {
    "retraction in": "Retracted Publication",
    "partial retraction in": "Retracted Publication",
    "expression of concern in": "Expression of Concern",
    "erratum in": "Corrected Publication",
    "corrected and republished in": "Corrected Publication",
}


def draft(root: etree._Element) -> Draft:
    """The fields of a `result`."""
    return Draft(
        title=clean.text(_plain(one(root, "title"))).removesuffix("."),
        authors=_people(root),
        year=one(root, "journalInfo/yearOfPublication", "pubYear", "firstPublicationDate"),
        journal=one(
            root, "journalInfo/journal/title", "journalTitle", "bookOrReportDetails/comprisingTitle",
            "bookOrReportDetails/publisher",
        ),
        volume=one(root, "journalInfo/volume", "journalVolume"),
        issue=one(root, "journalInfo/issue", "issue"),
        pages=clean.in_full(one(root, "pageInfo")),
        doi=one(root, "doi", "DOI"),
        abstract=_abstract(one(root, "abstractText")),
        language=one(root, "language"),
        type=_types(root),
        keywords=every(root, "keywordList/keyword") + _headings(root),
        accessions=_accessions(root),
    )  # fmt: skip


def _plain(text: str) -> str:
    return unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text


def _abstract(text: str) -> str:
    """A paragraph for each section, its heading in front as "Heading: …"."""
    parts = _HEADING.split(text)  # what stands before the first heading, then heading, words, heading, words …
    sections = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    return "\n".join(paragraph for heading, words in sections if (paragraph := _section(heading, words)))


def _section(heading: str, words: str) -> str:
    label = clean.text(_plain(heading)).rstrip(":")
    body = clean.paragraphs(_plain(_BREAK.sub("\n", words)))
    return f"{label}: {body}" if label and body else body


def _people(root: etree._Element) -> list[str]:
    """Persons and groups in order; where the list is missing, the line of names ("Trager W, Jensen JB.")."""
    listed = [name for author in root.iterfind("authorList/author") if (name := _name(author))]
    line = one(root, "authorString").rstrip(".")
    return listed or [_turned(name) for name in line.split(", ") if name]


def _name(author: etree._Element) -> str:
    last, first = one(author, "lastName"), one(author, "firstName", "initials")
    if last:
        return f"{last}, {first}" if first else last
    return one(author, "collectiveName") or _turned(one(author, "fullName"))


def _turned(name: str) -> str:
    """ "Jensen JB" as "Jensen, JB"; a name that does not end in initials stays as it is."""
    last, _, initials = name.strip().rpartition(" ")
    return f"{last}, {initials}" if last and initials.isalpha() and initials.isupper() and len(initials) <= 4 else name


def _types(root: etree._Element) -> str:
    """Publication types; first what a reviewer must not miss, since the column that holds them is short."""
    names = every(root, "pubTypeList/pubType")
    for kind in every(root, "commentCorrectionList/commentCorrection/type"):
        mark = _MARKS.get(kind.lower())
        if mark and mark.lower() not in (name.lower() for name in names):
            names.append(mark)
    return "; ".join(sorted(dict.fromkeys(names), key=lambda name: name not in _MARKS.values()))


def _headings(root: etree._Element) -> list[str]:
    """MeSH as in the MEDLINE format: "Graves Disease/*radiotherapy"."""
    return [heading for one_ in root.iterfind("meshHeadingList/meshHeading") for heading in _heading(one_)]


def _heading(heading: etree._Element) -> list[str]:
    name = _starred(one(heading, "descriptorName"), one(heading, "majorTopic_YN"))
    parts = heading.findall("meshQualifierList/meshQualifier")
    qualifiers = [_starred(one(part, "qualifierName"), one(part, "majorTopic_YN")) for part in parts]
    return ["/".join([name, *filter(None, qualifiers)])] if name else []


def _starred(name: str, major: str) -> str:
    return f"*{name}" if name and major == "Y" else name


def _accessions(root: etree._Element) -> list[Accession]:
    """The PubMed and PMC numbers, else Europe PMC's own ("PPR170401" of source PPR, a preprint)."""
    number = one(root, "pmid")
    found: list[Accession] = [("pmid", number)] if number.isdigit() else []
    found += [pair for value in every(root, "pmcid") if (pair := by_shape(value))]
    own, source = one(root, "id"), one(root, "source")
    return found or ([("europepmc", f"{source}/{own}")] if own and source else [])
