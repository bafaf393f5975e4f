"""Web of Science, tagged."""

from screening.importing import parse

ENTRY = """PT J
AU Ott, I
   Berg, J
AF Ott, Ida
   Berg, Jan
CA Nap Group
TI Naps and
   memory
SO SLEEP LETTERS
LA English
DT Article
DE naps; memory
ID REST
AB People nap.
   They remember.
PD MAR
PY 2021
VL 7
IS 2
BP 12
EP 19
DI 10.1000/NAPS.7
UT WOS:000123456700001
PM 31234567
ER
"""
FILE = "FN Clarivate Analytics Web of Science\nVR 1.0\n" + ENTRY + "\n" + ENTRY.replace("Naps", "Dreams") + "\nEF\n"


def test_all_fields_are_read() -> None:
    citation = parse(FILE.encode()).citations[0]

    assert (citation.title, citation.authors) == ("Naps and memory", ("Ott, Ida", "Berg, Jan", "Nap Group"))
    assert (citation.year, citation.journal, citation.volume, citation.issue) == (2021, "SLEEP LETTERS", "7", "2")
    assert (citation.pages, citation.doi, citation.language) == ("12-19", "10.1000/naps.7", "English")
    assert (citation.abstract, citation.type) == ("People nap. They remember.", "Article")
    assert citation.keywords == ("naps", "memory", "REST")
    assert citation.accessions == (("wos", "000123456700001"), ("pmid", "31234567"))


def test_what_frames_the_file_is_no_entry() -> None:
    parsed = parse(("\ufeff" + FILE).encode())

    assert (parsed.format, parsed.found, [citation.line for citation in parsed.citations]) == ("wos", 2, [3, 29])
    assert parsed.citations[0].raw.startswith("FN Clarivate")
    assert parsed.citations[1].raw.endswith("EF\n")


def test_the_frame_may_be_missing() -> None:
    assert parse((ENTRY + "\n" + ENTRY).encode()).found == 2


def test_a_lost_er_or_pt_costs_no_entry() -> None:
    without_er = (ENTRY + ENTRY).replace("ER\n", "", 1)
    without_pt = ENTRY + ENTRY.replace("PT J\n", "")
    without_both = ENTRY.replace("ER\n", "") + "\n" + ENTRY.replace("PT J\nAU Ott, I\n   Berg, J\n", "UT x\n")

    assert [parse(text.encode()).found for text in (without_er, without_pt, without_both)] == [2, 2, 2]


def test_lines_that_go_on_without_being_indented_go_on() -> None:
    text = "PT J\nTI Naps and\nmemory\nAU Ott, Ida (ott@example.org)\nBerg, Jan\nPY 2021\nER\n"
    (citation,) = parse(text.encode()).citations

    assert (citation.title, citation.authors) == ("Naps and memory", ("Ott, Ida", "Berg, Jan"))


def test_a_range_of_pages_comes_before_the_first_page_and_that_before_an_articles_number() -> None:
    def pages(*lines: str) -> str:
        return parse("\n".join(("PT J", "TI Naps", *lines, "ER", "")).encode()).citations[0].pages

    assert pages("BP 41103-1", "EP 41103-41103-3", "PS 41103-1-3") == "41103-1-3"
    assert pages("AR e17", "BP 5", "EP 9") == "5-9"
    assert pages("AR e17") == "e17"


def test_the_editors_stand_in_for_authors() -> None:
    (citation,) = parse(b"PT B\nBE Ott, I\n   Berg, J\nTI Waves\nER\n").citations

    assert (citation.authors, citation.type) == (("Ott, I", "Berg, J"), "Book")
