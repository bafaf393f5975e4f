"""Whoever waits for the next record holds no other place meanwhile, so that nobody waits for them."""

import threading

import pytest
from django.db import connection, transaction

from screening.actions.reservations import claim_next
from screening.actions.stages import rule_for
from screening.models.stage import Reservation, StageState
from tests import builders
from tests.parallel import Parallel, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
TA = "title_abstract"


def lock(*records) -> None:
    list(StageState.objects.select_for_update(no_key=True).filter(record__in=records).order_by("id"))


@pytest.fixture
def scene():
    """A review, its reviewer, and two records; the second of them comes first in the queue."""
    reviewer = builders.user()
    review = builders.review(reviewers=[reviewer], reviewers_per_record=1)
    one, two = builders.record(review), builders.record(review)
    StageState.objects.filter(record=one).update(rank=2)
    StageState.objects.filter(record=two).update(rank=1)
    return review, reviewer, one, two


class Settling:
    """A decision by somebody else that has the place of a record in hand until it is let `go`."""

    def __init__(self, parallel: Parallel, record) -> None:
        self.record, self.holds, self.may_go = record, threading.Event(), threading.Event()
        self.thread = parallel.start(self.run)
        assert self.holds.wait(10)

    @transaction.atomic
    def run(self) -> None:
        lock(self.record)
        self.holds.set()
        assert self.may_go.wait(10)
        StageState.objects.filter(record=self.record).update(status="included")

    def go(self) -> None:
        self.may_go.set()
        self.thread.join(10)


def test_a_place_that_was_waited_for_in_vain_is_let_go_before_the_next_one_is_waited_for(scene):
    """Leads lock places in the order of ids, the queue is another: both at once would be a deadlock."""
    review, reviewer, one, two = scene
    parallel = Parallel()
    settling = Settling(parallel, two)
    with transaction.atomic():
        lock(one)  # the first half of a lead's change
        parallel.start(lambda: claim_next(rule=rule_for(review, TA), reviewer_id=reviewer.pk, limit=1, have=[]))
        until_somebody_waits()
        settling.go()
        until_somebody_waits()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
        lock(two)  # its second half
    assert parallel.finish() == [None, [one.pk]]


def test_a_place_that_was_waited_for_in_vain_is_let_go_within_a_transaction_of_the_caller_too(scene):
    review, reviewer, one, two = scene
    parallel, asked, may_end = Parallel(), threading.Event(), threading.Event()
    settling = Settling(parallel, two)

    @transaction.atomic
    def ask() -> list[int]:
        given = claim_next(rule=rule_for(review, TA), reviewer_id=reviewer.pk, limit=1, have=[])
        asked.set()
        assert may_end.wait(10)
        return given

    with transaction.atomic():
        lock(one)
        parallel.start(ask)
        until_somebody_waits()
        settling.go()
        until_somebody_waits()
    assert asked.wait(10)
    with transaction.atomic():
        StageState.objects.select_for_update(no_key=True, nowait=True).get(record=two)
    may_end.set()
    assert parallel.finish() == [None, [one.pk]]
    assert Reservation.objects.get().state.record_id == one.pk
