"""What stands in the cells of studies, with a fixed number of queries."""

import pytest

from extraction.enums import CellState
from extraction.models.assignment import Assignment
from extraction.models.form import FormVersion
from extraction.models.rule import ExtractionRule
from extraction.models.value import cell_key
from extraction.queries.settled import settled, teams_of
from extraction.queries.veil import blinded
from tests import builders, extracting

pytestmark = pytest.mark.django_db
FIELDS = [{"key": "n", "label": "N", "kind": "number"}, {"key": "design", "label": "Design", "kind": "text"}]
SCHEMA = {"title": "Data", "purpose": "data", "groups": [{"key": "g", "label": "G", "fields": FIELDS}]}
N = cell_key("n")


@pytest.fixture
def table():
    review = builders.review()
    version = extracting.form_version(review, SCHEMA)
    one, two = extracting.extractor(review), extracting.extractor(review)
    study = extracting.study(review)
    for person in (one, two):
        extracting.assign(study, version, person)
    return study, version, one, two


def test_what_two_agree_on_stands_with_both_as_its_authors(table):
    study, version, one, two = table
    extracting.value(study, version, "n", "5", one)
    last = extracting.value(study, version, "n", "5.0", two)
    found = settled(version.form, [study.pk])[study.pk][N]
    assert (found.state, found.value_id, found.confirmed) == (CellState.VERIFIED, last.pk, True)
    assert found.authors == (one.pk, two.pk)


def test_a_conflict_says_that_it_is_one_and_not_what_was_said(table):
    study, version, one, two = table
    extracting.value(study, version, "n", "5", one)
    extracting.value(study, version, "n", "6", two)
    found = settled(version.form, [study.pk])[study.pk][N]
    assert (found.state, found.value, found.value_state, found.confirmed) == (CellState.CONFLICT, None, None, False)


def test_a_superseded_or_withdrawn_word_is_gone(table):
    study, version, one, _ = table
    first = extracting.value(study, version, "n", "5", one)
    extracting.value(study, version, "n", None, one, state="withdrawn", supersedes=first)
    assert settled(version.form, [study.pk]) == {}


def test_from_two_extractors_to_one_and_back_nothing_is_lost(table):
    study, version, one, two = table
    rule = ExtractionRule.objects.create(review=study.review)
    extracting.value(study, version, "n", "5", one)
    Assignment.objects.filter(extractor=two).update(status="released")
    states = []
    for wanted in (2, 1, 2):
        rule.extractors_per_study = wanted
        rule.save()
        states.append(settled(version.form, [study.pk])[study.pk][N].state)
    assert states == [CellState.PARTIAL, CellState.EDITED, CellState.PARTIAL]


def test_values_under_an_older_version_of_the_form_count(table):
    study, version, one, two = table
    newer = FormVersion.objects.create(
        form=version.form, number=2, schema=SCHEMA, sha256="0" * 64, created_by=one, reason="more"
    )
    extracting.value(study, version, "n", "5", one)
    extracting.value(study, newer, "n", "5", two)
    assert settled(version.form, [study.pk])[study.pk][N].confirmed


def test_four_queries_read_one_study_or_many(table, django_assert_num_queries):
    study, version, one, _ = table
    others = [extracting.study(study.review) for _ in range(3)]
    for each in (study, *others):
        extracting.value(each, version, "n", "5", one)
    for studies in ([study.pk], [each.pk for each in (study, *others)]):
        with django_assert_num_queries(4):
            settled(version.form, studies, field_keys=["n"])


def test_only_the_fields_that_are_asked_for_are_read(table):
    study, version, one, _ = table
    extracting.value(study, version, "n", "5", one)
    assert settled(version.form, [study.pk], field_keys=["design"]) == {}


def test_an_extractor_is_blind_to_a_study_until_all_who_extract_it_are_done(table):
    study, version, _, _ = table
    asked = {"form": version.form, "study_ids": [study.pk], "roles": ["extractor"]}
    assert blinded(**asked) == {study.pk}
    assert blinded(**{**asked, "roles": ["observer"]}) == set()
    for assignment in Assignment.objects.all():
        assignment.status, assignment.done_at = "done", assignment.created_at
        assignment.save()
    assert teams_of(version.form, [study.pk])[study.pk].all_done
    assert blinded(**asked) == set()
