"""A lead edits the lists of highlighted words; what is in them is never a pattern of the writer's own."""

import pytest
from django.urls import reverse

from audit.models.event import Event
from screening.enums import Role
from screening.models.source import Source
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(client):
    made = builders.review(include_words="randomised", pico_words={"P": "adult*"}, search_words="copd")
    client.force_login(made.created_by)
    return made


def page(client, review, **query):
    return client.get(reverse("screening:highlights", args=[review.pk]), query)


def save(client, review, **lists):
    return client.post(reverse("screening:highlights", args=[review.pk]), lists)


def test_lists_are_stored_each_entry_once_and_the_change_is_on_record(client, review):
    answer = save(client, review, include_words="wom*n\nWom*n\n  home   based ", population="adult*\nchildren")
    assert answer.status_code == 302
    review.refresh_from_db()
    assert (review.include_words, review.search_words) == ("wom*n\nhome based", "")
    assert review.pico_words == {"P": "adult*\nchildren"}
    assert Event.objects.get(type="review.changed").data["new"]["pico_words"] == {"P": "adult*\nchildren"}


def test_the_page_shows_what_is_there(client, review):
    text = page(client, review).content.decode()
    assert "randomised" in text
    assert "adult*" in text
    assert "No source has a search strategy yet" in text


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("*", "has no letter or digit"),
        ("a*", "would mark nearly every word"),
        ("((((", "has no letter or digit"),
        ("*a*b*c*", "wildcards; an entry has at most 3"),
        ("x" * 61, "has 61 characters"),
        ("\n".join(f"word{n}" for n in range(201)), "at most 200 entries"),
    ],
)
def test_an_entry_that_can_not_be_looked_for_is_refused_in_words(client, review, entries, told):
    answer = save(client, review, include_words=entries)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    review.refresh_from_db()
    assert review.include_words == "randomised"


def test_a_word_for_and_against_at_once_is_refused(client, review):
    answer = save(client, review, include_words="Review", exclude_words="review")
    assert "speaks for and against at once" in answer.content.decode()


def test_words_of_strategies_are_proposed_and_nothing_is_stored(client, review):
    strategy = '1. exp Asthma/\n2. (wheez$ or "bronchial spasm").ti,ab.\n3. 1 or 2\n4. 3 not animals/'
    Source.objects.create(review=review, name="Invented MEDLINE", strategy=strategy)
    answer = page(client, review, take="strategies")
    assert answer.context["form"]["search_words"].value().split("\n") == ["copd", "Asthma", "wheez*", "bronchial spasm"]
    review.refresh_from_db()
    assert review.search_words == "copd"
    assert "Nothing is saved yet" in answer.content.decode()


def test_a_strategy_of_any_length_stays_within_the_list(client, review):
    Source.objects.create(review=review, name="Long", strategy=" OR ".join(f"word{n}" for n in range(50_000)))
    answer = page(client, review, take="strategies")
    assert len(answer.context["form"]["search_words"].value().split("\n")) == 200


def test_the_workbench_gets_every_layer(client, review):
    builders.join(review, review.created_by, Role.REVIEWER)
    builders.record(review)
    highlight = client.get(reverse("screening:screen", args=[review.pk])).context["highlight"]
    assert (highlight["include"], highlight["pico"]["P"], highlight["search"]) == (["randomised"], ["adult*"], ["copd"])


def test_who_is_no_lead_reads_no_lists(client, review):
    builders.join(review, other := builders.user(), Role.REVIEWER)
    client.force_login(other)
    assert page(client, review).status_code == 403
