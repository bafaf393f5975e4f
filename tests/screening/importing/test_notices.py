"""What an entry says of a retraction or a correction elsewhere than in its type."""

import pytest

from screening.importing import parse
from screening.importing.notices import types

MEDLINE = "PMID- 1\nTI  - Honey against cough\nPT  - Journal Article\nPT  - Randomized Controlled Trial\n{}\n"
XML = (
    "<?xml version='1.0'?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
    "<ArticleTitle>Honey against cough</ArticleTitle><PublicationTypeList><PublicationType>Journal Article"
    "</PublicationType></PublicationTypeList></Article><CommentsCorrectionsList><CommentsCorrections "
    'RefType="{}"><RefSource>Invented J</RefSource></CommentsCorrections></CommentsCorrectionsList>'
    "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
)
RIS = "TY  - JOUR\nTI  - Honey against cough\n{}\nER  - \n"


def type_of(text: str) -> str:
    (citation,) = parse(text.encode()).citations
    return citation.type


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("RIN - Invented J. 2010;3:1. PMID: 2", "Retracted Publication"),
        ("PRIN- Invented J. 2010;3:1. PMID: 2", "Retracted Publication"),
        ("PT  - Retracted Publication", "Retracted Publication"),
        ("ECI - Invented J. 2010;3:1. PMID: 2", "Expression of Concern"),
        ("EIN - Invented J. 2010;3:1. PMID: 2", "Corrected Publication"),
        ("CRI - Invented J. 2010;3:1. PMID: 2", "Corrected Publication"),
    ],
)
def test_fields_of_medline_come_first_among_the_types_where_nothing_cuts_them_off(line, first):
    assert type_of(MEDLINE.format(line)) == f"{first}; Journal Article; Randomized Controlled Trial"


@pytest.mark.parametrize(
    ("reference", "first"),
    [
        ("RetractionIn", "Retracted Publication; "),
        ("ErratumIn", "Corrected Publication; "),
        ("CommentIn", ""),
        ("ErratumFor", ""),
    ],
)
def test_references_of_pubmed_xml_say_the_same(reference, first):
    assert type_of(XML.format(reference)) == f"{first}Journal Article"


@pytest.mark.parametrize(
    ("note", "first"),
    [
        ("N1  - 1234-5678\nOkafor, Ada\nRetraction in: Invented J. 2010;3:1", "Retracted Publication; "),
        ("N1  - Retraction in (RIN)", "Retracted Publication; "),
        ("N1  - Journal Article\nRetracted Publication\nEngland", "Retracted Publication; "),
        ("N1  - England. Erratum in: Invented J. 2010;3:1", "Corrected Publication; "),
        ("N2  - Retraction in rats was slower than in mice. Wound retraction in all.", ""),
        ("N2  - We counted retracted publications, and asked their authors.", ""),
    ],
)
def test_notes_of_reference_managers_are_read_and_prose_is_not(note, first):
    assert type_of(RIS.format(note)) == f"{first}Journal article"


def test_each_type_stands_once():
    assert (
        types("Journal Article; Retracted Publication", "PMID- 1\nRIN - x") == "Retracted Publication; Journal Article"
    )
    assert types("", "PMID- 1\nRIN - x\nEIN - y") == "Retracted Publication; Corrected Publication"
    assert types("Journal Article", "nothing") == "Journal Article"
