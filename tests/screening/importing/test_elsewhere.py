"""Where decisions stand in files of other tools, and what their values are taken to mean (IMP-06)."""

import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.importing import ParsedCitation, open_citations, parse
from screening.importing.elsewhere import ASREVIEW, COVIDENCE_REASONS, RAYYAN, RAYYAN_REASONS, WHOLE_FILE, marks
from screening.importing.reading import Reading
from screening.importing.verdicts import Survey, alike, propose, proposed_place, read, unknown

SHARED = Path(__file__).parents[4] / "shared" / "data" / "citations" / "exports"
BOTH = (
    'RAYYAN-INCLUSION: {"Anna"=>"Included", "Ben B."=>"Excluded"} | RAYYAN-LABELS: pilot | '
    'RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | USER-NOTES: {"Anna"=>["see {2}"]}'
)


def surveyed(reading: Reading) -> Survey:
    survey = Survey(reading.columns)
    for entry in reading:
        if isinstance(entry, ParsedCitation):
            survey.add(marks(entry.raw, reading.format, reading.columns))
    return survey


def of_table(text: str) -> Survey:
    parsed = parse(text.encode())
    survey = Survey(parsed.columns)
    for entry in parsed.citations:
        survey.add(marks(entry.raw, parsed.format, parsed.columns))
    return survey


@pytest.mark.parametrize(
    "raw", [f"TY  - JOUR\nTI  - Honey\nN1  - {BOTH}\nER  - \n", f"TY  - JOUR\nN1  - a\nKW  - {BOTH}\n"]
)
def test_the_notes_of_rayyan_are_taken_apart(raw: str) -> None:
    found = marks(raw, "ris")
    assert found.at[RAYYAN] == ("Excluded + Included",)
    assert found.at[RAYYAN_REASONS] == ("wrong population", "foreign language")
    assert found.who == "Anna: Included; Ben B.: Excluded"


@pytest.mark.parametrize(
    ("file_format", "raw"),
    [
        ("refer", f"%0 Journal Article\n%T Honey\n%Z {BOTH}\n"),
        ("bibtex", "@article{a, title={Honey}, note={" + BOTH.replace("{", r"\{").replace("}", r"\}") + "}}"),
        ("endnote-xml", f"<record><notes>{BOTH.replace('>', '&gt;')}</notes></record>"),
        ("csv", 'Honey,"' + BOTH.replace('"', '""') + '"\n'),
        ("xlsx", f"Honey\t{BOTH}\n"),
    ],
)
def test_in_every_format_that_rayyan_writes(file_format: str, raw: str) -> None:
    found = marks(raw, file_format, ["title", "notes"])
    assert found.at[RAYYAN] == ("Excluded + Included",)
    assert found.at[RAYYAN_REASONS] == ("wrong population", "foreign language")


def test_labels_of_asreview_in_notes() -> None:
    said = ["ASReview_relevant. Additional notes", "Notes. ASReview_irrelevant.", "ASReview_not_seen", "no label"]
    found = [marks(f"TY  - GEN\nTI  - T\nN1  - {note}\n", "ris").at.get(ASREVIEW) for note in said]
    assert found == [("relevant",), ("irrelevant",), ("not seen",), None]


def test_columns_of_asreview_and_what_minus_one_is_there() -> None:
    survey = of_table("title,abstract,year,included\nA,a,2000,1\nB,b,2001,0\nC,c,2002,-1\n")
    assert proposed_place(survey.places()) == "included"
    assert {value: proposed for value, _, proposed in survey.places()[0].values} == {
        "1": "include",
        "0": "exclude",
        "-1": "",
    }


def test_columns_of_abstrackr_and_what_minus_one_is_there() -> None:
    header = "(internal) id,title,journal,consensus,labeled_at,Anonymous\n"
    survey = of_table(header + "1,A,J,o,,1\n2,B,J,o,,-1\n3,C,J,o,,0\n")
    assert proposed_place(survey.places()) == "Anonymous"
    found = {value: proposed for value, _, proposed in survey.places()[0].values}
    assert found == {"1": "include", "-1": "exclude", "0": "maybe"}


def test_a_spreadsheet_with_semicolons_and_a_reason() -> None:
    survey = of_table(
        "title;year;decision;reason\nA;2000;Include;\nB;2001;Exclude;No humans\nC;2002;unsure;\nD;2003;x;\n"
    )
    assert proposed_place(survey.places()) == "decision"
    assert survey.reasons()[0].name == "reason"
    values = {value: proposed for value, _, proposed in survey.places()[0].values}
    assert values == {"Include": "include", "Exclude": "exclude", "unsure": "maybe", "x": ""}
    assert unknown(values, values) == ["x"]


def test_tags_are_taken_one_by_one_and_reasons_of_covidence_from_its_notes() -> None:
    survey = of_table(
        'Title,Published Year,Tags,Notes\nA,2000,"included; pilot",\nB,2001,excluded,Exclusion reason: Wrong dose; \n'
    )
    tags = next(place for place in survey.places() if place.name == "Tags")
    assert sorted(tags.values) == [("excluded", 1, "exclude"), ("included", 1, "include"), ("pilot", 1, "")]
    assert marks("Exclusion reason: Wrong dose; ", "xlsx", ["Notes"]).at[COVIDENCE_REASONS] == ("Wrong dose",)


def test_two_columns_of_one_name_are_both_there() -> None:
    found = marks("T,yes,no\n", "csv", ["title", "vote", "vote"])
    assert (found.at["vote"], found.at["vote (2)"]) == (("yes",), ("no",))


def test_bibliography_alone_proposes_nothing_but_the_whole_file() -> None:
    survey = of_table("title,year,volume,issue\nA,2000,1,2\nB,2001,1,1\n")
    places = survey.places()
    assert proposed_place(places) == ""
    assert places[-1].name == WHOLE_FILE


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        *((value, "include") for value in ("Included", "INCLUDE", "yes", "1", "1.0", "relevant", "Accepted", "True")),
        *((value, "exclude") for value in ("Excluded", "no", "0", "irrelevant", "Not relevant", "rejected", "FALSE")),
        *((value, "maybe") for value in ("Maybe", "unsure", "Unclear", "undecided")),
        *((value, "") for value in ("", "-1", "2", "o", "not seen", "nan", "Excluded + Included", "included later")),
    ],
)
def test_proposals(value: str, meant: str) -> None:
    assert propose(value) == meant


def test_an_entry_that_says_two_things_says_nothing() -> None:
    found = marks("TY  - JOUR\nKW  - include\nKW  - exclude\nER  - \n", "ris")
    assert read(found, place="KW", verdicts={"include": "include", "exclude": "exclude"}).contradictory
    assert read(found, place="KW", verdicts={"include": "include"}).verdict == "include"


def test_reasons_are_matched_whatever_their_capitals() -> None:
    listed = [(1, "Wrong population"), (2, "No humans")]
    assert [alike(value, listed) for value in ("wrong population", "Population", "no-humans", "dose")] == [1, 1, 2, 0]


@given(st.text(max_size=300), st.sampled_from(["ris", "refer", "csv", "tsv", "xlsx", "endnote-xml", "bibtex", "wos"]))
def test_whatever_stands_there_nothing_is_raised(raw: str, file_format: str) -> None:
    found = marks(raw, file_format, ["title", "notes"])
    assert found.at[WHOLE_FILE]
    assert all(values for values in found.at.values())


@given(st.lists(st.sampled_from(["RAYYAN-INCLUSION: {", '"', "=>", "}", "Included", " | ", "\\", "ASReview_relevant"])))
def test_nor_where_notes_are_broken(pieces: list[str]) -> None:
    marks("TY  - JOUR\nN1  - " + "".join(pieces) + "\nER  - \n", "ris")


def test_notes_full_of_openings_take_no_time() -> None:
    marks("TY  - JOUR\nN1  - " + 'RAYYAN-INCLUSION: {"a"=>' * 20_000 + "\nER  - \n", "ris")


REAL = {
    "citation-file-formatting/RIS/_baseline_rayyan.ris": (RAYYAN, {"Included": 2, "Excluded": 2, "Maybe": 2}),
    "asreview/baseline_tag-notes_labels.ris": (ASREVIEW, {"relevant": 10, "irrelevant": 10, "not seen": 10}),
    "citation-file-formatting/CSV/_baseline_abstrackr.csv": ("Anonymous", {"1": 2, "-1": 2, "0": 2}),
    "asreview-datatools/dataset_2.ris": (ASREVIEW, {"relevant": 1}),
    "asreview/scopus.ris": ("", {}),
    "citation-file-formatting/CSV/_baseline_zotero.csv": ("", {}),
}


@pytest.mark.parametrize("name", REAL)
def test_real_exports(name: str) -> None:
    if not (SHARED / name).exists():
        pytest.skip("the shared data are not here")
    place, counts = REAL[name]
    places = surveyed(open_citations(SHARED / name)).places()
    assert proposed_place(places) == place
    assert not place or {value: n for value, n, _ in places[0].values} == counts


def test_labels_of_a_published_review() -> None:
    labelled = SHARED.parent.parent / "screening/CDSS_RO.csv.gz"
    if not labelled.exists():
        pytest.skip("the shared data are not here")
    survey = of_table(gzip.decompress(labelled.read_bytes()).decode())
    assert proposed_place(survey.places()) == "label"
    assert {value: n for value, n, _ in survey.places()[0].values} == {"0": 484, "1": 36}


@pytest.mark.parametrize("between", [" " * 1_000_000, "\n" * 1_000_000, " \\" * 300_000, ": " * 300_000])
@pytest.mark.parametrize(
    "opening",
    ["RAYYAN-INCLUSION", "RAYYAN-INCLUSION:", "RAYYAN-EXCLUSION-REASONS:", "RAYYAN-LABELS:", "Exclusion reason:"],
)
def test_a_megabyte_of_blanks_in_a_note_is_read_in_time(opening: str, between: str) -> None:
    """SEC-04: it took hours, in a request."""
    begun = time.process_time()
    marks(f"@article{{a,\n note={{{opening}{between}x}}}}\n", "bibtex")
    assert time.process_time() - begun < 10


def test_blanks_around_the_colon_of_rayyans_notes_may_be_missing_or_many() -> None:
    for colon in (":", " : ", "  ", ":  ", ": \\"):
        assert marks(f'RAYYAN-INCLUSION{colon}{{"Anna"=>"Included"}}', "bibtex").at[RAYYAN] == ("Included",)
