"""A decision cites the suggestion that its author saw, and no other (law 1, AI-01)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.enums import Oversight
from screening.models.decision import Decision
from screening.models.stage import StageRule
from tests import assisting, builders
from tests.stored_suggestions import suggestion_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(client):
    """Votes by API on the one record of a review in blind first, citing the one suggestion for it."""
    person = builders.user()
    review = assisting.review(reviewers=[person])
    record = builders.record(review)
    suggestion = suggestion_for(assisting.start(assisting.local(review)).items.get())
    client.force_login(person)

    def send(*, citing: bool):
        body = {"record": record.pk, "stage": "title_abstract", "verdict": "include"}
        body |= {"idempotency_key": str(uuid4()), "citing": suggestion.pk if citing else None}
        return client.post(reverse("screening-api:decisions", args=[review.pk]), body, content_type="application/json")

    return send


def test_nobody_cites_before_the_own_vote_what_is_shown_after_it(vote):
    assert vote(citing=True).status_code == 409
    assert not Decision.objects.exists()


def test_keeping_the_vote_after_the_suggestion_was_shown_cites_it(vote):
    shown = vote(citing=False).json()["suggestion"]
    assert vote(citing=True).status_code == 201
    assert Decision.objects.latest("id").citing_id == shown["id"]


def test_where_suggestions_show_before_the_vote_the_first_vote_cites(vote):
    StageRule.objects.update(oversight=Oversight.ASSIST)
    assert vote(citing=True).status_code == 201
    assert Decision.objects.get().citing_id is not None
