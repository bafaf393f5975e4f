"""Nothing is written by nobody: requests, workers and commands name who acts, and why."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from audit.actors import UNNAMED, acting, command, current, current_reason, person, worker
from audit.history import write_bulk
from screening.enums import StageStatus
from screening.models.record import Record
from screening.models.review import Review
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db


def last(model):
    row = model.history.first()
    return row.actor_kind, row.actor_name, row.history_user_id, row.history_change_reason


def test_a_request_writes_in_the_name_of_who_is_signed_in(client):
    lead = builders.user("lead")
    client.force_login(lead)
    client.post(reverse("screening:start"), {"title": "Mine", "question": "Does it?"})
    assert Review.objects.get().title == "Mine"
    assert last(Review) == ("person", "lead", lead.pk, None)


@pytest.mark.parametrize("actor", [worker("assistant A v1"), command("import_citations")])
def test_workers_and_commands_are_named_and_give_their_reason(actor):
    review = builders.review()
    with acting(actor, "Because"):
        builders.record(review)
    assert last(Record) == (actor.kind, actor.name, None, "Because")


def test_history_that_is_written_in_bulk_names_actor_and_reason_too():
    record = builders.record(builders.review())
    with acting(worker("deduplication"), "All of them"):
        write_bulk([record], change="~")
    assert last(Record) == ("worker", "deduplication", None, "All of them")


def test_a_command_that_mends_writes_in_its_own_name():
    review = builders.review()
    record = builders.record(review)
    StageState.objects.filter(record=record).update(status=StageStatus.EXCLUDED)
    call_command("reconcile", fix=True, review=review.pk, verbosity=0)
    assert last(StageState)[:2] == ("command", "reconcile")
    assert "differed" in last(StageState)[3]


def test_acting_ends_with_its_block_and_nests():
    user = builders.user("ann")
    with acting(person(user), "outer"):
        with acting(worker("w"), "inner"):
            assert (current(), current_reason()) == (worker("w"), "inner")
        assert (current().name, current_reason()) == ("ann", "outer")
    assert (current(), current_reason()) == (UNNAMED, "")


def test_what_a_failed_block_did_not_end_does_not_stay():
    with pytest.raises(ZeroDivisionError), acting(worker("w")):
        _ = 1 / 0
    assert current() == UNNAMED
