"""REP-04: the CSV has the rows of the PRISMA2020 R package's template, and the package's way of reading finds each."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prisma import Flow, Reason, Source, csv_rows, csv_text
from tests.screening.prisma.flows import FINISHED, RUNNING

TEMPLATE = """
NA node4 prevstud|previous_studies node5 box1|previous_reports NA box1|NA node6 newstud|database_results node7 box2
|database_specific_results NA box2|register_results NA box2|register_specific_results NA box2|NA node16 othstud
|website_results node17 box11|organisation_results - box11|citations_results NA box11|duplicates node8 box3
|excluded_automatic NA box3|excluded_other NA box3|records_screened node9 box4|records_excluded node10 box5
|dbr_sought_reports node11 box6|dbr_notretrieved_reports node12 box7|other_sought_reports node18 box12
|other_notretrieved_reports node19 box13|dbr_assessed node13 box8|dbr_excluded node14 box9|other_assessed node20 box14
|other_excluded node21 box15|new_studies node15 box10|new_reports NA box10|total_studies node22 box16
|total_reports NA box16|identification node1 identification|screening node2 screening|included node3 included
|total_studies_ma node23 box17|total_reports_ma NA box17
"""
# The patterns by which PRISMA_data() of the package looks for a row's number or text in the column `data`.
PATTERNS = [
    name.split()[0] for name in TEMPLATE.split("|") if name.split()[0] not in ("NA", "total_studies", "total_reports")
]


def as_the_package_reads(listed: str) -> list[tuple[str, int]]:
    """What PRISMA_parse_reasons_() of the package makes of a list: label up to the first comma, then digits."""
    parts = re.split("; ?", listed)
    return [(re.sub(",.*$", "", part), int(re.sub("[^0-9]", "", part.split(",", 1)[1]))) for part in parts]


def read(flow: Flow, links: dict[str, str] | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(flow, links))))


def n_of(flow: Flow, data: str) -> str:
    (n,) = [row["n"] for row in read(flow) if row["data"] == data]
    return n


def test_the_columns_are_the_templates() -> None:
    assert csv_rows(FINISHED)[0] == ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]


def test_the_rows_are_the_templates_in_its_order() -> None:
    expected = [tuple(row.replace("-", "").split(" ")) for row in TEMPLATE.replace("\n", "").split("|")]
    assert [(row["data"], row["node"], row["box"]) for row in read(FINISHED)] == expected


@pytest.mark.parametrize("pattern", [*PATTERNS, "total_studies$", "total_reports$"])
def test_the_package_finds_exactly_one_row_by_each_of_its_patterns(pattern: str) -> None:
    assert len([row for row in read(RUNNING) if re.search(pattern, row["data"])]) == 1


def test_the_numbers_stand_in_their_rows() -> None:
    numbers = {row["data"]: row["n"] for row in read(FINISHED) if row["n"] not in ("0", "NA")}
    assert numbers == {
        "database_results": "730",
        "database_specific_results": "PubMed, 420; Embase, 310",
        "register_results": "1270",
        "register_specific_results": "ClinicalTrials.gov, 1270",
        "duplicates": "300",
        "excluded_automatic": "40",
        "excluded_other": "3",
        "records_screened": "1657",
        "records_excluded": "1520",
        "dbr_sought_reports": "137",
        "dbr_notretrieved_reports": "4",
        "dbr_assessed": "133",
        "dbr_excluded": "Wrong population, 40; Wrong design, 53",
        "other_excluded": "Reason1, xxx; Reason2, xxx; Reason3, xxx",
        "new_studies": "31",
        "new_reports": "40",
    }


def test_what_the_review_does_not_have_keeps_the_value_by_which_the_web_form_leaves_it_out() -> None:
    assert n_of(Flow(), "register_specific_results") == "Register 1, xxx; Register 2, xxx; Register 3, xxx"
    assert [n_of(Flow(), name) for name in ("previous_studies", "total_studies_ma", "dbr_excluded")] == ["0"] * 3


@given(st.lists(st.tuples(st.text(), st.integers(0, 10**7)), min_size=1, max_size=6))
def test_whatever_the_labels_the_package_reads_as_many_reasons_with_the_same_numbers(
    named: list[tuple[str, int]],
) -> None:
    flow = Flow(
        reasons=tuple(Reason(text, n, str(i)) for i, (text, n) in enumerate(named)),
        sources=tuple(Source(text, "database", n, str(i)) for i, (text, n) in enumerate(named)),
    )
    for data in ("dbr_excluded", "database_specific_results"):
        parsed = as_the_package_reads(n_of(flow, data))
        assert [n for _, n in parsed] == [n for _, n in named]
        assert all(label and ";" not in label for label, _ in parsed)


def test_commas_and_semicolons_in_a_label_become_dashes() -> None:
    flow = Flow(reasons=(Reason("Wrong population, adults; mixed", 5),))
    assert n_of(flow, "dbr_excluded") == "Wrong population - adults - mixed, 5"


def test_a_label_cannot_start_a_spreadsheet_formula() -> None:
    assert n_of(Flow(reasons=(Reason("=HYPERLINK(1)", 5),)), "dbr_excluded") == "HYPERLINK(1), 5"


def test_links_replace_the_templates_addresses_and_others_stay() -> None:
    rows = {row["data"]: row["url"] for row in read(FINISHED, {"screened": "https://example.org/s"})}
    assert rows["records_screened"] == "https://example.org/s"
    assert rows["duplicates"] == "duplicates.html"
