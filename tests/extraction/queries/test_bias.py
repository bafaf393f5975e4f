"""EXT-08, EXT-06: the risk-of-bias page shows what is settled, and gives away nothing else."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries  # type: ignore[attr-defined]

from extraction.bias import INSTRUMENTS, Mark, as_schema
from extraction.models.form import FormVersion
from extraction.models.rule import ExtractionRule
from extraction.queries.bias import bias_forms, judged
from screening.enums import Role
from screening.models.review import Review
from screening.models.study import Study
from tests import builders, extracting, tabling

pytestmark = pytest.mark.django_db

LEAD = {Role.LEAD}
LOW = {"d1_1": "Y", "d1_2": "Y", "d1_3": "N"}


@pytest.fixture
def review() -> Review:
    return builders.review()


@pytest.fixture
def version(review: Review) -> FormVersion:
    return instrument(review, "rob2")


def instrument(review: Review, key: str) -> FormVersion:
    return extracting.form_version(review, as_schema(INSTRUMENTS[key]), purpose="bias", instrument=key)


def one_extractor(review: Review) -> None:
    ExtractionRule.objects.create(review=review, extractors_per_study=1)


def answer(study: Study, version: FormVersion, by: User, answers: dict[str, str], **fields: object) -> None:
    for key, said in answers.items():
        extracting.value(study, version, key, said, by, **fields)


def test_what_one_extractor_says_stands_where_one_is_wanted(review: Review, version: FormVersion) -> None:
    one_extractor(review)
    person, study = extracting.extractor(review), extracting.included_study(review, label="Okafor 2021")
    outcome = extracting.measure(study, "HbA1c", time_point="24 weeks")
    extracting.assign(study, version, person)
    answer(study, version, person, {**LOW, "d1": "low", "d2": "high"}, measure=outcome)
    (found,) = judged(version.form, LEAD)
    assert found.row.name == "Okafor 2021: HbA1c, 24 weeks"
    assert found.row.marks == {"d1": Mark("low"), "d2": Mark("high")}
    assert not found.complete


def test_the_algorithm_proposes_where_nobody_has_confirmed(review: Review, version: FormVersion) -> None:
    one_extractor(review)
    person, study = extracting.extractor(review), extracting.included_study(review)
    outcome = extracting.measure(study)
    extracting.assign(study, version, person)
    answer(study, version, person, LOW, measure=outcome)
    (found,) = judged(version.form, LEAD)
    assert found.row.marks == {"d1": Mark("low", confirmed=False)}


def test_with_two_extractors_nothing_shows_before_both_have_said_the_same(review: Review, version: FormVersion) -> None:
    first, second = extracting.extractor(review), extracting.extractor(review)
    study = extracting.included_study(review)
    outcome = extracting.measure(study)
    for person in (first, second):
        extracting.assign(study, version, person)
    answer(study, version, first, {**LOW, "d1": "low", "d2": "high"}, measure=outcome)
    assert judged(version.form, LEAD)[0].row.marks == {}
    answer(study, version, second, {**LOW, "d1": "low", "d2": "some"}, measure=outcome)
    assert judged(version.form, LEAD)[0].row.marks == {"d1": Mark("low")}


def test_a_study_without_an_included_report_has_no_row(review: Review, version: FormVersion) -> None:
    emptied, kept = extracting.study(review, label="Sato 2020"), extracting.included_study(review, label="Lund 2022")
    assert emptied.pk
    assert [row.study for row in judged(version.form, LEAD)] == [kept]


def test_a_consensus_ends_a_disagreement(review: Review, version: FormVersion) -> None:
    first, second = extracting.extractor(review), extracting.extractor(review)
    study = extracting.included_study(review)
    outcome = extracting.measure(study)
    for person, code in ((first, "low"), (second, "high")):
        extracting.assign(study, version, person)
        answer(study, version, person, {"overall": code}, measure=outcome)
    answer(study, version, review.created_by, {"overall": "some"}, measure=outcome, capacity="consensus")
    (found,) = judged(version.form, LEAD)
    assert found.row.marks == {"overall": Mark("some")}
    assert found.complete


def test_released_extractors_and_withdrawn_values_do_not_count(review: Review, version: FormVersion) -> None:
    one_extractor(review)
    study = extracting.included_study(review)
    outcome = extracting.measure(study)
    gone, here = extracting.extractor(review), extracting.extractor(review)
    extracting.assign(study, version, gone, status="released")
    extracting.assign(study, version, here)
    answer(study, version, gone, {"d1": "high"}, measure=outcome)
    first = extracting.value(study, version, "d2", "low", here, measure=outcome)
    extracting.value(study, version, "d2", None, here, measure=outcome, state="withdrawn", supersedes=first)
    assert judged(version.form, LEAD)[0].row.marks == {}


def test_the_latest_word_of_a_person_counts(review: Review, version: FormVersion) -> None:
    one_extractor(review)
    person, study = extracting.extractor(review), extracting.included_study(review)
    outcome = extracting.measure(study)
    extracting.assign(study, version, person)
    first = extracting.value(study, version, "d1", "low", person, measure=outcome)
    extracting.value(study, version, "d1", "high", person, measure=outcome, supersedes=first)
    assert judged(version.form, LEAD)[0].row.marks == {"d1": Mark("high")}


def test_a_departure_without_a_reason_is_counted_until_it_has_one(review: Review, version: FormVersion) -> None:
    one_extractor(review)
    person, study = extracting.extractor(review), extracting.included_study(review)
    outcome = extracting.measure(study)
    extracting.assign(study, version, person)
    answer(study, version, person, {**LOW, "d1": "high"}, measure=outcome)
    assert judged(version.form, LEAD)[0].reasonless == ("d1",)
    answer(study, version, person, {"d1_why": "The envelopes were thin."}, measure=outcome)
    assert judged(version.form, LEAD)[0].reasonless == ()


def test_a_tool_for_results_has_a_row_for_each_outcome_and_one_for_studies_a_row_for_each_study(
    review: Review, version: FormVersion
) -> None:
    first, second = extracting.included_study(review, label="Alba"), extracting.included_study(review, label="Birk")
    extracting.measure(first, "Death")
    extracting.measure(first, "Pain", position=2)
    extracting.measure(first, "Old outcome", retired=True)
    extracting.included_study(builders.review())
    assert [found.row.name for found in judged(version.form, LEAD)] == ["Alba: Death", "Alba: Pain", "Birk"]
    by_study = instrument(review, "quadas2")
    assert [found.study for found in judged(by_study.form, LEAD)] == [first, second]


def test_studies_weigh_as_many_participants_as_their_data_form_says(review: Review, version: FormVersion) -> None:
    one_extractor(review)
    data = extracting.form_version(review, {"groups": []})
    person = extracting.extractor(review)
    heavy, light = extracting.included_study(review, label="A"), extracting.included_study(review, label="B")
    for study, said in ((heavy, "200"), (light, "about 20")):
        extracting.assign(study, data, person)
        extracting.value(study, data, "total_randomised", said, person)
    assert [found.row.weight for found in judged(version.form, LEAD)] == [Decimal(200), None]


def test_forms_of_other_reviews_retired_and_unknown_ones_are_left_out(review: Review, version: FormVersion) -> None:
    instrument(builders.review(), "rob2")
    extracting.form_version(review, {}, purpose="bias", instrument="rob2", retired=True)
    extracting.form_version(review, {}, purpose="bias", instrument="of_our_own")
    extracting.form_version(review, {})
    assert bias_forms(review) == [version.form]


def test_the_number_of_queries_does_not_grow_with_the_studies(
    review: Review, version: FormVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = extracting.extractor(review)
    for _ in range(2):
        study = extracting.included_study(review)
        extracting.assign(study, version, person)
        answer(study, version, person, LOW, measure=extracting.measure(study))
        with django_assert_num_queries(7):
            judged(version.form, LEAD)


def test_an_extractor_learns_nothing_of_a_study_before_all_are_done(review: Review, version: FormVersion) -> None:
    """Two who say the same settle a cell, and whoever still works at it would see that the other agrees."""
    people = [extracting.extractor(review) for _ in range(2)]
    study = extracting.included_study(review)
    outcome = extracting.measure(study)
    for person in people:
        extracting.assign(study, version, person)
        answer(study, version, person, {"d1": "low"}, measure=outcome)
    (found,) = judged(version.form, {Role.LEAD, Role.EXTRACTOR})
    assert (found.row.marks, found.veiled) == ({}, True)
    assert judged(version.form, LEAD)[0].row.marks == {"d1": Mark("low")}
    study.assignments.update(status="done", done_at=timezone.now())
    (found,) = judged(version.form, {Role.EXTRACTOR})
    assert (found.row.marks, found.veiled) == ({"d1": Mark("low")}, False)


def test_nor_of_the_number_of_participants_behind_a_weight(review: Review, version: FormVersion) -> None:
    data = extracting.form_version(review, tabling.SCHEMA)
    study = tabling.trial(review, data, "Okafor", total="61")
    study.assignments.update(status="working", done_at=None)
    assert judged(version.form, {Role.EXTRACTOR})[0].row.weight is None
    assert judged(version.form, LEAD)[0].row.weight == 61
