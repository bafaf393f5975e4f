"""RIS as it really comes."""

import io

import pytest
import rispy

from screening.importing import ParsedFile, parse

ENTRY = "TY  - JOUR\nTI  - Sleep and memory\nAU  - Ott, Ida\nPY  - 2019\nER  - \n"


def ris(text: str, encoding: str = "utf-8") -> ParsedFile:
    return parse(text.encode(encoding))


def test_all_fields_are_read() -> None:
    (citation,) = ris(
        "TY  - JOUR\nT1  - Sleep\nA1  - Ott, Ida\nAU  - Roe, Jo\nY1  - 2019/03/01/\n"
        "JF  - Journal of Sleep\nJA  - J Sleep\n"
        "VL  - 3\nIS  - 2\nSP  - 11\nEP  - 19\nDO  - https://doi.org/10.1000/ABC.1.\nN2  - One\n"
        "KW  - rest\nKW  - night\n"
        "UR  - https://example.org/a\nLA  - eng\nAN  - 12345678\nDB  - Ovid MEDLINE(R)\nER  - \n"
    ).citations

    assert citation.as_dict() | {"raw": "", "raw_sha256": ""} == {
        "title": "Sleep",
        "authors": ["Roe, Jo", "Ott, Ida"],
        "year": 2019,
        "journal": "Journal of Sleep",
        "volume": "3",
        "issue": "2",
        "pages": "11-19",
        "doi": "10.1000/abc.1",
        "abstract": "One",
        "url": "https://example.org/a",
        "language": "eng",
        "type": "Journal article",
        "keywords": ["rest", "night"],
        "accessions": [["pmid", "12345678"]],
        "line": 1,
        "raw": "",
        "raw_sha256": "",
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_gives_the_same_entries_and_lines(end: str) -> None:
    parsed = ris((ENTRY + "\n" + ENTRY).replace("\n", end))

    assert [(citation.title, citation.line) for citation in parsed.citations] == [
        ("Sleep and memory", 1),
        ("Sleep and memory", 7),
    ]


def test_raw_text_is_kept_exactly() -> None:
    raw = "TY  - JOUR\r\nTI  -  A   title \rER  -"
    (citation,) = ris(raw).citations

    assert citation.raw == raw
    assert citation.title == "A title"


def test_a_last_entry_without_its_end_is_kept_and_said() -> None:
    parsed = ris(ENTRY + "TY  - JOUR\nTI  - Cut o")

    assert [citation.title for citation in parsed.citations] == ["Sleep and memory", "Cut o"]
    assert "(first at line 6)" in parsed.notes[0]


def test_a_last_entry_cut_before_its_title_is_a_reject_with_its_line() -> None:
    parsed = ris(ENTRY + "TY  - JOUR\nPY  - 20")

    assert len(parsed.citations) == 1
    assert [(reject.line, reject.field) for reject in parsed.rejects] == [(6, "title")]
    assert "cut off" in parsed.rejects[0].reason


def test_a_lost_end_in_the_middle_costs_no_entry() -> None:
    parsed = ris(ENTRY.replace("ER  - \n", "") + ENTRY)

    assert len(parsed.citations) == 2


def test_a_lost_type_costs_no_entry() -> None:
    parsed = ris(ENTRY + ENTRY.replace("TY  - JOUR\n", ""))

    assert [citation.line for citation in parsed.citations] == [1, 6]


def test_an_empty_entry_is_a_reject_and_the_others_go_on() -> None:
    parsed = ris(ENTRY + "TY  - JOUR\nER  - \n" + ENTRY)

    assert (parsed.found, len(parsed.citations)) == (3, 2)
    assert [reject.line for reject in parsed.rejects] == [6]


def test_text_between_entries_goes_with_the_next_and_is_not_its_first_line() -> None:
    parsed = ris("Record #1 of 2\n" + ENTRY + "NL  - J Sleep\n2.\n" + ENTRY + "The end\n")

    assert [citation.line for citation in parsed.citations] == [2, 9]
    assert parsed.citations[1].raw.startswith("NL  - J Sleep\n2.\nTY")
    assert parsed.citations[1].raw.endswith("The end\n")


def test_broken_lines_are_joined_and_broken_keywords_are_keywords() -> None:
    (citation,) = ris("TY  - JOUR\nTI  - A long\ntitle\nAB  - first,\nER then\nKW  - a\nb\nER  - \n").citations

    assert (citation.title, citation.abstract, citation.keywords) == ("A long title", "first, ER then", ("a", "b"))


@pytest.mark.parametrize("form", ["TY - JOUR", "TY  -JOUR", "TY  -  JOUR", "TY  -\tJOUR"])
def test_prose_that_resembles_a_tag_is_prose_and_loose_tags_are_tags(form: str) -> None:
    text = f"{form}\nTI  - IL\nAB  - about\nT4-weighted images\nER  - \n"
    if form == "TY  -JOUR":  # no space after the dash: the line is not a tag, the entry still is one
        assert len(ris("TY  - JOUR\nER  -\n" + text).citations) == 1
        return
    (citation,) = ris(text).citations
    assert (citation.type, citation.abstract) == ("Journal article", "about T4-weighted images")


def test_markup_in_a_title_stays_text() -> None:
    (citation,) = ris("TY  - JOUR\nTI  - <script>alert(1)</script> in <i>E. coli</i>\nER  - \n").citations

    assert citation.title == "<script>alert(1)</script> in <i>E. coli</i>"


def test_an_overlong_entry_is_a_reject_and_the_rest_is_read() -> None:
    parsed = ris("TY  - JOUR\nTI  - Long\nAB  - " + "x" * 9_000_000 + "\nER  - \n" + ENTRY)

    assert [citation.title for citation in parsed.citations] == ["Sleep and memory"]
    assert len(parsed.rejects) == 1
    assert len(parsed.rejects[0].raw) <= 10_000
    assert parsed.citations[0].line == 5


def test_wreckage_longer_than_an_entry_does_not_take_the_next_entry_with_it() -> None:
    parsed = ris("TY  - JOUR\nTI  - First\nER  - \n" + "wreckage\n" * 300_000 + ENTRY)

    assert [citation.title for citation in parsed.citations] == ["First", "Sleep and memory"]
    assert len(parsed.rejects) == 1


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("C3  - PUBMED 21314913", ("pmid", "21314913")),
        ("AN  - CN-00778158", ("central", "CN-00778158")),
        ("AN  - WOS:000123456700001", ("wos", "000123456700001")),
        ("AN  - rayyan-42", ("local", "rayyan-42")),
        ("ID  - smith2019", ("local", "smith2019")),
        ("DB  - Embase\nAN  - 2029880245", ("embase", "2029880245")),
        ("N1  - Cited by 3; PMID: 123", ("pmid", "123")),
        ("UR  - https://pubmed.ncbi.nlm.nih.gov/123/", ("pmid", "123")),
        ("C2  - PMC123", ("pmcid", "PMC123")),
    ],
)
def test_accession_numbers_are_given_their_database(tags: str, expected: tuple[str, str]) -> None:
    (citation,) = ris(f"TY  - JOUR\nTI  - a\n{tags}\nER  - \n").citations

    assert citation.accessions == (expected,)


def test_rispy_agrees_where_rispy_can_read() -> None:
    text = "".join(
        ENTRY.replace("memory", f"memory {number}").replace("2019", str(1990 + number)) for number in range(20)
    )
    theirs = rispy.load(io.StringIO(text))
    ours = ris(text).citations

    assert [(c.title, str(c.year), list(c.authors)) for c in ours] == [
        (record["title"], record["year"], record["authors"]) for record in theirs
    ]
