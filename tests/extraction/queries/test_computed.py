"""EXT-07: what is computed on the screen is what the evidence table computes."""

import pytest

from extraction.models.form import FormVersion
from extraction.queries.computed import computed, doubts
from extraction.queries.grid import cells, structure_of
from extraction.queries.sheets import own_words, schema_of
from extraction.queries.table import Table
from extraction.queries.table_wanted import Eyes, Wanted
from screening.models.study import Study
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [
    {"key": "mean", "label": "Mean", "kind": "number", "unit": "kg", "units": ["g", "stone"]},
    {"key": "sd", "label": "SD", "kind": "number", "unit": "kg", "units": ["g", "stone"]},
    {"key": "n", "label": "N", "kind": "number"},
    {
        "key": "se", "label": "SE", "kind": "number", "tier": "derived", "unit": "kg", "formula": "se_from_sd",
        "inputs": {"sd": "sd", "n": "n"},
    },
    {"key": "ci_lower", "label": "Lower", "kind": "number", "unit": "kg"},
    {"key": "ci_upper", "label": "Upper", "kind": "number", "unit": "kg"},
]  # fmt: skip
SCHEMA: dict[str, object] = {
    "title": "D",
    "purpose": "data",
    "groups": [{"key": "g", "label": "G", "fields": FIELDS}],
}


@pytest.fixture
def version() -> FormVersion:
    review = builders.review()
    extracting.rule(review, 1)
    return extracting.form_version(review, SCHEMA)


def entered(version: FormVersion, **said: tuple[str, str]) -> Study:
    study, person = extracting.included_study(version.form.review), extracting.extractor(version.form.review)
    extracting.assign(study, version, person)
    for key, (value, unit) in said.items():
        extracting.value(study, version, key, value, person, unit=unit)
    return study


def on_screen(study: Study, version: FormVersion) -> tuple[object, list[str]]:
    asked = list(cells(schema_of(version.form), *structure_of(study)))
    said = own_words(study, version.form, study.assignments.get().extractor_id)
    return computed(asked, said)["se@0@0"], [text for found in doubts(asked, said).values() for text in found]


def test_a_number_in_another_unit_is_converted_on_the_screen_as_in_the_table(version: FormVersion) -> None:
    study = entered(version, sd=("12000", "g"), n=("36", ""))
    shown, _ = on_screen(study, version)
    table = Table(version, Wanted(), Eyes(version.created_by_id, {"lead"}))
    (line,) = table.lines(table.places())
    in_table = next(cell for cell in line.cells if cell and cell.state == "computed")
    assert (shown.value, in_table.plain) == ("2", "2")  # type: ignore[attr-defined]


def test_what_can_not_be_converted_is_waited_for_in_the_unit_that_is_computed_with(version: FormVersion) -> None:
    shown, _ = on_screen(entered(version, sd=("2", "stone"), n=("36", "")), version)
    assert (shown.value, shown.why) == ("", "Waits for SD in kg.")  # type: ignore[attr-defined]


def test_numbers_in_different_units_are_not_doubted_against_each_other(version: FormVersion) -> None:
    study = entered(version, mean=("70000", "g"), ci_lower=("68", "kg"), ci_upper=("72", "kg"))
    assert on_screen(study, version)[1] == []
