"""The team changes in the very moment in which somebody decides (SCR-06)."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction

from screening.actions import applying, assistants, pilots, reviews, stages, team
from screening.actions.reconcile import drifts
from screening.actions.reservations import claim_next
from screening.enums import Role
from screening.models.pilot import PilotRound
from screening.models.review import Membership
from screening.models.reviewer import Reviewer
from screening.models.stage import StageState
from screening.queries.team.team import active_reviewers
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
TA = "title_abstract"


def aside(call: Callable[[], object]) -> threading.Thread:
    """A call in a thread of its own, with a connection of its own."""

    def run() -> None:
        try:
            call()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def people():
    return [builders.user(name) for name in ("ada", "ben")]


@pytest.fixture
def review(people):
    return builders.review(reviewers=people, reviewers_per_record=1)


def test_a_decision_on_its_way_counts_by_the_seniority_that_it_meets(review, people):
    reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, senior_among=True)
    record = builders.record(review)
    with transaction.atomic():
        assert builders.decide(record, people[0]).state.status == "partial"
        made = aside(lambda: team.set_senior(review=review, user=people[0], senior=True, by=review.created_by))
        made.join(0.5)
        assert made.is_alive()  # it waits for the decision
    made.join(10)
    assert StageState.objects.get(record=record, stage=TA).status == "included"
    assert list(drifts(review)) == []


def test_of_two_leads_who_leave_at_once_one_stays(review, people):
    lead, other = review.created_by, people[0]
    builders.join(review, other, Role.LEAD)
    refused = []

    def leave(user):
        try:
            team.set_roles(review=review, user=user, roles=set(), by=user)
        except team.TeamRefusedError as error:
            refused.append(str(error))

    threads = [aside(lambda user=user: leave(user)) for user in (lead, other)]
    for thread in threads:
        thread.join(10)
    assert len(refused) == 1
    assert Membership.objects.filter(review=review, role=Role.LEAD).count() == 1


def test_of_two_leads_who_set_a_share_at_once_the_later_is_told(review, people):
    told = []

    def give(share):
        try:
            team.set_share(review=review, user=people[0], share=share, by=review.created_by, shown=100)
        except team.TeamRefusedError as error:
            told.append(str(error))

    threads = [aside(lambda share=share: give(share)) for share in (30, 70)]
    for thread in threads:
        thread.join(10)
    assert len(told) == 1
    assert f"to {Reviewer.objects.get(user=people[0]).share} % in the meantime" in told[0]


def suspends(review, person):
    team.suspend(review=review, user=person, by=review.created_by)


def changes_the_rule(review, person):
    reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, reviewers_per_record=2)


def switches_ai(review, person):
    assistants.switch(review=review, by=review.created_by, ai_enabled=True, may_be_sent_to_ai=False)


def starts_a_round(review, person):
    people = [one.user_id for one in active_reviewers(review.pk)]
    pilots.start(review=review, stage=TA, size=9, reviewers=people, by=review.created_by)


def closes_the_round(review, person):
    pilots.close(pilot=PilotRound.objects.get(review=review, closed_at=None), by=review.created_by)


@pytest.mark.parametrize("act", [suspends, changes_the_rule, switches_ai, starts_a_round, closes_the_round])
def test_a_decision_that_has_its_place_goes_before_a_change_and_neither_fails(review, people, act):
    (record, *_), failed = [builders.record(review) for _ in range(4)], []
    if act is closes_the_round:
        starts_a_round(review, people[0])
    elif act is suspends:
        reviews.change_rule(rule=stages.rule_for(review, TA), by=review.created_by, assignment="shares")
    claim_next(rule=stages.rule_for(review, TA), reviewer_id=people[0].pk, limit=4, have=[])

    def acts() -> None:
        try:
            act(review, people[0])
        except OperationalError as error:
            failed.append(error)

    with transaction.atomic():
        list(StageState.objects.select_for_update(no_key=True).filter(record=record))
        changed = aside(acts)
        changed.join(0.5)
        assert changed.is_alive(), "it waits for the place"
        builders.decide(record, people[0])
    changed.join(20)
    assert (changed.is_alive(), failed) == (False, [])
    assert list(drifts(review)) == []
    assert not StageState.objects.filter(pilot__closed_at=None, status="included", pilot__isnull=False).exists()


def test_a_decision_by_the_rule_before_is_looked_at_again_by_the_worker_that_applies_the_new_one(
    review, people, monkeypatch
):
    """It holds its place since before it read the rule, so the worker comes to that place after it."""
    monkeypatch.setattr(applying, "AT_ONCE", 2)
    (record, *_) = [builders.record(review) for _ in range(4)]
    rule = stages.rule_for(review, TA)
    with transaction.atomic():
        assert builders.decide(record, people[0]).state.status == "included"
        changes = aside(lambda: changes_the_rule(review, people[0]))
        changes.join(10)
        assert not changes.is_alive()  # it waits for nobody
        works = aside(lambda: applying.carry_on(rule_id=rule.pk))
        works.join(0.5)
        assert works.is_alive()
    works.join(10)
    assert StageState.objects.get(record=record, stage=TA).status == "partial"
    assert StageState.objects.filter(review=review, stage=TA, needed=2).count() == 4
    assert list(drifts(review)) == []
