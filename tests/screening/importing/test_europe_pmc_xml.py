"""Europe PMC XML: the fields of a result, as PubMed XML has them where both have the record."""

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from screening.importing import Entry, ParsedCitation, parse, xml_formats
from screening.importing.notes import Notes
from tests.search_server import recorded


def only(inner: str) -> ParsedCitation:
    parsed = parse(
        "<responseWrapper><hitCount>1</hitCount><request><queryString>x</queryString></request><resultList>"
        f"<result><id>1</id>{inner}</result></resultList></responseWrapper>".encode()
    )
    assert (parsed.format, parsed.rejects, parsed.notes) == ("europe-pmc-xml", [], [])
    return parsed.citations[0]


def test_a_record_that_pubmed_has_too_is_the_same_from_both() -> None:
    theirs = parse(recorded("europe_pmc/search.xml").encode()).citations
    ours = {
        dict(citation.accessions)["pmid"]: citation
        for citation in parse(recorded("pubmed/efetch.xml").encode()).citations
    }
    for citation in theirs:
        if pmid := dict(citation.accessions).get("pmid"):
            for field in ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "language"):
                assert getattr(citation, field) == getattr(ours[pmid], field), field
            assert citation.abstract.casefold() == ours[pmid].abstract.casefold()


def test_several_replies_in_one_file_are_read_as_one_without_remark() -> None:
    reply = recorded("europe_pmc/search.xml", count=3, next="A", cursor="*", term="asthma & wheeze")
    parsed = parse(f"{reply}\n{reply}".encode())
    assert (parsed.found, parsed.rejects, parsed.notes) == (6, [], [])


def test_html_in_a_title_is_taken_out_and_in_an_abstract_it_makes_paragraphs() -> None:
    html = escape("<h4>Background</h4>Sleep &amp; work, p &lt; 0.05.<h4>Aims: </h4><p>To <i>see</i>.</p><p>More.</p>")
    citation = only(f"<title>{escape('The <i>APOE</i> locus.')}</title><abstractText>{html}</abstractText>")
    assert citation.title == "The APOE locus"
    assert citation.abstract == "Background: Sleep & work, p < 0.05.\nAims: To see.\nMore."


def test_a_less_than_sign_in_an_abstract_is_no_mark_up() -> None:
    text = "Risk was lower (p<0.001) in 3 < 4 groups."
    assert only(f"<title>T</title><abstractText>{escape(text)}</abstractText>").abstract == text


def test_groups_and_the_line_of_names_where_there_is_no_list() -> None:
    listed = (
        "<authorList><author><collectiveName>SLEEP Group</collectiveName></author>"
        "<author><fullName>Ott I</fullName></author></authorList>"
    )
    assert only(f"<title>T</title>{listed}").authors == ("SLEEP Group", "Ott, I")
    line = "<authorString>Trager W, Jensen JB, van der Berg A.</authorString>"
    assert only(f"<title>T</title>{line}").authors == ("Trager, W", "Jensen, JB", "van der Berg, A")


def test_a_preprint_keeps_europe_pmc_s_own_number_and_its_server() -> None:
    citation = parse(recorded("europe_pmc/search.xml").encode()).citations[1]
    assert citation.accessions == (("europepmc", "PPR/PPR910002"),)
    assert (citation.journal, citation.type, citation.title) == (
        "medRxiv", "Preprint", "Wheeze after wildfire smoke in rural clinics: a preprint",
    )  # fmt: skip


def test_a_retraction_is_told_first() -> None:
    assert "etracted" in parse(recorded("europe_pmc/search.xml").encode()).citations[2].type.split("; ")[0]


TOKENS = st.sampled_from(
    [
        "<result>", "</result>", "<result/>", "<resultList>", "</resultList>", "<title>", "</title>", "&amp;", "&lol;",
        "<authorString>", "</authorString>", "<abstractText>", "</abstractText>", "&lt;h4&gt;", "&lt;/h4&gt;", "&#0;",
        "<authorList>", "<author>", "</author>", "</authorList>", "<lastName>", "</lastName>", "<!--", "-->", "&", "<",
        "<![CDATA[", "]]>", "Sleep", "é", "\n", ", ", ".", "<pageInfo>1-", "</pageInfo>",
        "<meshHeadingList><meshHeading>", "<descriptorName>",
    ]
)  # fmt: skip


@given(st.lists(TOKENS, max_size=40))
def test_whatever_stands_in_a_reply_nothing_is_raised_and_every_entry_is_in_it(tokens: list[str]) -> None:
    text = "<responseWrapper><resultList><result><id>1</id>" + "".join(tokens)
    at = 0
    entries: list[Entry] = list(xml_formats.read([text.encode()], "europe-pmc-xml", Notes()))
    for entry in entries:
        at = text.index(entry.raw, at) + len(entry.raw)
    assert entries
