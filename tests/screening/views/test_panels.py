"""Making a panel on the AI page, starting its run, and what people read of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from screening.enums import Role
from screening.models.assistant import Assistant
from screening.models.panel import PanelSeat
from screening.models.run import Run
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    made = assisting.review()
    client.force_login(made.created_by)
    return made


def make(client, review, *members, name="Both", adjudicator=None):
    said = {"name": name, "members": [one.pk for one in members]}
    said |= {"adjudicator": adjudicator.pk} if adjudicator else {}
    return client.post(f"/reviews/{review.pk}/ai/panels/", said, follow=True).content.decode()


def test_a_panel_is_made_of_different_models_and_shows_its_seats(client, review, model_server):  # noqa: F811
    one, two = (assisting.llm(review, model_server, name) for name in ("a", "b"))
    page = make(client, review, one, two, adjudicator=one)
    assert "Both v1 is ready" in page
    panel = Assistant.objects.get(engine="panel")
    seats = PanelSeat.objects.filter(panel=panel)
    assert [(seat.member, seat.adjudicates) for seat in seats] == [(one, False), (two, False), (one, True)]
    assert "asked where the members do not all include" in page
    make(client, review, one, two, adjudicator=one)
    assert Assistant.objects.filter(engine="panel").count() == 1
    make(client, review, two, one)
    assert Assistant.objects.filter(engine="panel").latest("version").version == 2


def test_what_is_no_panel_is_refused_with_a_sentence(client, review, model_server):  # noqa: F811
    one = assisting.llm(review, model_server, "a")
    twin = assisting.llm(review, model_server, "a")
    assert "has 2 to 5 members" in make(client, review, one)
    assert "the same model" in make(client, review, one, twin)
    six = [assisting.llm(review, model_server, name) for name in "bcdefg"]
    assert "has 2 to 5 members" in make(client, review, *six)
    assert "Nothing was made" in make(client, review, one, assisting.local(review))
    elsewhere = assisting.llm(assisting.review(), model_server, "h")
    assert "Nothing was made" in make(client, review, one, elsewhere)
    assert not Assistant.objects.filter(engine="panel").exists()


def test_the_ai_page_asks_as_much_for_three_panels_as_for_one(client, review, model_server):  # noqa: F811
    members = [assisting.llm(review, model_server, name) for name in "abc"]
    counts = []
    for panels in ([members[:2]], [members[1:], members]):
        for seats in panels:
            assisting.panel(review, *seats)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"/reviews/{review.pk}/ai/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_run_of_a_panel_is_estimated_started_and_says_how_stable_it_is(client, review, model_server):  # noqa: F811
    for _ in range(10):
        builders.record(review)
    members = [assisting.llm(review, model_server, name) for name in ("a+met", "b+not-met")]
    panel = assisting.panel(review, *members)
    page = client.get(f"/reviews/{review.pk}/ai/runs/new/?assistant={panel.pk}").content.decode()
    assert 'name="repeat_share" value="5"' in page
    assert '<dd class="stat-value">22</dd>' in page
    client.post(f"/reviews/{review.pk}/ai/runs/new/", {"assistant": panel.pk, "repeat_share": "20"})
    run = Run.objects.get()
    assert run.repeat_share == 20
    from screening.actions import runs

    runs.prepare(run_id=run.pk)
    assisting.work(run)
    page = client.get(f"/reviews/{review.pk}/ai/runs/{run.pk}/").content.decode()
    assert "Asked again" in page
    assert "10 <small>of 10</small>" in page
    record = run.items.first().record
    reader = builders.user()
    builders.join(review, reader, Role.AUDITOR)
    client.force_login(reader)
    page = client.get(f"/reviews/{review.pk}/records/{record.pk}/").content.decode()
    assert "Members disagree" in page
    assert all(str(member) in page for member in members)


def test_a_lead_who_screens_sees_neither_calls_nor_failures_before_the_own_vote(client, review, model_server):  # noqa: F811
    one, two = builders.record(review), builders.record(review)
    members = [assisting.llm(review, model_server, name) for name in ("a+not-met", "b+not-met")]
    last = assisting.llm(review, model_server, "c+error-400")
    run = assisting.start(assisting.panel(review, *members, adjudicator=last))
    assisting.work(run)
    builders.join(review, review.created_by, Role.REVIEWER)
    builders.decide(one, review.created_by, "include")
    page = client.get(f"/reviews/{review.pk}/ai/runs/{run.pk}/").content.decode()
    assert "Calls" not in page
    assert f"/records/{one.pk}/" in page
    assert f"/records/{two.pk}/" not in page
    said = client.get(f"/api/reviews/{review.pk}/runs/{run.pk}/").json()
    assert (said["spent"], [item["record"] for item in said["failures"]]) == (None, [one.pk])
