"""A decision cites the suggestion that its author saw, and no other (law 1, AI-01)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from screening.enums import Oversight
from screening.models.decision import Decision
from screening.models.stage import StageRule
from screening.models.suggestion import Suggestion
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


@pytest.fixture
def taken_back(client):
    """Votes by API on a record whose only vote was taken back before anything was suggested."""
    person = builders.user()
    review = assisting.review(reviewers=[person])
    record = builders.record(review)
    for verdict in ("include", "withdrawn"):
        builders.decide(record, person, verdict)
    run = assisting.start(assisting.local(review))
    client.force_login(person)

    def send(suggested: str, said: str, override: str = ""):
        suggestion = Suggestion.objects.first() or suggestion_for(run.items.get(), verdict=suggested)
        body = {"record": record.pk, "stage": "title_abstract", "verdict": said, "override": override}
        body |= {"idempotency_key": str(uuid4()), "citing": suggestion.pk}
        return client.post(reverse("screening-api:decisions", args=[review.pk]), body, content_type="application/json")

    return send


@pytest.mark.parametrize("suggested", ["include", "maybe", "exclude"])
@pytest.mark.parametrize("override", ["", "other"])
def test_nobody_is_told_what_came_after_they_took_their_vote_back(taken_back, suggested, override):
    answers = {said: taken_back(suggested, said, override) for said in ("include", "maybe", "exclude")}
    assert {answer.status_code for answer in answers.values()} == {409}
    (told,) = {answer.content for answer in answers.values()}
    assert b"not shown before the vote" in told


def test_what_an_earlier_word_cites_is_cited_again_after_it_was_taken_back(vote):
    vote(citing=False)
    assert vote(citing=True).status_code == 201
    last = Decision.objects.latest("id")
    builders.decide(last.record, last.author, "withdrawn")
    assert vote(citing=True).status_code == 201
