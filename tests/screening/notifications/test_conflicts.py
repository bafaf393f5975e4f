"""Conflicts are told to those who may settle them, by the clock, once."""

import threading

import pytest
from django.db import connection

from screening.actions import notices, notifying
from screening.enums import Role
from screening.models.notification import Notification
from screening.models.reviewer import Reviewer
from screening.models.stage import StageRule
from screening.queries.telling.notices import NO_LONGER, notice
from tests import builders
from tests.notified import conflict, member, settle, team, told, wish

pytestmark = pytest.mark.django_db


def read(user):
    notices.read(notifications=Notification.objects.all(), by=user)


def test_a_decision_itself_tells_nobody_anything():
    review, _, one, two, _ = team()
    conflict(review, one, two)
    assert not Notification.objects.exists()


def test_only_the_adjudicator_is_told_how_many_wait_and_nothing_of_who_said_what():
    review, lead, one, two, judge = team()
    for _ in range(3):
        conflict(review, one, two)
    assert notifying.conflicts() == 1
    assert told(judge) == ["3 conflicts wait for you at title and abstract."]
    assert [told(person) for person in (lead, one, two)] == [[], [], []]
    row = Notification.objects.get()
    assert row.data == {"facts": [{}]}


def test_what_is_told_once_is_not_told_again_however_often_the_clock_rings():
    review, _, one, two, judge = team()
    conflict(review, one, two)
    assert [notifying.conflicts() for _ in range(3)] == [1, 0, 0]
    read(judge)
    assert notifying.conflicts() == 0
    assert told(judge) == []


def test_new_conflicts_join_the_unread_notification_and_make_a_new_one_after_it_was_read():
    review, _, one, two, judge = team()
    conflict(review, one, two)
    notifying.conflicts()
    conflict(review, one, two)
    notifying.conflicts()
    assert told(judge) == ["2 conflicts wait for you at title and abstract."]
    read(judge)
    conflict(review, one, two)
    notifying.conflicts()
    assert told(judge) == ["3 conflicts wait for you at title and abstract."]
    assert len(told(judge, unread=False)) == 2


def test_settled_conflicts_make_the_count_true_without_being_news_and_none_left_closes_it():
    review, _, one, two, judge = team()
    first, second = conflict(review, one, two), conflict(review, one, two)
    notifying.conflicts()
    before = Notification.objects.get().updated_at
    settle(first, judge)
    assert notifying.conflicts() == 0
    assert told(judge) == ["1 conflict waits for you at title and abstract."]
    assert Notification.objects.get().updated_at == before
    settle(second, judge)
    notifying.conflicts()
    assert told(judge) == []
    assert notice(Notification.objects.get()).more == [NO_LONGER]


def test_a_conflict_that_comes_back_is_told_again():
    review, _, one, two, judge = team()
    record = conflict(review, one, two)
    notifying.conflicts()
    read(judge)
    builders.decide(record, two, "include")
    notifying.conflicts()
    builders.decide(record, two, "exclude")
    assert notifying.conflicts() == 1
    assert told(judge) == ["1 conflict waits for you at title and abstract."]


def test_an_adjudicator_who_may_not_settle_own_conflicts_is_not_called_to_them():
    review, _, one, two, judge = team()
    builders.join(review, one, Role.ADJUDICATOR)
    conflict(review, one, two)
    StageRule.objects.filter(review=review).update(own_conflicts=False)
    notifying.conflicts()
    assert (told(one), len(told(judge))) == ([], 1)


def test_whoever_is_suspended_from_screening_may_adjudicate_and_is_told_of_conflicts():
    review, _, one, two, judge = team()
    Reviewer.objects.create(review=review, user=judge, suspended=True)
    conflict(review, one, two)
    assert notifying.conflicts() == 1


def test_who_is_no_adjudicator_any_more_has_no_conflicts_waiting():
    review, _, one, two, judge = team()
    conflict(review, one, two)
    notifying.conflicts()
    review.memberships.filter(user=judge).delete()
    builders.join(review, judge, Role.OBSERVER)
    notifying.conflicts()
    assert told(judge) == []


def test_who_wants_to_hear_nothing_of_conflicts_gets_no_row_and_is_told_once_they_do():
    review, _, one, two, judge = team()
    wish(judge, "off", kind="conflict", in_app=False)
    conflict(review, one, two)
    assert notifying.conflicts() == 0
    wish(judge, "off", kind="conflict", in_app=True)
    assert notifying.conflicts() == 1


def test_an_account_that_is_closed_is_told_nothing():
    review, _, one, two, judge = team()
    judge.is_active = False
    judge.save()
    conflict(review, one, two)
    assert notifying.conflicts() == 0


def test_the_clock_asks_as_often_for_three_reviews_as_for_one(django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    review, _, one, two, _ = team()
    conflict(review, one, two)
    notifying.conflicts()
    with CaptureQueriesContext(connection) as alone:
        notifying.conflicts()
    for _ in range(2):
        other = builders.review(reviewers=[one, two])
        member(other, f"judge{other.pk}", Role.ADJUDICATOR)
        conflict(other, one, two)
    notifying.conflicts()
    with django_assert_num_queries(len(alone)):
        notifying.conflicts()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once():
    review, _, one, two, judge = team()
    conflict(review, one, two)
    together = threading.Barrier(2)

    def ring():
        together.wait()
        try:
            notifying.look()
        finally:
            connection.close()

    workers = [threading.Thread(target=ring) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert told(judge) == ["1 conflict waits for you at title and abstract."]


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_lost_and_nothing_told_twice(monkeypatch):
    review, _, one, two, judge = team()
    other = member(review, "other", Role.ADJUDICATOR)
    conflict(review, one, two)
    tell, done = notices.tell, []

    def dies(**arguments):
        if done:
            raise SystemExit
        done.append(arguments)
        return tell(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(notices, "tell", dies)
        with pytest.raises(SystemExit):
            notifying.conflicts()
    assert not Notification.objects.exists()
    notifying.conflicts()
    assert (len(told(judge)), len(told(other))) == (1, 1)
