"""MEDLINE, from PubMed and others."""

import nbib

from screening.importing import parse

ENTRY = """PMID- 30922926
OWN - NLM
DP  - 2020 Jan-Feb
TI  - Time lapse: a glimpse into
      prehistoric genomics.
PG  - 103-9
LID - S1769-7212(18)30822-1 [pii]
LID - 10.1016/J.ejmg.2019.03.004 [doi]
AB  - Birds are
      dinosaurs.
FAU - Griffin, Darren K
AU  - Griffin DK
LA  - eng
PT  - Journal Article
PT  - Review
JT  - European journal of medical genetics
VI  - 63
IP  - 2
MH  - Animals
OT  - Genomics
PMC - PMC7026692
"""


def test_all_fields_are_read() -> None:
    (citation,) = parse(ENTRY.encode()).citations

    assert citation.title == "Time lapse: a glimpse into prehistoric genomics."
    assert (citation.authors, citation.year) == (("Griffin, Darren K",), 2020)
    assert (citation.journal, citation.volume, citation.issue) == ("European journal of medical genetics", "63", "2")
    assert (citation.pages, citation.doi) == ("103-109", "10.1016/j.ejmg.2019.03.004")
    assert (citation.abstract, citation.language) == ("Birds are dinosaurs.", "eng")
    assert (citation.type, citation.keywords) == ("Journal Article; Review", ("Genomics", "Animals"))
    assert citation.accessions == (("pmid", "30922926"), ("pmcid", "PMC7026692"))


def test_entries_without_a_blank_line_between_them_are_apart() -> None:
    text = ENTRY + ENTRY.replace("30922926", "30922927")
    parsed = parse(text.encode())

    assert [dict(citation.accessions)["pmid"] for citation in parsed.citations] == ["30922926", "30922927"]
    assert [citation.line for citation in parsed.citations] == [1, 22]


def test_a_blank_line_inside_an_entry_does_not_part_it() -> None:
    parsed = parse(ENTRY.replace("AB  -", "\nAB  -").encode())

    assert [citation.abstract for citation in parsed.citations] == ["Birds are dinosaurs."]


def test_entries_that_begin_with_pmc_keep_their_pmid() -> None:
    parsed = parse(b"PMC - PMC1\nPMID- 1\nTI  - a\n\nPMC - PMC2\nPMID- 2\nTI  - b\n")

    assert [citation.accessions for citation in parsed.citations] == [
        (("pmid", "1"), ("pmcid", "PMC1")),
        (("pmid", "2"), ("pmcid", "PMC2")),
    ]


def test_prose_with_a_hyphen_is_not_a_tag() -> None:
    (citation,) = parse(b"PMID- 1\nTI  - a\nAB  - interleukins\nIL-2 and so on\n").citations

    assert citation.abstract == "interleukins IL-2 and so on"


def test_nbib_agrees_where_entries_are_parted_by_blank_lines() -> None:
    text = "\n".join(ENTRY.replace("30922926", str(100 + number)) for number in range(5))
    theirs = nbib.read(text + "\n")
    ours = parse(text.encode()).citations

    assert [(c.title, dict(c.accessions)["pmid"]) for c in ours] == [(r["title"], str(r["pubmed_id"])) for r in theirs]
