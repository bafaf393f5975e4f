"""Criteria that are often misread are pointed out where they are written and before a run; nothing waits for it."""

import pytest
from django.urls import reverse

from screening.models.protocol import ProtocolVersion
from tests import assisting, builders

pytestmark = pytest.mark.django_db
TWO = "It seems to ask two things at once"


def edit_page(review):
    return reverse("screening:protocol-edit", args=[review.pk])


def written(text, **more):
    return {
        "question": "Q?", "based_on": 0, "reason": "First", "criteria-TOTAL_FORMS": 1, "criteria-INITIAL_FORMS": 0,
        "criteria-0-label": "People", "criteria-0-facet": "P", "criteria-0-text": text,
        "criteria-0-polarity": "include", "criteria-0-if_not_reported": "unclear", **more,
    }  # fmt: skip


@pytest.fixture
def review():
    made = assisting.review()
    builders.record(made)
    return made


def amended(client, review, text, **more):
    number = review.protocol_versions.count()
    return client.post(edit_page(review), written(text, based_on=number, **more))


def test_a_draft_is_looked_at_when_its_changes_are_and_saved_as_it_is(client, review):
    client.force_login(review.created_by)
    assert TWO not in client.get(edit_page(review)).content.decode()
    compound = "Adults with asthma and treated with <steroids>"
    page = amended(client, review, compound, preview="1").content.decode()
    assert TWO in page
    before = ProtocolVersion.objects.count()
    assert amended(client, review, compound).status_code == 302
    assert ProtocolVersion.objects.count() == before + 1
    assert TWO in client.get(edit_page(review)).content.decode()


def test_words_of_a_criterion_are_escaped_in_advice(client, review):
    client.force_login(review.created_by)
    page = amended(client, review, "Followed up for 6 <b>months</b>, not <i>less</i>", preview="1").content.decode()
    assert "It says “not”" in page
    assert "<b>months" not in page


def test_before_a_run_the_advice_stands_beside_the_estimate(client, review):
    client.force_login(review.created_by)
    assisting.local(review)
    start = reverse("screening:run-start", args=[review.pk])
    assert TWO not in client.get(start).content.decode()
    amended(client, review, "Adults with asthma and treated with steroids")
    page = client.get(start).content.decode()
    assert TWO in page
    assert edit_page(review) in page
