"""Every real export at hand gives as many entries as its maintainer counted."""

from pathlib import Path

import pytest

from screening.importing import NotACitationFile, parse

DATA = Path(__file__).parents[4] / "shared" / "data" / "citations"
OURS = {
    "RIS": {"ris"},
    "MEDLINE/nbib": {"medline"},
    "BibTeX": {"bibtex"},
    "CSV": {"csv"},
    "TSV": {"tsv", "csv"},
    "EndNote refer": {"refer"},
    "WoS tagged": {"wos"},
    "Ovid": {"ovid"},
    "PubMed XML": {"pubmed-xml"},
    "EndNote XML": {"endnote-xml"},
}

# Where we count otherwise, and why; everything else must agree exactly.
KNOWN = {
    # 60 lines begin with "TY"; the 61st stands behind the byte order mark
    "exports/asreview/baseline_reference_types.ris": 61,
    # 13 rows below the first line, of which three are Embase's search strategy and the header
    "exports/citation-file-formatting/CSV/_baseline_excel.csv": 10,
    # five entries begin with PMID, one with PMC and one with PMCR
    "exports/jabref/MedlinePlainImporterTestMultipleEntries.txt": 7,
    # two entries have a %0 line, in their middle; the other four have none
    "exports/colrev/ais_enl.txt": 6,
    # nine of its %0 lines stand one under the other, and are one entry
    "exports/jabref/Endnote.entries.enw": 5,
}
# Not counted in the table, but citations all the same.
UNCOUNTED = {
    "exports/citation-file-formatting/XLSX/_baseline.xlsx": 100,
    "exports/citation-file-formatting/XLSX/_baseline_eppireviewer.xlsx": 10,
    "exports/jabref/MedlineImporterTestBookArticleSet.xml": 2,
    "exports/jabref/MedlineImporterTestPubmedBook.xml": 1,
    "exports/who-ictrp/ICTRP-Results_first25.xml": 25,
    "exports/colrev/eric_nbib.nbib": 1,
    "exports/jabref/Endnote.pattern.A.enw": 1,
    "exports/jabref/Endnote.pattern.E.enw": 1,
    "exports/jabref/MedlinePlainImporterTestMultiAbstract.txt": 1,
    "exports/jabref/MedlinePlainImporterTestMultiTitle.txt": 1,
    "exports/jabref/OvidImporterTest2Invalid.txt": 2,  # its entries have no numbers
    "exports/jabref/RisImporterCorrupted.ris": 1,
}


def rows() -> list[tuple[str, str, str]]:
    table = DATA / "SOURCES.md"
    if not table.exists():
        return []
    split = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in table.read_text().splitlines()]
    return [(cells[0], cells[2], cells[3]) for cells in split if cells[0].startswith("exports/")]


needs_data = pytest.mark.skipif(not rows(), reason="the shared development data is not there")


@needs_data
@pytest.mark.parametrize(("name", "kind", "count"), [row for row in rows() if row[1] in OURS and row[2]])
def test_every_entry_of_a_real_export_is_a_citation_or_a_reject(name: str, kind: str, count: str) -> None:
    parsed = parse((DATA / name).read_bytes())

    assert parsed.format in OURS[kind]
    assert parsed.found == KNOWN.get(name, int(count))
    assert parsed.found == len(parsed.citations) + len(parsed.rejects)


@needs_data
@pytest.mark.parametrize("name", [row[0] for row in rows() if row[1] not in OURS or not row[2]])
def test_what_is_not_one_of_our_formats_is_refused_with_a_sentence(name: str) -> None:
    if name in UNCOUNTED:
        assert parse((DATA / name).read_bytes()).found == UNCOUNTED[name]
        return
    with pytest.raises(NotACitationFile, match=r"\.$"):
        parse((DATA / name).read_bytes())


@needs_data
def test_the_same_records_in_three_encodings_are_the_same_citations() -> None:
    folder = DATA / "exports" / "wosfile"
    wide = parse((folder / "wos_tab_delimited_win_utf16.txt").read_bytes())
    narrow = parse((folder / "wos_tab_delimited_win_utf8.txt").read_bytes())

    assert (wide.encoding, narrow.encoding) == ("utf-16-le", "utf-8-sig")
    assert [citation.title for citation in wide.citations] == [citation.title for citation in narrow.citations]
    assert all(citation.authors and citation.year for citation in wide.citations)


@needs_data
def test_one_library_in_two_formats_agrees_on_titles() -> None:
    folder = DATA / "exports" / "Reflib"
    ris = {
        citation.title.casefold().rstrip(".") for citation in parse((folder / "blue-light.ris").read_bytes()).citations
    }
    nbib = {
        citation.title.casefold().rstrip(".") for citation in parse((folder / "blue-light.nbib").read_bytes()).citations
    }

    assert len(ris & nbib) >= 0.7 * len(nbib)


@needs_data
def test_scopus_rows_with_more_funding_texts_than_the_header_keep_their_last_columns() -> None:
    parsed = parse((DATA / "exports/litstudy/scopus.csv").read_bytes())

    assert len(parsed.citations) == 58
    assert all(dict(citation.accessions)["scopus"].startswith("2-s2.0-") for citation in parsed.citations)
    assert {citation.language.split(";")[0] for citation in parsed.citations} <= {
        "English",
        "Chinese",
        "Japanese",
        "Polish",
    }
