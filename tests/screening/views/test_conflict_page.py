"""A conflict's page shows the record as it is."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.enums import Verdict
from screening.models.decision import Decision
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


def test_title_and_abstract_run_in_their_own_direction(client):
    ada, ben = builders.user(), builders.user()
    review = builders.review(reviewers=[ada, ben], adjudicators=[ada])
    record = builders.record(review, title="تجربة سريرية", abstract="دراسة عشوائية")
    builders.decide(record, ada, Verdict.INCLUDE)
    builders.decide(record, ben, Verdict.EXCLUDE)
    client.force_login(ada)
    state = StageState.objects.get(record=record)
    html = client.get(reverse("screening:conflict", args=[review.pk, state.pk])).content.decode()
    assert 'class="wb-title" dir="auto">تجربة سريرية<' in html
    assert 'class="wb-abstract" dir="auto">دراسة عشوائية<' in html


@pytest.fixture
def settled(client):
    """A record that its adjudicator has just included, and the page that was open before."""
    ada, ben, cleo = builders.user(), builders.user(), builders.user()
    review = builders.review(reviewers=[ada, ben], adjudicators=[cleo])
    record = builders.record(review)
    builders.decide(record, ada, Verdict.INCLUDE)
    builders.decide(record, ben, Verdict.EXCLUDE)
    state = StageState.objects.get(record=record)
    address = reverse("screening:conflict", args=[review.pk, state.pk])
    client.force_login(cleo)
    stale = client.get(address)
    assert client.post(address, {"verdict": "include", "idempotency_key": str(uuid4())}).status_code == 302
    return state, address, stale


def status(state):
    state.refresh_from_db()
    return state.status


def test_an_old_tab_replaces_nothing_that_its_reader_said_since(client, settled):
    state, address, stale = settled
    form = {"verdict": "exclude", "idempotency_key": str(stale.context["form_key"])}
    page = client.post(address, form, follow=True)
    assert "You have settled this record already" in page.content.decode()
    assert (status(state), Decision.objects.filter(origin="adjudication").count()) == ("included", 1)


def test_who_settled_a_record_may_change_their_mind_from_its_page(client, settled):
    state, address, _ = settled
    assert address in client.get(state.record.get_absolute_url()).content.decode()
    page = client.get(address)
    assert "You settled this record (included)" in page.content.decode()
    form = {"verdict": "exclude", "idempotency_key": str(page.context["form_key"]), "anew": "yes"}
    client.post(address, form)
    client.post(address, form)  # a double click
    assert (status(state), Decision.objects.filter(origin="adjudication").count()) == ("excluded", 2)


def test_somebody_else_still_may_not(client, settled):
    state, address, _ = settled
    other = builders.user()
    builders.join(state.review, other, "adjudicator")
    client.force_login(other)
    assert address not in client.get(state.record.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 302
    client.post(address, {"verdict": "exclude", "idempotency_key": str(uuid4()), "anew": "yes"})
    assert status(state) == "included"
