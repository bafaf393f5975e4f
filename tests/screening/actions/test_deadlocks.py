"""A verb that is ended to resolve a deadlock begins again; its author sees nothing of it."""

from contextlib import suppress

import pytest
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected

from audit.models.event import Event
from reviewapp.deadlocks import TRIES, begun_again
from screening.actions import duplicates, pilots, team
from screening.models.stage import StageState
from tests import builders
from tests.parallel import Parallel, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
TA = "title_abstract"


@pytest.fixture
def scene():
    """A review that gives out records by shares, its two reviewers, and two records."""
    people = [builders.user() for _ in range(2)]
    review = builders.review(reviewers=people)
    review.stage_rules.update(assignment="shares")
    return review, people, [builders.record(review) for _ in range(2)]


def starts_a_round(review, people, records) -> None:
    ids = [person.pk for person in people]
    pilots.start(review=review, stage=TA, size=2, reviewers=ids, by=review.created_by)


def suspends(review, people, records) -> None:
    team.suspend(review=review, user=people[0], by=review.created_by)


def merges(review, people, records) -> None:
    duplicates.merge(kept=records[0], absorbed=records[1], by=review.created_by)


@pytest.mark.parametrize(
    ("act", "event"),
    [(starts_a_round, "pilot.started"), (suspends, "reviewer.suspended"), (merges, "record.merged")],
)
def test_a_lead_s_verb_that_meets_a_deadlock_is_done_all_the_same_and_once(scene, act, event):
    review, _, (one, two) = scene
    parallel = Parallel()
    with suppress(OperationalError), transaction.atomic():
        # PostgreSQL ends whoever has waited for a second: the verb, unless this thread is kept from running meanwhile
        list(StageState.objects.select_for_update().filter(record=two))
        parallel.start(lambda: act(*scene))
        until_somebody_waits()  # it holds the first place, and waits for the second
        list(StageState.objects.select_for_update().filter(record=one))
    assert parallel.finish() == [None]
    assert Event.objects.filter(review_id=review.pk, type=event).count() == 1


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected("deadlock detected")
    return error


class Failing:
    """Raises an error at each of its first calls."""

    def __init__(self, error: OperationalError, times: int) -> None:
        self.error, self.times, self.calls = error, times, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.times:
            raise self.error
        return "done"


def again(failing: Failing):
    return begun_again(failing.__call__)


def test_it_is_not_tried_for_ever():
    failing = Failing(deadlock(), times=TRIES)
    with pytest.raises(OperationalError, match="deadlock"):
        again(failing)()
    assert failing.calls == TRIES


def test_what_is_no_deadlock_is_not_tried_again():
    failing = Failing(OperationalError("the connection is lost"), times=1)
    with pytest.raises(OperationalError, match="lost"):
        again(failing)()
    assert failing.calls == 1


def test_within_a_transaction_of_the_caller_nothing_is_tried_again():
    failing = Failing(deadlock(), times=1)
    with transaction.atomic(), pytest.raises(OperationalError):
        again(failing)()
    assert failing.calls == 1
