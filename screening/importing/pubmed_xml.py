"""PubMed XML: articles and books of the NLM's "PubMed DTD", as efetch gives them.

Fields are those that Zotero's "PubMed XML" translator takes: a title without its full stop, page ranges written out in
full, the publisher's item number where there are no pages.
"""

from __future__ import annotations

from lxml import etree

from . import clean
from .accessions import Accession, by_shape
from .draft import Draft
from .xml_tree import every, one, text

_NO_TITLE = frozenset(("not available", "in process citation"))
# What happened to an article, where only the notice of it says so (NLM, "CommentsCorrections" RefType).
_MARKS = {
    "RetractionIn": "Retracted Publication",
    "PartialRetractionIn": "Retracted Publication (in part)",
    "ExpressionOfConcernIn": "Expression of Concern",
}


def draft(root: etree._Element) -> Draft:
    """The fields of a PubmedArticle, a PubmedBookArticle or a bare MedlineCitation."""
    book = root.find("BookDocument")
    if book is not None:
        return _book(root, book)
    citation = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    return _article(root, citation if citation is not None else root)


def _article(root: etree._Element, citation: etree._Element) -> Draft:
    article = citation.find("Article")
    article = article if article is not None else citation
    return Draft(
        title=_title(article),
        authors=_people(article),
        year=_year(root, article),
        journal=one(
            article, "Journal/Title", "Journal/ISOAbbreviation", ".//MedlineTA"
        ) or one(citation, "MedlineJournalInfo/MedlineTA"),
        volume=one(article, "Journal/JournalIssue/Volume"),
        issue=one(article, "Journal/JournalIssue/Issue"),
        pages=_pages(article) or one(article, 'ELocationID[@EIdType="pii"]'),
        doi=_doi(root, article),
        abstract=_abstract(article.findall("Abstract/AbstractText") or citation.findall("OtherAbstract/AbstractText")),
        language="; ".join(every(article, "Language")),
        type=_types(article.findall("PublicationTypeList/PublicationType"), citation),
        keywords=every(citation, "KeywordList/Keyword") + _headings(citation),
        accessions=_accessions(root, citation),
    )  # fmt: skip


def _book(root: etree._Element, document: etree._Element) -> Draft:
    book = document.find("Book")
    book = book if book is not None else document
    chapter, title = _bare(one(document, "ArticleTitle")), _bare(one(book, "BookTitle"))
    return Draft(
        title=chapter or title,
        authors=(_people(document) if book is not document else []) + _people(book),
        year=one(book, "PubDate/Year", "PubDate/MedlineDate") or one(document, "ContributionDate/Year"),
        journal=title if chapter else one(book, "CollectionTitle"),
        volume=one(book, "Volume"),
        pages=_pages(document),
        doi=_doi(root, document) or _doi(root, book),
        abstract=_abstract(document.findall("Abstract/AbstractText")),
        language="; ".join(every(document, "Language")),
        type=_types(document.findall("PublicationType"), document) or ("Book chapter" if chapter else "Book"),
        keywords=every(document, "KeywordList/Keyword"),
        accessions=_accessions(root, document),
    )


def _title(article: etree._Element) -> str:
    title = _bare(one(article, "ArticleTitle"))
    if not title or title.strip("[]. ").lower() in _NO_TITLE:
        return _bare(one(article, "VernacularTitle")) or title
    return title


def _bare(title: str) -> str:
    return clean.text(title).removesuffix(".")


def _people(parent: etree._Element) -> list[str]:
    """Authors in order, persons and groups; the editors where nobody else is named."""
    lists = parent.findall("AuthorList")
    writers = [people for people in lists if people.get("Type") != "editors"]
    found = [author for people in (writers or lists) for author in people.findall("Author")]
    valid = [author for author in found if author.get("ValidYN") != "N"]  # the misspelt form that an erratum corrects
    return [_name(author) for author in valid or found]


def _name(author: etree._Element) -> str:
    last, first = one(author, "LastName"), one(author, "ForeName", "FirstName", "Initials")
    parts = (last, first, one(author, "Suffix") if first else "")
    return ", ".join(part for part in parts if part) or one(author, "CollectiveName")


def _year(root: etree._Element, article: etree._Element) -> str:
    """Of the issue ("1998 Dec-1999 Jan" is 1998); else of the electronic article; else of its arrival in PubMed."""
    issue = "Journal/JournalIssue/PubDate"
    return one(article, f"{issue}/Year", f"{issue}/MedlineDate", "ArticleDate/Year") or one(
        root, 'PubmedData/History/PubMedPubDate[@PubStatus="pubmed"]/Year'
    )


def _pages(article: etree._Element) -> str:
    written = one(article, "Pagination/MedlinePgn")
    if not written:
        written = clean.pages(one(article, "Pagination/StartPage"), one(article, "Pagination/EndPage"))
    return clean.in_full(written)


def _doi(root: etree._Element, article: etree._Element) -> str:
    listed = one(
        root,
        *(
            f'{data}/ArticleIdList/ArticleId[@IdType="doi"]'
            for data in ("PubmedData", "PubmedBookData", "BookDocument")
        ),
    )
    if clean.doi(listed):
        return listed
    places = article.findall('ELocationID[@EIdType="doi"]')
    return next((found for place in places if place.get("ValidYN") != "N" and (found := text(place).strip())), "")


def _abstract(sections: list[etree._Element]) -> str:
    """A paragraph for each section, with its label as the journal prints it."""
    return "\n".join(paragraph for section in sections if (paragraph := _section(section)))


def _section(section: etree._Element) -> str:
    words, label = clean.text(text(section)), clean.text(section.get("Label") or "")
    return f"{label}: {words}" if words and label and label.upper() != "UNLABELLED" else words


def _types(listed: list[etree._Element], citation: etree._Element) -> str:
    """Publication types; first what a reviewer must not miss, since the column that holds them is short."""
    names = [name for element in listed if (name := clean.text(text(element)))]
    for comment in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        mark = _MARKS.get(comment.get("RefType") or "")
        if mark and mark not in names:
            names.append(mark)
    return "; ".join(sorted(dict.fromkeys(names), key=lambda name: name not in _MARKS.values()))


def _headings(citation: etree._Element) -> list[str]:
    """MeSH as in the MEDLINE format: "Graves Disease/*radiotherapy"; a star marks what the article is mainly about."""
    return [
        "/".join(_starred(part) for part in heading if part.tag in ("DescriptorName", "QualifierName"))
        for heading in citation.findall("MeshHeadingList/MeshHeading")
    ]


def _starred(part: etree._Element) -> str:
    return ("*" if part.get("MajorTopicYN") == "Y" else "") + clean.text(text(part))


def _accessions(root: etree._Element, citation: etree._Element) -> list[Accession]:
    numbers = citation.findall("PMID")  # of several, the latest version is the one that is meant
    latest = max(numbers, key=lambda number: _version(number.get("Version")), default=None)
    found = [("pmid", number)] if (number := clean.text(text(latest))) else []
    ids = every(root, *(f'{data}/ArticleIdList/ArticleId[@IdType="pmc"]' for data in ("PubmedData", "PubmedBookData")))
    found += [pair for value in ids if (pair := by_shape(value))]
    trials = every(citation, "Article/DataBankList/DataBank/AccessionNumberList/AccessionNumber")
    found += [pair for value in trials if (pair := by_shape(value)) and pair[0] == "nct"]
    found += [("bookshelf", value) for value in every(citation, 'ArticleIdList/ArticleId[@IdType="bookaccession"]')]
    return found


def _version(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() else 0
