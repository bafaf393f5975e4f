"""Each thing that stops a review is told once, with the place to act; a review that goes on is told nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from screening.actions import pilots, team
from screening.enums import Role
from screening.models.reviewer import Reviewer
from screening.models.stage import Reservation, StageRule, StageState
from screening.queries.progress.warnings import obstacles
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return builders.user("ana"), builders.user("ben")


@pytest.fixture
def review(people):
    return builders.review(reviewers=people)


def told(review):
    return {one.code: one for one in obstacles(review.pk)}


def quarrel(review, people):
    item = builders.record(review)
    for person, verdict in zip(people, ("include", "exclude"), strict=True):
        builders.decide(item, person, verdict)
    return item


def test_a_review_that_goes_on_is_told_nothing(review, people):
    builders.join(review, people[0], Role.ADJUDICATOR)
    builders.record(review)
    builders.decide(builders.record(review), people[0])
    quarrel(review, people)
    assert not told(review)


def test_conflicts_without_an_adjudicator(review, people):
    quarrel(review, people)
    found = told(review)
    assert found.keys() == {"no-adjudicator"}
    assert found["no-adjudicator"].sentence.startswith("1 record is in conflict at title and abstract, and nobody may")
    assert found["no-adjudicator"].records.endswith("?stage=title_abstract&status=conflict")


def test_conflicts_that_all_adjudicators_are_part_of(review, people):
    builders.join(review, people[0], Role.ADJUDICATOR)
    quarrel(review, people)
    StageRule.objects.filter(review=review).update(own_conflicts=False)
    assert told(review).keys() == {"own-conflicts"}
    builders.join(review, builders.user(), Role.ADJUDICATOR)
    assert not told(review)


def test_records_that_wait_for_a_senior_where_none_is_active(review, people):
    StageRule.objects.filter(review=review).update(senior_among=True)
    item = builders.record(review)
    for person in people:
        builders.decide(item, person)
    assert told(review).keys() == {"no-senior", "too-few"}
    third = builders.user()
    builders.join(review, third, Role.REVIEWER)
    team.set_senior(review=review, user=third, senior=True, by=review.created_by)
    assert not told(review)


def test_shares_of_somebody_who_left(review, people):
    StageState.objects.filter(pk=builders.record(review).states.get().pk).update(assigned=[people[0].pk, people[1].pk])
    Reviewer.objects.create(review=review, user=people[0], suspended=True)
    found = told(review)
    assert found.keys() == {f"share-{people[0].pk}"}
    assert "for ana, who does not screen now" in found[f"share-{people[0].pk}"].sentence


def test_a_pilot_round_that_waits_for_somebody_who_left(review, people):
    builders.record(review)
    pilots.start(
        review=review, stage="title_abstract", size=1, reviewers=[one.pk for one in people], by=review.created_by
    )
    assert not told(review)
    Reviewer.objects.create(review=review, user=people[0], suspended=True)
    assert told(review).keys() == {f"pilot-{people[0].pk}"}


def test_a_stage_with_nobody_to_screen(review, people):
    builders.record(review)
    for person in people:
        team.suspend(review=review, user=person, by=review.created_by)
    assert told(review).keys() == {"nobody"}


def test_records_that_need_more_opinions_than_there_are_people(review, people):
    builders.decide(builders.record(review), people[0])
    team.suspend(review=review, user=people[1], by=review.created_by)
    found = told(review)
    assert found.keys() == {"too-few"}
    assert found["too-few"].url.endswith("/settings/")


def test_the_last_records_in_somebody_s_hands_for_long(review, people):
    StageRule.objects.filter(review=review).update(reviewers_per_record=1)
    item = builders.record(review)
    StageState.objects.filter(record=item).update(needed=1)
    held = Reservation.objects.create(
        state=item.states.get(), reviewer=people[0], expires_at=timezone.now() + timedelta(minutes=25)
    )
    assert not told(review)
    Reservation.objects.filter(pk=held.pk).update(expires_at=timezone.now() + timedelta(minutes=5))
    assert told(review).keys() == {"held"}
    builders.record(review)  # something else to do
    assert not told(review)


def test_queries_do_not_grow(review, people):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            told(review)
        return len(queries)

    quarrel(review, people)
    before = counted()
    for _ in range(3):
        quarrel(review, people)
        builders.join(review, builders.user(), Role.REVIEWER)
    assert counted() == before
