"""What is said of a decision on many records: how many got it, and why the others did not."""

import pytest
from django.urls import reverse

from screening.actions import bulk
from screening.actions.judging import DecisionRefusedError
from screening.models.stage import StageRule
from tests import builders

pytestmark = pytest.mark.django_db
SETTLED = "This record does not wait for your vote: settled. Nothing was stored."
AMENDED = "The protocol was amended. Nothing was stored."


@pytest.fixture
def send(client, monkeypatch):
    """The page that answers a decision on four records, of which some are refused when their turn comes."""
    ada = builders.user("ada")
    review = builders.review(reviewers=[ada])
    StageRule.objects.filter(review=review).update(bulk_allowed=True)
    ids = [builders.record(review).pk for _ in range(4)]
    stored = bulk.decisions.record
    client.force_login(ada)

    def sent(*refusals):
        late = dict(zip(ids, refusals, strict=False))

        def record(**asked):
            if asked["record_id"] in late:
                raise DecisionRefusedError(late[asked["record_id"]])
            return stored(**asked)

        monkeypatch.setattr(bulk.decisions, "record", record)
        form = {"record": ids, "verdict": "include", "key": "11111111-1111-4111-8111-111111111111"}
        address = reverse("screening:bulk", args=[review.pk, "title_abstract"])
        return client.post(address, form, follow=True).content.decode()

    return sent


def test_nothing_is_said_of_refusals_where_there_are_none(send):
    page = send()
    assert "stored on 4 records." in page
    assert "got none" not in page


def test_refusals_of_one_kind_are_said_in_its_words(send):
    assert f"stored on 2 records. 2 records got none: {SETTLED}" in send(SETTLED, SETTLED)


def test_refusals_of_several_kinds_are_counted_kind_by_kind(send):
    page = send(AMENDED, SETTLED, SETTLED)
    assert f"stored on 1 record. 3 records got none: {SETTLED} (2 records) {AMENDED} (1 record)" in page
