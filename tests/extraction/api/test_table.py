"""EXT-10: the evidence table over HTTP."""

import pytest
from django.test import Client
from django.urls import reverse

from screening.enums import Role
from screening.models.review import Review
from tests import builders, extracting, tabling

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    return builders.review()


def test_the_table_comes_in_pages_with_its_columns(client: Client, review: Review) -> None:
    version = extracting.form_version(review, tabling.SCHEMA)
    for label in ("A", "B", "C"):
        tabling.trial(review, version, label, country="Kenya", dose=("5", "0"))
    client.force_login(review.created_by)
    answer = client.get(reverse("extraction-api:table", args=[review.pk]) + "?limit=2&c=country&c=dose").json()
    assert (answer["count"], answer["version"], answer["sha256"]) == (3, 1, version.sha256)
    assert [column["key"] for column in answer["columns"]] == ["country", "dose"]
    assert [line["study"]["label"] for line in answer["results"]] == ["A", "B"]
    first = answer["results"][0]
    assert first["cells"]["country"] == {
        "cell": "country@0@0", "state": "verified", "text": "Kenya", "number": None, "note": "",
    }  # fmt: skip
    assert [(part["arm"]["name"], part["cells"]["dose"]["number"]) for part in first["parts"]] == [
        ("Sleepwell", "5"),
        ("Placebo", "0"),
    ]


def test_what_an_extractor_may_not_know_yet_is_not_in_it(client: Client, review: Review) -> None:
    version = extracting.form_version(review, tabling.SCHEMA)
    study = extracting.included_study(review)
    for _ in range(2):
        person = extracting.extractor(review)
        extracting.assign(study, version, person)
        extracting.value(study, version, "country", "Kenya", person)
    other = builders.user()
    builders.join(review, other, Role.EXTRACTOR)
    client.force_login(other)
    answer = client.get(reverse("extraction-api:table", args=[review.pk]))
    assert answer.json()["results"][0]["cells"]["country"]["state"] == "veiled"
    assert b"Kenya" not in answer.content


@pytest.mark.parametrize("query", ["", "?form=0", "?version=77"])
def test_what_is_not_there_is_said_as_a_problem(client: Client, review: Review, query: str) -> None:
    if query == "?version=77":
        extracting.form_version(review, tabling.SCHEMA)
    client.force_login(review.created_by)
    answer = client.get(reverse("extraction-api:table", args=[review.pk]) + query)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
