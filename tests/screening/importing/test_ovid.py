"""Ovid's texts, with names of fields and with tags."""

import pytest

from screening.importing import parse
from screening.importing.ovid_source import read_source

NAMED = """<1>
Unique Identifier
  31234567
Authors
  Ott, Ida MD, PhD 1,2;  Berg, Jan *
Institution
  (1)Sleep House
Title
  Naps and memory.[Article]
Source
  Sleep Letters.  7(2):112-9, 2021 Mar 3.
Heading Words
  nothing that is read
Abstract
  People nap.

  They remember.
Author Keywords
  naps;  memory.
Language
  English.
DOI Number
  10.1000/NAPS.7

"""
TAGGED = """<1. >
VN  - Ovid Technologies
DB  - Embase
AN  - 2001234567
AU  - Ott I.
AU  - Berg J.
TI  - Naps and memory.
SO  - Sleep Letters.  7 (2) (pp 112-119), 2021.  Date of Publication: March 2021.
AB  - People nap.
      They remember.
KW  - naps;  memory
DO  - http://dx.doi.org/10.1000/naps.7
YR  - 2021
LG  - English

"""


def test_fields_with_names_are_read() -> None:
    (citation,) = parse(NAMED.encode()).citations

    assert (citation.title, citation.authors) == ("Naps and memory", ("Ott, Ida", "Berg, Jan"))
    assert (citation.year, citation.journal, citation.volume, citation.issue) == (2021, "Sleep Letters", "7", "2")
    assert (citation.pages, citation.doi, citation.language) == ("112-119", "10.1000/naps.7", "English")
    assert (citation.abstract, citation.keywords) == ("People nap. They remember.", ("naps", "memory"))


def test_fields_with_tags_are_read() -> None:
    (citation,) = parse(TAGGED.encode()).citations

    assert (citation.title, citation.authors) == ("Naps and memory", ("Ott I.", "Berg J."))
    assert (citation.year, citation.journal, citation.volume, citation.issue) == (2021, "Sleep Letters", "7", "2")
    assert (citation.pages, citation.doi) == ("112-119", "10.1000/naps.7")
    assert citation.accessions == (("embase", "2001234567"),)


@pytest.mark.parametrize("text", [NAMED, TAGGED], ids=["names", "tags"])
def test_a_number_begins_an_entry(text: str) -> None:
    parsed = parse((text + text.replace("<1", "<2")).encode())

    assert (parsed.format, parsed.found, parsed.citations[1].line) == ("ovid", 2, text.count("\n") + 1)


@pytest.mark.parametrize("text", [NAMED, TAGGED], ids=["names", "tags"])
def test_entries_that_lost_their_numbers_are_apart(text: str) -> None:
    bare = text.split("\n", 1)[1]
    parsed = parse((bare + "\n" + bare).encode())

    assert (parsed.format, parsed.found) == ("ovid", 2)


def test_the_date_ahead_of_print_gives_the_year() -> None:
    text = "<1>\nTitle\n  Naps\nSource\n  Sleep Letters. \nStatus\n  Publish Ahead of Print, 30 November 2015\n"

    assert parse(text.encode()).citations[0].year == 2015


def test_quotation_marks_around_a_title_go_and_those_in_it_stay() -> None:
    def title(of: str) -> str:
        return parse(f"<1>\nTitle\n  {of}\nAuthor\n  Ott\n".encode()).citations[0].title

    assert title('"Naps and Memory".  [Article]') == "Naps and Memory"
    assert title('"Naps" and "Memory".') == '"Naps" and "Memory"'
    assert title("Naps. [Erratum appears in Sleep 2022]") == "Naps. [Erratum appears in Sleep 2022]"


@pytest.mark.parametrize(
    ("text", "journal", "year", "volume", "issue", "pages"),
    [
        ("Lancet. 374(9690):639-50, 2009 Aug 22.", "Lancet", "2009", "374", "9690", "639-650"),
        ("Sleep Lett.  12 (3 SUPPL. 1) (pp S12-S13), 2013.", "Sleep Lett", "2013", "12", "3 SUPPL. 1", "S12-S13"),
        ("Sleep Quarterly. Vol.43(5), Sep 2015, pp. 623-634.", "Sleep Quarterly", "2015", "43", "5", "623-634"),
        ("Acta Somnica November/December 2010;6:611-613", "Acta Somnica", "2010", "6", "", "611-613"),
        ("Naps: With a Subtitle June 2019;1(6):3-6", "Naps: With a Subtitle", "2019", "1", "6", "3-6"),
        ("Ott, Ida [Editor]. Methods of sleep.:371-397, 2004.", "Methods of sleep", "2004", "", "", "371-397"),
        ("Ott, I [Ed]. (2012). On naps. (pp. 11-31). xvii, 254 pp.", "On naps", "2012", "", "", "11-31"),
        ("Very Long Title. Vol 28(2) April 2015, 103-106.", "Very Long Title", "2015", "28", "2", "103-106"),
        ("Sleep Studies 12, Winter 2007: 7-14.", "Sleep Studies 12", "2007", "", "", "7-14"),
        ("Current Affairs, 2013(1): 3-28.", "Current Affairs", "2013", "2013", "1", "3-28"),
        ("Sleep Letters. ", "Sleep Letters", "", "", "", ""),
        ("", "", "", "", "", ""),
    ],
)  # fmt: skip
def test_a_source_is_taken_apart(text: str, journal: str, year: str, volume: str, issue: str, pages: str) -> None:
    source = read_source(text)

    assert (source.journal, source.year, source.volume) == (journal, year, volume)
    assert (source.issue, source.pages) == (issue, pages)


@pytest.mark.parametrize("text", ["1(" * 5000, "[Ed" * 5000, "2000 " * 5000, "a May" * 5000, "(1" * 5000 + ":"])
def test_no_source_takes_long(text: str) -> None:
    read_source(text)


def test_a_name_of_digits_takes_no_time() -> None:
    parse(f"<1>\nTitle\n  Naps\nAuthor\n  {'1' * 100_000}x; {'1,' * 90}x\n".encode())
