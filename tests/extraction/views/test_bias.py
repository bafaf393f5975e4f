"""EXT-08: the risk-of-bias page, its plots and its files."""

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries  # type: ignore[attr-defined]

from extraction.actions.bias import add_instrument
from extraction.models.form import Form, FormVersion
from extraction.models.rule import ExtractionRule
from screening.models.review import Review
from tests import builders, extracting

pytestmark = pytest.mark.django_db

ALL_LOW = dict.fromkeys(("d1", "d2", "d3", "d4", "d5", "overall"), "low")


@pytest.fixture
def review() -> Review:
    return builders.review(title="Sleep & <pain>")


@pytest.fixture
def form(review: Review) -> Form:
    ExtractionRule.objects.create(review=review, extractors_per_study=1)
    return add_instrument(review=review, instrument="rob2", by=review.created_by)


def judge(review: Review, form: Form, label: str, **answers: str) -> None:
    study, person = extracting.included_study(review, label=label), extracting.extractor(review)
    version, outcome = FormVersion.objects.get(form=form), extracting.measure(study)
    extracting.assign(study, version, person)
    for key, said in answers.items():
        extracting.value(study, version, key, said, person, measure=outcome)


def visit(client: Client, review: Review, person: User | None = None, query: str = "") -> str:
    client.force_login(person or review.created_by)
    response = client.get(reverse("extraction:bias", args=[review.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def file(client: Client, review: Review, form: Form, name: str, query: str = "") -> str:
    client.force_login(review.created_by)
    response = client.get(reverse("extraction:bias-file", args=[review.pk, form.pk, name]) + query)
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="sleep-pain-rob2-{name}"'
    return response.getvalue().decode()


def test_without_an_instrument_the_lead_is_asked_to_choose_one(client: Client, review: Review) -> None:
    page = visit(client, review)
    assert "No instrument yet" in page
    assert "Add it to this review" in page


def test_others_are_told_who_chooses(client: Client, review: Review) -> None:
    page = visit(client, review, extracting.extractor(review))
    assert "A lead of this review chooses the tool" in page
    assert "Add it to this review" not in page


def test_a_lead_adds_an_instrument_and_is_told_when_it_is_there_already(client: Client, review: Review) -> None:
    client.force_login(review.created_by)
    address = reverse("extraction:bias-add", args=[review.pk])
    assert "is ready to be filled in" in client.post(address, {"instrument": "quadas2"}, follow=True).content.decode()
    again = client.post(address, {"instrument": "quadas2"}, follow=True).content.decode()
    assert "This review has QUADAS-2 already; nothing was added." in again
    wrong = client.post(address, {"instrument": "jadad"}, follow=True).content.decode()
    assert "Choose an instrument from the list; nothing was added." in wrong
    assert [found.instrument for found in Form.objects.filter(review=review)] == ["quadas2"]


def test_an_instrument_that_is_there_is_not_offered_again(client: Client, review: Review, form: Form) -> None:
    page = visit(client, review)
    assert '<option value="rob2">' not in page
    assert '<option value="rob2_adhering">' in page
    for key in ("rob2_adhering", "quadas2", "robins_i", "nos_cohort", "nos_case_control"):
        add_instrument(review=review, instrument=key, by=review.created_by)
    assert "Add it to this review" not in visit(client, review)


def test_the_page_draws_what_is_settled_and_counts_it(client: Client, review: Review, form: Form) -> None:
    judge(review, form, "Okafor <2021>", **ALL_LOW)
    judge(review, form, "Alba 2019", d1="high", d3_1="Y")
    page = visit(client, review)
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="bias-plot"') == 2
    assert "Okafor &lt;2021&gt;" in page
    assert "Okafor <2021>" not in page
    assert "Low risk (proposed, not confirmed)" in page
    assert "of 2" in page


def test_several_instruments_are_tabs(client: Client, review: Review, form: Form) -> None:
    extracting.included_study(review, label="Alba 2019")
    other = add_instrument(review=review, instrument="nos_cohort", by=review.created_by)
    page = visit(client, review, query=f"?form={other.pk}")
    assert "Stars in all" in page
    assert "Newcastle–Ottawa scale (cohort studies)" in page
    assert "Stars in all" not in visit(client, review, query="?form=nonsense")


def test_the_tables_as_csv_say_what_the_plots_show(client: Client, review: Review, form: Form) -> None:
    judge(review, form, "=Okafor", **ALL_LOW)
    heading, row = csv.reader(io.StringIO(file(client, review, form, "judgements.csv").lstrip("\ufeff")))
    assert (heading[0], heading[-1]) == ("Result", "Overall risk of bias")
    assert row == ["'=Okafor: HbA1c", *["Low risk"] * 6]
    shares = list(csv.reader(io.StringIO(file(client, review, form, "summary.csv").lstrip("\ufeff"))))
    assert shares[1] == ["Bias from the randomization process", "Low risk", "1", "100.0"]


@pytest.mark.parametrize("name", ["traffic-light.svg", "summary.svg"])
def test_the_plots_as_files_stand_on_their_own(client: Client, review: Review, form: Form, name: str) -> None:
    judge(review, form, "Okafor", **ALL_LOW)
    picture = ET.fromstring(file(client, review, form, name))
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.attrib["color"] == "#1b1b1b"


def test_the_summary_can_be_weighted_by_participants(client: Client, review: Review, form: Form) -> None:
    data, person = extracting.form_version(review, {}), extracting.extractor(review)
    judge(review, form, "Big", d1="high")
    judge(review, form, "Small", d1="low")
    assert "Weighted by participants" not in visit(client, review)
    for study, size in zip(review.studies.order_by("label"), ("300", "100"), strict=True):
        extracting.assign(study, data, person)
        extracting.value(study, data, "total", size, person)
    assert "Weighted by participants" in visit(client, review)
    shares = list(csv.reader(io.StringIO(file(client, review, form, "summary.csv", "?weighted=1").lstrip("\ufeff"))))
    assert shares[1][1:] == ["Low risk", "1", "25.0"]
    assert shares[2][1:] == ["High risk", "1", "75.0"]


def test_files_of_other_reviews_and_of_no_name_are_not_there(client: Client, review: Review, form: Form) -> None:
    client.force_login(review.created_by)
    theirs = add_instrument(review=builders.review(), instrument="rob2", by=review.created_by)
    for form_id, name in ((theirs.pk, "summary.svg"), (form.pk, "summary.exe")):
        assert client.get(reverse("extraction:bias-file", args=[review.pk, form_id, name])).status_code == 404


def test_the_page_asks_the_database_as_often_for_three_studies_as_for_one(
    client: Client, review: Review, form: Form, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    judge(review, form, "Alba", **ALL_LOW)
    visit(client, review)
    with django_assert_max_num_queries(100) as one:
        visit(client, review)
    judge(review, form, "Birk", **ALL_LOW)
    judge(review, form, "Cole", **ALL_LOW)
    with django_assert_max_num_queries(100) as three:
        visit(client, review)
    assert len(three) == len(one)
