"""Runs and suggestions over HTTP."""

import pytest

from screening.enums import Role
from screening.models.run import Run
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    made = assisting.review()
    for _ in range(2):
        builders.record(made)
    client.force_login(made.created_by)
    return made


def post(client, address, **body):
    return client.post(address, body, content_type="application/json")


def test_an_estimate_starts_nothing(client, review, model_server):  # noqa: F811
    assistant = assisting.llm(review, model_server)
    answer = post(client, f"/api/reviews/{review.pk}/runs/", assistant=assistant.pk, estimate=True)
    assert (answer.status_code, answer.json()["calls"], Run.objects.count()) == (200, 2, 0)


def test_a_run_is_started_worked_off_and_read(client, review, model_server):  # noqa: F811
    assistant = assisting.llm(review, model_server)
    started = post(client, f"/api/reviews/{review.pk}/runs/", assistant=assistant.pk)
    assert started.status_code == 201
    run = Run.objects.get(pk=started.json()["id"])
    assisting.runs.prepare(run_id=run.pk)
    assisting.work(run)
    read = client.get(f"/api/reviews/{review.pk}/runs/{run.pk}/").json()
    assert (read["status"], read["done"], read["total"], read["spent"]["answered"]) == ("finished", 2, 2, 2)
    listed = client.get(f"/api/reviews/{review.pk}/runs/").json()
    assert [one["id"] for one in listed["results"]] == [run.pk]
    (record,) = review.records.all()[:1]
    shown = client.get(f"/api/reviews/{review.pk}/records/{record.pk}/suggestions/").json()["suggestions"]
    assert shown["title_abstract"]["model"] == "screener"


def test_a_run_is_paused_and_cancelled(client, review, model_server):  # noqa: F811
    run = assisting.start(assisting.llm(review, model_server))
    address = f"/api/reviews/{review.pk}/runs/{run.pk}/"
    assert post(client, address, verb="pause").json()["status"] == "paused"
    assert post(client, address, verb="cancel").json()["status"] == "cancelled"
    again = post(client, address, verb="resume")
    assert (again.status_code, again.headers["Content-Type"]) == (409, "application/problem+json")
    assert "cancelled" in again.json()["detail"]


def test_what_is_refused_says_why(client, review, model_server):  # noqa: F811
    assistant = assisting.llm(review, model_server)
    review.may_be_sent_to_ai = False
    review.save()
    answer = post(client, f"/api/reviews/{review.pk}/runs/", assistant=assistant.pk)
    assert answer.status_code == 409
    assert "may not be sent" in answer.json()["detail"]


@pytest.mark.parametrize(("role", "status"), [(Role.REVIEWER, 403), (None, 404)])
def test_only_leads_and_auditors_see_runs(client, review, role, status):
    person = builders.user()
    if role:
        builders.join(review, person, role)
    client.force_login(person)
    assert client.get(f"/api/reviews/{review.pk}/runs/").status_code == status


def test_a_run_of_another_review_is_not_found(client, review, model_server):  # noqa: F811
    other = assisting.review()
    builders.record(other)
    run = assisting.start(assisting.llm(other, model_server))
    assert client.get(f"/api/reviews/{review.pk}/runs/{run.pk}/").status_code == 404
