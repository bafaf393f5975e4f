"""Choosing fallbacks on the AI page, and where people read that one answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import cards
from screening.models.assistant import Assistant
from screening.models.suggestion import Suggestion
from tests import assisting, builders
from tests.assisting import model_server  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    made = assisting.review()
    client.force_login(made.created_by)
    return made


def page(client, name, *about):
    return client.get(reverse(f"screening:{name}", args=about)).content.decode()


def make(client, review, first, *fallbacks, name="Reader"):
    said = {"name": name, "model": f"card:{first.pk}"}
    said |= {f"fallback_{place}": f"card:{card.pk}" for place, card in enumerate(fallbacks, 1)}
    address = reverse("screening:assistant-add", args=[review.pk])
    return client.post(address, said, follow=True).content.decode()


def test_fallbacks_are_chosen_in_order_and_listed_with_their_cards(client, review, model_server):  # noqa: F811
    first, second, third = (assisting.approved(model_server, name) for name in "abc")
    shown = make(client, review, first, third, second)
    made = Assistant.objects.get(review=review, name="Reader")
    assert made.parameters["fallbacks"] == [third.pk, second.pk]
    assert f"If it does not answer: {third.name} · openai/c" in shown
    assert f"Then: {second.name} · openai/b" in shown
    make(client, review, first, second)
    assert Assistant.objects.filter(review=review, name="Reader").count() == 2
    assert "chosen twice" in make(client, review, first, first)
    cards.withdraw(card=third, by=assisting.administrator(), why="No more")
    assert "can’t be called now" in page(client, "assistants", review.pk)


def test_the_ai_page_asks_as_much_for_three_assistants_with_fallbacks_as_for_one(client, review, model_server):  # noqa: F811
    first, second = (assisting.approved(model_server, name) for name in "ab")
    asked = []
    for names in (("one",), ("two", "three")):
        for name in names:
            make(client, review, first, second, name=name)
        with CaptureQueriesContext(connection) as queries:
            page(client, "assistants", review.pk)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_estimate_run_record_and_suggestion_say_that_a_fallback_answers(client, review, model_server):  # noqa: F811
    record = builders.record(review)
    second = assisting.approved(model_server, "b+met", price_in=1, price_out=1)
    assistant = assisting.llm(review, model_server, "a+error-401", falls_back_on=[second], price_in=1, price_out=1)
    estimated = client.get(reverse("screening:run-start", args=[review.pk]), {"assistant": assistant.pk})
    assert "With fallback, USD" in estimated.content.decode()
    run = assisting.start(assistant)
    for _ in range(2):
        assisting.work(run)
    said = Suggestion.objects.get()
    instead = f"instead of {assistant.card.name}"
    shown = page(client, "run", review.pk, run.pk)
    assert "Answered by a fallback" in shown
    assert "does not accept the key" in shown
    for name, about in (("record", record.pk), ("suggestion", said.pk)):
        assert instead in page(client, name, review.pk, about)
