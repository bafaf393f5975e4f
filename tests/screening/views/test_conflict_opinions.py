"""Opinions are opened by an adjudicator, of a conflict, and of nothing else (SCR-02)."""

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.actions import pilots
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


def test_an_adjudicator_who_took_no_part_reads_a_record_of_a_pilot_round_before_its_opinions(client):
    """Those who took part see all: that is what the discussion is for. So does a lead who settles nothing."""
    people, judge = [builders.user("ada"), builders.user("ben")], builders.user("judge")
    review = builders.review(reviewers=people, adjudicators=[judge])
    builders.join(review, judge, Role.LEAD)
    item, shared = builders.record(review), {"stage": "title_abstract", "by": review.created_by}
    pilot = pilots.start(review=review, size=1, reviewers=[one.pk for one in people], **shared)
    for person, verdict in zip(people, (Verdict.INCLUDE, Verdict.EXCLUDE), strict=True):
        builders.decide(item, person, verdict, note=f"{person} wrote this")
    pilots.close(pilot=pilot, by=review.created_by)
    state = StageState.objects.get(record=item, stage="title_abstract")
    for person, sees in ((judge, False), (people[0], True), (review.created_by, True)):
        client.force_login(person)
        page = client.get(reverse("screening:pilot", args=[review.pk, pilot.pk])).content.decode()
        assert ("ben wrote this" in page) == sees, person
        assert (reverse("screening:conflict", args=[review.pk, state.pk]) in page) != sees
