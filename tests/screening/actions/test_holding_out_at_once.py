"""Two clicks on a test set at once: the second waits for the first, and is told in a sentence."""

import threading

import pytest
from django.db import connection, transaction

from screening.actions import holding_out
from screening.models.held_out import HeldOut, HeldOutRelease
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)
STAGE = "title_abstract"


def told_beside(verb, **said):
    """What somebody is told who does it in a connection of their own, while the same by us is not yet committed."""
    told = []

    def second():
        try:
            told.append(verb(**said))
        except ValueError as error:
            told.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        assert verb(**said) == 1
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()  # it waits
    thread.join(10)
    return told


def test_the_second_click_is_told_and_stores_nothing():
    review = builders.review()
    said = {"review": review, "stage": STAGE, "by": review.created_by}
    assert told_beside(holding_out.hold_out, record_ids=[builders.record(review).pk], why="Set A", **said) == [0]
    assert HeldOut.objects.count() == 1
    assert told_beside(holding_out.release, test_set="Set A", why="Over", **said) == [
        "Nothing of this test set is held out any more."
    ]
    assert HeldOutRelease.objects.count() == 1
