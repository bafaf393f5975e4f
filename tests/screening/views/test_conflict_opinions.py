"""Opinions are opened by an adjudicator, of a conflict, and of nothing else (SCR-02)."""

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.enums import Role, Verdict
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    """One who reviews and adjudicates is signed in; another has voted first."""
    judge, other = builders.user(), builders.user("otto")
    review = builders.review(reviewers=[judge, other], adjudicators=[judge])
    record = builders.record(review)
    builders.decide(record, other, Verdict.EXCLUDE)
    client.force_login(judge)
    state = StageState.objects.get(record=record)
    return reverse("screening:conflict-opinions", args=[review.pk, state.pk]), record, judge


def test_an_adjudicator_who_screens_cannot_look_at_the_first_vote_before_their_own(client, scene):
    address, _, _ = scene
    answer = client.post(address)
    assert answer.status_code == 404
    assert "otto" not in answer.content.decode()
    assert not Event.objects.filter(type="conflict.opened").exists()


def test_in_a_conflict_they_open_and_the_ledger_says_who_did(client, scene):
    address, record, judge = scene
    builders.decide(record, judge, Verdict.INCLUDE)
    assert "otto" in client.post(address).content.decode()
    assert Event.objects.get(type="conflict.opened").actor_id == judge.pk


def test_one_who_is_adjudicator_only_opens_no_record_that_is_not_in_conflict_either(client, scene):
    address, record, _ = scene
    arbiter = builders.user()
    builders.join(record.review, arbiter, Role.ADJUDICATOR)
    client.force_login(arbiter)
    assert client.post(address).status_code == 404
