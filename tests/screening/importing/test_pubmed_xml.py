"""PubMed XML: the fields of articles and books, as Zotero's translator takes them."""

from screening.importing import ParsedCitation, parse


def article(inner: str = "", *, title: str = "Sleep and work.", after: str = "", data: str = "") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>{title}</ArticleTitle>{inner}</Article>"
        f"{after}</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def only(text: str) -> ParsedCitation:
    parsed = parse(f"<PubmedArticleSet>{text}</PubmedArticleSet>".encode())
    assert not parsed.rejects, parsed.rejects
    return parsed.citations[0]


def test_a_title_loses_its_full_stop_and_its_mark_up() -> None:
    assert only(article(title="The <i>APOE</i> locus &amp; sleep.")).title == "The APOE locus & sleep"


def test_a_title_that_is_not_there_is_the_vernacular_one() -> None:
    inner = "<VernacularTitle>Schlaf und Arbeit.</VernacularTitle>"

    assert only(article(inner, title="[Not Available].")).title == "Schlaf und Arbeit"
    assert only(article(inner, title="[Sleep and work].")).title == "[Sleep and work]"


def test_groups_keep_their_place_among_the_authors_and_misspelt_names_go() -> None:
    inner = (
        "<AuthorList><Author ValidYN='N'><LastName>Oot</LastName><ForeName>I</ForeName></Author>"
        "<Author><LastName>Ott</LastName><ForeName>Ina</ForeName><Initials>I</Initials></Author>"
        "<Author><CollectiveName>SLEEP Group</CollectiveName></Author>"
        "<Author><LastName>Ray</LastName><Initials>B</Initials><Suffix>Jr</Suffix></Author></AuthorList>"
    )
    assert only(article(inner)).authors == ("Ott, Ina", "SLEEP Group", "Ray, B, Jr")


def test_editors_stand_in_where_there_are_no_authors() -> None:
    people = "<AuthorList Type='{}'><Author><LastName>{}</LastName></Author></AuthorList>"

    assert only(article(people.format("editors", "Ed") + people.format("authors", "Ott"))).authors == ("Ott",)
    assert only(article(people.format("editors", "Ed"))).authors == ("Ed",)


def issue(date: str) -> str:
    return (
        f"<Journal><JournalIssue><Volume>7</Volume><Issue>2</Issue><PubDate>{date}</PubDate></JournalIssue></Journal>"
    )


def test_the_year_is_that_of_the_issue_however_it_is_written() -> None:
    online = "<ArticleDate><Year>2019</Year></ArticleDate>"

    assert only(article(issue("<Year>2020</Year>") + online)).year == 2020
    assert only(article(issue("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>"))).year == 1998
    assert only(article(issue("") + online)).year == 2019


def test_pages_are_written_out_and_an_item_number_stands_for_missing_ones() -> None:
    pii = "<ELocationID EIdType='pii'>e42</ELocationID>"

    assert only(article("<Pagination><MedlinePgn>132-42, 150</MedlinePgn></Pagination>" + pii)).pages == "132-142, 150"
    pair = "<Pagination><StartPage>132</StartPage><EndPage>42</EndPage></Pagination>"
    assert only(article(pair)).pages == "132-142"
    assert only(article(pii)).pages == "e42"


def test_the_doi_is_the_articles_own_and_not_that_of_a_reference() -> None:
    references = (
        "<ReferenceList><Reference><ArticleIdList><ArticleId IdType='doi'>10.1000/other</ArticleId></ArticleIdList>"
        "</Reference></ReferenceList>"
    )
    ids = (
        "<ArticleIdList><ArticleId IdType='doi'>10.1000/ABC</ArticleId><ArticleId IdType='pmc'>PMC7</ArticleId>"
        "</ArticleIdList>"
    )
    places = (
        "<ELocationID EIdType='doi' ValidYN='N'>10.1000/wrong</ELocationID>"
        "<ELocationID EIdType='doi'>10.1000/right</ELocationID>"
    )

    listed = only(article(places, data=references + ids))
    assert listed.doi == "10.1000/abc"
    assert listed.accessions == (("pmid", "1"), ("pmcid", "PMC7"))
    assert only(article(places, data=references)).doi == "10.1000/right"
    assert only(article(data=references)).doi == ""


def test_a_structured_abstract_keeps_its_labels_one_paragraph_each() -> None:
    inner = (
        "<Abstract><AbstractText Label='AIM'>To\n  sleep.</AbstractText>"
        "<AbstractText Label='UNLABELLED'>More.</AbstractText><AbstractText Label='FUNDING'/></Abstract>"
    )
    assert only(article(inner)).abstract == "AIM: To sleep.\nMore."
    other = "<OtherAbstract Language='spa'><AbstractText>Dormir.</AbstractText></OtherAbstract>"
    assert only(article(after=other)).abstract == "Dormir."


def test_a_retraction_is_said_first_even_if_only_its_notice_says_so() -> None:
    types = (
        "<Language>eng</Language><Language>ger</Language><PublicationTypeList><PublicationType>Journal Article"
        "</PublicationType>{}</PublicationTypeList>"
    )
    marked = types.format("<PublicationType>Retracted Publication</PublicationType>")
    notice = "<CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'/></CommentsCorrectionsList>"

    for found in (only(article(marked)), only(article(types.format(""), after=notice))):
        assert found.type == "Retracted Publication; Journal Article"
        assert found.language == "eng; ger"


def test_keywords_and_mesh_are_as_in_the_medline_format() -> None:
    after = (
        "<KeywordList><Keyword>naps</Keyword></KeywordList><MeshHeadingList><MeshHeading><DescriptorName>Sleep"
        "</DescriptorName><QualifierName MajorTopicYN='Y'>physiology</QualifierName></MeshHeading></MeshHeadingList>"
    )
    bank = (
        "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT01234567</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
    )
    found = only(article(bank, after=after))

    assert found.keywords == ("naps", "Sleep/*physiology")
    assert ("nct", "NCT01234567") in found.accessions


def test_a_chapter_stands_in_its_book_and_a_book_for_itself() -> None:
    book = (
        "<PubmedBookArticle><BookDocument><PMID>2</PMID>{}<Book><BookTitle>StatPearls.</BookTitle><PubDate><Year>2021"
        "</Year></PubDate><AuthorList Type='editors'><Author><LastName>Ed</LastName></Author></AuthorList></Book>"
        "<ArticleIdList><ArticleId IdType='bookaccession'>NBK7</ArticleId></ArticleIdList></BookDocument>"
        "</PubmedBookArticle>"
    )
    whole = only(book.format(""))
    chapter = only(
        book.format(
            "<ArticleTitle>Naps.</ArticleTitle><AuthorList><Author><LastName>Ott</LastName></Author></AuthorList>"
        )
    )

    assert (whole.title, whole.authors, whole.year, whole.type) == ("StatPearls", ("Ed",), 2021, "Book")
    assert (chapter.title, chapter.journal, chapter.authors[0]) == ("Naps", "StatPearls", "Ott")
    assert chapter.accessions == (("pmid", "2"), ("bookshelf", "NBK7"))


def test_several_replies_of_efetch_in_one_file_are_all_read() -> None:
    reply = f'<?xml version="1.0"?><!DOCTYPE PubmedArticleSet><PubmedArticleSet>{article()}</PubmedArticleSet>\n'

    assert len(parse((reply * 3).encode()).citations) == 3


def test_the_latest_of_several_versions_of_a_number_is_meant() -> None:
    text = article().replace("<PMID>1</PMID>", "<PMID Version='1'>1</PMID><PMID Version='2'>22</PMID>")

    assert only(text).accessions == (("pmid", "22"),)
