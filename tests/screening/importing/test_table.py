"""CSV and TSV."""

import pytest

from screening.importing import NotACitationFile, ParsedFile, parse


def csv(text: str, **mapping: str) -> ParsedFile:
    return parse(text.encode(), mapping=mapping or None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_any_delimiter_is_found(delimiter: str, bom: str) -> None:
    parsed = csv(
        bom + delimiter.join(["Title", "Year", "DOI"]) + "\n" + delimiter.join(["Sleep", "2019", "10.1000/A"]) + "\n"
    )

    assert [(c.title, c.year, c.doi, c.line) for c in parsed.citations] == [("Sleep", 2019, "10.1000/a", 2)]
    assert parsed.mapping == {"title": "Title", "year": "Year", "doi": "DOI"}


def test_quoted_line_breaks_keep_line_numbers_and_paragraphs() -> None:
    parsed = csv('Title,Abstract\nA,"one\r\ntwo, three\n\nfour"\nB,\n"C ""quoted""",x\n')

    assert [(c.title, c.line) for c in parsed.citations] == [("A", 2), ("B", 6), ('C "quoted"', 7)]
    assert parsed.citations[0].abstract == "one\ntwo, three\nfour"
    assert parsed.citations[0].raw == 'A,"one\r\ntwo, three\n\nfour"\n'


def test_a_table_without_titles_names_its_columns_and_the_mend() -> None:
    with pytest.raises(NotACitationFile, match=r"“heading”, “when”.*mapping") as refusal:
        csv("heading,when\nSleep,2019\n")

    assert refusal.value.columns == ["heading", "when"]


def test_a_mapping_reads_it_and_overrules_the_guess() -> None:
    parsed = csv("heading,Title,when\nSleep,Mr,2019\n", title="heading", year="when")

    assert [(c.title, c.year) for c in parsed.citations] == [("Sleep", 2019)]
    assert parsed.columns == ["heading", "Title", "when"]


@pytest.mark.parametrize(("field", "column"), [("title", "nothing"), ("colour", "Title")])
def test_a_mapping_to_what_is_not_there_is_refused(field: str, column: str) -> None:
    with pytest.raises(NotACitationFile, match=f"“{column if field == 'title' else field}”"):
        csv("Title,Year\nSleep,2019\n", **{field: column})


def test_an_empty_mapping_takes_a_field_out() -> None:
    assert csv("Title,Year\nSleep,2019\n", year="").citations[0].year is None


def test_rows_above_the_header_are_passed_over() -> None:
    parsed = csv("SEARCH QUERY;sleep;;\n-----\n;;;\nTitle;Author Names;Publication Year;DOI\nA;B C.;2019;\n")

    assert [(c.title, c.authors, c.line) for c in parsed.citations] == [("A", ("B C.",), 5)]


def test_a_quote_that_is_not_closed_costs_its_row_only() -> None:
    rows = "".join(f"T{number},2019,J,10.1000/{number}\n" for number in range(9))
    parsed = csv("Title,Year,Journal,DOI\n" + '"Stray,2019,J,10.1000/x\n' + rows)

    assert [c.title for c in parsed.citations] == [f"T{number}" for number in range(9)]
    assert [reject.line for reject in parsed.rejects] == [2]
    assert [c.line for c in parsed.citations] == list(range(3, 12))


def test_two_stray_quotes_far_apart_swallow_nothing_between_them() -> None:
    rows = "".join(f"T{number},2019,J,10.1000/{number}\n" for number in range(9))
    parsed = csv("Title,Year,Journal,DOI\n" + '"Stray,2019,J,x\n' + rows + 'Last",2019,J,y\n')

    assert [c.title for c in parsed.citations[:9]] == [f"T{number}" for number in range(9)]


def test_a_line_of_an_abstract_with_as_many_commas_as_a_row_is_no_row() -> None:
    abstract = "Aims\nNaps, sleep, and age, mostly\nwere studied\nin adults."
    parsed = csv(f'Title,Year,Journal,Abstract\nA,2019,J,"{abstract}"\nB,2020,J,y\n')

    assert [(c.title, c.abstract) for c in parsed.citations] == [("A", abstract), ("B", "y")]
    assert parsed.rejects == []


def test_a_file_cut_off_inside_a_quoted_text_keeps_the_row_and_says_so() -> None:
    parsed = csv('Title,Year,Journal,Abstract\nA,2019,J,x\nB,2020,J,"first line\nsecond li')

    assert [(c.title, c.abstract) for c in parsed.citations] == [("A", "x"), ("B", "first line\nsecond li")]
    assert "not closed" in parsed.notes[0]


def test_a_row_with_more_cells_than_the_header_is_a_reject() -> None:
    parsed = csv("Title,Year\nSleep, and more,2019\nB,2020\n")

    assert [(reject.line, len(parsed.citations)) for reject in parsed.rejects] == [(2, 1)]


def test_blank_rows_are_counted_not_rejected() -> None:
    parsed = csv("Title,Year\nA,2019\n,\n\nB,2020\n")

    assert (parsed.found, parsed.rejects) == (2, [])
    assert parsed.notes == ["2 × row without any text, left out (first at line 1)."]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Ott, I.; Roe, J.", ("Ott, I.", "Roe, J.")),
        ("Griffin DK, Larkin DM, O'Connor RE.", ("Griffin DK", "Larkin DM", "O'Connor RE")),
        ("Phillips J.C., Braun R.", ("Phillips J.C.", "Braun R.")),
        ("Joseph Rottman, Erran Carmel, Mary Lacity", ("Joseph Rottman", "Erran Carmel", "Mary Lacity")),
        ("van der Berg, Jan", ("van der Berg, Jan",)),
        ("Ott, Ida and Roe, Jo", ("Ott, Ida", "Roe, Jo")),
        ("['Marx, Karl', 'Lindgren, Astrid']", ("Marx, Karl", "Lindgren, Astrid")),
    ],
)
def test_authors_are_parted_as_their_exporter_joined_them(cell: str, names: tuple[str, ...]) -> None:
    assert csv(f'Title\tAuthors\nA\t"{cell}"\n').citations[0].authors == names


def test_names_that_springer_glues_together_are_parted() -> None:
    text = "Item Title,Item DOI,Authors,Publication Year\nA,10.1007/1,Andy McDonaldTom WeberNigar T. Ismayilova,2000\n"

    assert csv(text).citations[0].authors == ("Andy McDonald", "Tom Weber", "Nigar T. Ismayilova")
