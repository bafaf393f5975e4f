"""EndNote XML: the fields of its records, in and out of style elements."""

from screening.importing import ParsedCitation, parse


def styled(text: str, face: str = "normal") -> str:
    return f'<style face="{face}" font="default" size="100%">{text}</style>'


def only(inner: str, kind: str = '<ref-type name="Journal Article">17</ref-type>') -> ParsedCitation:
    record = f"<record><rec-number>7</rec-number>{kind}{inner}</record>"
    parsed = parse(f"<xml><records>{record}</records></xml>".encode())
    assert not parsed.rejects, parsed.rejects
    return parsed.citations[0]


def title(text: str = "Sleep") -> str:
    return f"<titles><title>{styled(text)}</title><secondary-title>{styled('Sleep J')}</secondary-title></titles>"


def test_a_text_in_many_styles_is_one_text() -> None:
    parts = (
        styled("Effects of ") + styled("E. coli", "italic") + styled(" on H") + styled("2", "subscript") + styled("O")
    )

    assert only(f"<titles><title>{parts}</title></titles>").title == "Effects of E. coli on H2O"


def test_the_fields_of_an_article() -> None:
    found = only(
        "<contributors><authors><author>" + styled("Ott, I.") + "</author><author>WHO,</author></authors>"
        "</contributors>"
        + title()
        + "<periodical><full-title>Journal of Sleep</full-title></periodical><pages>943-7</pages><volume>12</volume>"
        "<number>3</number><dates><year>" + styled("2015") + "</year><pub-dates><date>Jan 3</date></pub-dates></dates>"
        "<keywords><keyword>naps</keyword><keyword>a&#xD;b; c</keyword></keywords><language>eng</language>"
        "<electronic-resource-num>https://doi.org/10.1000/X</electronic-resource-num>"
        "<abstract>One.&#xD;Two.</abstract><urls><related-urls><url>http://example.org/1</url></related-urls></urls>"
    )  # fmt: skip

    assert (found.authors, found.year, found.journal) == (("Ott, I.", "WHO"), 2015, "Journal of Sleep")
    assert (found.volume, found.issue, found.pages, found.doi) == ("12", "3", "943-7", "10.1000/x")
    assert found.keywords == ("naps", "a", "b", "c")
    assert (found.abstract, found.language, found.type) == ("One.\nTwo.", "eng", "Journal Article")
    assert (found.url, found.accessions) == ("http://example.org/1", (("local", "7"),))


def test_a_chapter_is_in_its_book_whose_editors_are_not_its_authors() -> None:
    people = (
        "<contributors><secondary-authors><author>Ed, A.</author></secondary-authors><authors><author>Ott, I.</author>"
        "</authors></contributors>"
    )
    found = only(people + title() + "<periodical><full-title>Short</full-title></periodical>", "<ref-type>5</ref-type>")

    assert (found.type, found.journal, found.authors) == ("Book Section", "Sleep J", ("Ott, I.",))


def test_an_accession_number_belongs_to_the_database_named_beside_it() -> None:
    number = title() + "<accession-num>12345678</accession-num>"

    assert ("pmid", "12345678") in only(number + "<remote-database-name>MEDLINE</remote-database-name>").accessions
    assert ("accession", "12345678") in only(number).accessions
    assert ("pmcid", "PMC77") in only(title() + "<custom2>PMC77</custom2>").accessions


def test_an_article_number_stands_for_missing_pages() -> None:
    assert only(title() + "<custom7>e0123456</custom7>").pages == "e0123456"
    assert only(title() + "<custom7>see the notes of 3 May</custom7>").pages == ""
    assert only(title() + "<custom7>e1</custom7><pages>5-9</pages>").pages == "5-9"


def test_a_doi_is_found_in_an_address_and_a_year_in_another_date() -> None:
    urls = "<urls><web-urls><url>https://doi.org/10.1000/y</url></web-urls></urls>"
    found = only(title() + urls + "<dates><pub-dates><date>3 May 2011</date></pub-dates></dates>")

    assert (found.doi, found.year) == ("10.1000/y", 2011)


def test_the_address_of_a_page_of_central_is_its_number_and_no_doi() -> None:
    url = "https://www.cochranelibrary.com/central/doi/10.1002/central/CN-02017416/full"
    found = only(title() + f"<urls><related-urls><url>{url}</url></related-urls></urls>")

    assert (found.doi, found.accessions[0]) == ("", ("central", "CN-02017416"))
