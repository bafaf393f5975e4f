"""Which column of a table is which of our fields: by name, for the exports we know; a person's mapping goes first.

Names known: Scopus, Embase, IEEE Xplore, Springer, Cochrane CENTRAL, PubMed, Zotero, RefWorks, BVS/LILACS, Lens,
OpenAlex, Web of Science (tab-delimited), Google Scholar, ClinicalTrials.gov, Abstrackr, ASReview and plain ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .citation import NotACitationFile

_NAMES: dict[str, str] = {
    "title": (
        "title documenttitle itemtitle articletitle primarytitle titleprimary studytitle papertitle "
        "originaltitle publicationname displayname t1 recordtitle"
    ),
    "authors": (
        "authors author authornames authorsprimary firstauthors authorlist authorfullnames contributors "
        "au creators authorshipsauthordisplayname primaryauthors"
    ),
    "year": (
        "year publicationyear pubyear py yearpublished publishedyear datepublished publicationdate date "
        "pubdate dp y1 startdate onlinedate"
    ),
    "journal": (
        "journal sourcetitle periodicalfull journalbook publicationtitle journaltitle sourcename so "
        "publication primarylocationsourcedisplayname secondarytitle titlesecondary alternatetitle1 "
        "alternatetitle3 alternatetitle2 jf t2 source abbreviatedsourcetitle journalabbreviation "
        "periodicalabbrev"
    ),
    "volume": "volume journalvolume volumenumber vol vl vi bibliovolume",
    "issue": "issue issuenumber journalissue is ip biblioissue number",
    "pages": "pages page pagerange pagenumbers articlepages pg artno articlenumber",
    "start_page": "startpage pagestart firstpage sp bibliofirstpage",
    "end_page": "endpage pageend lastpage otherpages ep bibliolastpage",
    "doi": "doi itemdoi digitalobjectidentifier doilink idsdoi di",
    "abstract": "abstract abstractnote abstracttext ab n2 summary notesabstract briefsummary",
    "url": "url link fulltexturl externalurl studyurl primarylocationlandingpageurl pdflink ur links",
    "language": "language languageoforiginaldocument articlelanguage la languages",
    "type": (
        "documenttype publicationtype itemtype referencetype typeofreference contenttype type studytype dt ty category"
    ),
    "keywords": (
        "keywords authorkeywords descriptors keyword manualtags tags freekeywords de kw mesh meshterms "
        "emtreedrugindextermsmajorfocus"
    ),
    "index_keywords": (
        "indexkeywords automatictags ieeeterms keywordsplus embasekeywords emtreemedicalindexterms conditions"
    ),
    "pmid": "pmid pubmedid medlinepmid idspmid pm pubmed",
    "pmcid": "pmcid pmc idspmcid",
    "embase": "embaseid embaseaccessionid embasenumber",
    "scopus": "eid scopusid scopuseid",
    "wos": "utuniquewosid wosid wosuid accessionnumberwos",
    "central": "centralid cochraneid",
    "nct": "nctnumber nctid ctgovid",
    "lens": "lensid",
    "openalex": "openalexid idsopenalex",
    "accession": "accessionnumber accession accessionno an",
    "local": "id recordid key referenceid internalid citationid uniqueid",
}
ALIASES = {field: names.split() for field, names in _NAMES.items()}
FIELDS = tuple(ALIASES)
ACCESSION_FIELDS = FIELDS[FIELDS.index("pmid") :]

# Web of Science heads its columns with its two-letter tags, some of which mean something else elsewhere.
_WOS_MARKS = {"PT", "AU", "TI", "SO"}
_WOS = {
    "title": "TI",
    "authors": "AF",
    "year": "PY",
    "journal": "SO",
    "volume": "VL",
    "issue": "IS",
    "pages": "AR",
    "start_page": "BP",
    "end_page": "EP",
    "doi": "DI",
    "abstract": "AB",
    "language": "LA",
    "type": "DT",
    "keywords": "DE",
    "index_keywords": "ID",
    "pmid": "PM",
    "wos": "UT",
}


def is_wos(columns: Sequence[str]) -> bool:
    """Is this the tab-delimited export of Web of Science?"""
    return set(columns) >= _WOS_MARKS


def plain(name: str) -> str:
    """A column's name without what exporters vary: "Author(s)" and "Author/s" are "authors"."""
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Our field -> column name, as far as the names tell; no column is used twice."""
    if is_wos(columns):
        return {field: column for field, column in _WOS.items() if column in columns}
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(plain(column), column)
    found = {field: by_name[name] for field in FIELDS if (name := _first(ALIASES[field], by_name))}
    if "title" not in found and "ti" in by_name:
        found["title"] = by_name["ti"]
    return found


def _first(names: list[str], known: Mapping[str, str]) -> str:
    return next((name for name in names if name in known), "")


def settle(columns: Sequence[str], mapping: Mapping[str, str] | None) -> dict[str, str]:
    """The mapping to read by: the guess, corrected by the person's; "" takes a field out.

    Raises NotACitationFile for a field or a column that does not exist.
    """
    settled = guess(columns)
    for field, column in (mapping or {}).items():
        if field not in FIELDS:
            raise NotACitationFile(
                f"“{field}” is not a field that a column can be mapped to. These are: {', '.join(FIELDS)}."
            )
        if column and column not in columns:
            raise NotACitationFile(f"There is no column “{column}” in this table. Its columns are: {listed(columns)}.")
        settled[field] = column
    return {field: column for field, column in settled.items() if column}


def listed(columns: Sequence[str]) -> str:
    """Column names for a message, shortened."""
    shown = [f"“{column[:60]}”" for column in columns if column][:40]
    return ", ".join(shown) + (", …" if len(columns) > len(shown) else "")


def no_title(columns: Sequence[str]) -> NotACitationFile:
    """The refusal of a table in which no column is known to hold titles."""
    return NotACitationFile(
        f"This table has no column that is known to hold titles. Its columns are: {listed(columns)}. "
        "Say which of them holds the title (mapping: title = that column), or rename it to “Title”. "
        "If the first row is not a header, add one.",
        columns=columns,
    )
