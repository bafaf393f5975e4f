"""The Cochrane Library's plain text."""

from screening.importing import parse

ENTRY = """Record #1 of 2
ID: CN-01234567
AU: Ott I
AU: Berg J
TI: Naps and memory
SO: Sleep Letters
YR: 2021
VL: 7
NO: 2
PG: 12‐19
XR: EMBASE 2001234567
PM: PUBMED 31234567
PT: Journal article; Randomized controlled trial
KY: *naps; memory
DOI: 10.1000/NAPS.7
AB: BACKGROUND: People nap.
AIM: To see why.
US: https://www.cochranelibrary.com/central/doi/10.1002/central/CN-01234567/full


"""


def test_all_fields_are_read() -> None:
    (citation,) = parse(ENTRY.encode()).citations

    assert (citation.title, citation.authors) == ("Naps and memory", ("Ott I", "Berg J"))
    assert (citation.year, citation.journal, citation.volume, citation.issue) == (2021, "Sleep Letters", "7", "2")
    assert (citation.pages, citation.doi) == ("12‐19", "10.1000/naps.7")
    assert citation.abstract == "BACKGROUND: People nap. AIM: To see why."
    assert citation.keywords == ("*naps", "memory")
    assert citation.accessions == (("central", "CN-01234567"), ("pmid", "31234567"), ("embase", "2001234567"))


def test_each_record_line_begins_an_entry_and_so_does_a_second_id() -> None:
    second = ENTRY.replace("#1", "#2").replace("01234567", "07654321")
    numbered, lost = parse((ENTRY + second).encode()), parse((ENTRY + second.replace("Record #2 of 2\n", "")).encode())

    assert (numbered.format, numbered.found, lost.found) == ("cochrane", 2, 2)
    assert [citation.line for citation in numbered.citations] == [1, 21]


def test_centrals_own_doi_is_not_the_publications() -> None:
    (citation,) = parse(ENTRY.replace("DOI: 10.1000/NAPS.7\n", "").encode()).citations

    assert citation.doi == ""


def test_a_source_that_tells_all_is_taken_apart() -> None:
    (citation,) = parse(b"Record #1 of 1\nID: CN-00000001\nTI: Naps\nSO: Sleep Letters, 2021, 7(2), 12-19\n").citations

    assert (citation.journal, citation.year) == ("Sleep Letters", 2021)
    assert (citation.volume, citation.issue, citation.pages) == ("7", "2", "12-19")


def test_the_librarys_bibtex_and_ris_keep_their_own_readers() -> None:
    bibtex = parse(b"Record #1 of 1\n@article{Ott21,\nauthor = {Ott, I},\ntitle = {Naps},\nyear = {2021}\n}\n")
    ris = parse(b"Record #1 of 1\nProvider: Example\n\nTY  - JOUR\nTI  - Naps\nER  - \n")

    assert [(parsed.format, parsed.found) for parsed in (bibtex, ris)] == [("bibtex", 1), ("ris", 1)]
