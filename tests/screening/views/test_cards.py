"""The page of models: leads read, administrators approve and withdraw; no key is ever shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import cards
from audit.models.model_card import ModelCard
from screening.enums import Role
from tests import assisting, builders

pytestmark = pytest.mark.django_db
SECRET = "sk-a-very-secret-key-0123456789"


def card(**fields):
    made = {"name": "Model", "model": "openai/x", "api_base": "http://localhost:8000/v1", "key": SECRET, **fields}
    return ModelCard.objects.create(**made)


@pytest.fixture
def lead(client):
    person = builders.review().created_by
    client.force_login(person)
    return person


@pytest.fixture
def admin(client):
    client.force_login(assisting.administrator())
    return assisting.administrator()


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert SECRET not in text
    return text


def test_a_lead_reads_the_cards_and_may_change_nothing(client, lead):
    made = card(retention="30 days", region="EU")
    text = page(client, "/models/")
    assert all(word in text for word in ("Draft", "localhost:8000", "30 days", "EU"))
    text = page(client, f"/models/{made.pk}/")
    assert "is not approved yet" in text
    assert "Approve as it stands" not in text
    for verb in ("approve", "withdraw"):
        assert client.post(f"/models/{made.pk}/{verb}/", {"seen": cards.fingerprint(made)}).status_code == 403
    assert client.post("/models/drafts/").status_code == 403


def test_who_leads_nothing_finds_nothing(client):
    made, review, person = card(), builders.review(), builders.user()
    builders.join(review, person, Role.REVIEWER)
    client.force_login(person)
    assert client.get("/models/").status_code == client.get(f"/models/{made.pk}/").status_code == 404
    assert client.post(f"/models/{made.pk}/approve/").status_code == client.post("/models/drafts/").status_code == 404


def test_a_visitor_is_asked_to_sign_in(client):
    made = card()
    for address in ("/models/", f"/models/{made.pk}/"):
        assert client.get(address).status_code == 302
    assert client.post(f"/models/{made.pk}/approve/").status_code == 302


def test_an_administrator_approves_what_the_page_shows_and_withdraws_it(client, admin):
    made = card()
    body = {"note": "Agreement of May", "seen": cards.fingerprint(made)}
    answer = client.post(f"/models/{made.pk}/approve/", body, follow=True).content.decode()
    assert "reviews can use it from now on" in answer
    assert "Agreement of May" in answer
    assert cards.fingerprint(made) in answer
    answer = client.post(f"/models/{made.pk}/withdraw/", {"why": "The terms changed"}, follow=True).content.decode()
    assert "Withdrawn" in answer
    assert "The terms changed" in answer
    assert cards.callable_cards() == []


def test_a_card_that_was_changed_meanwhile_is_not_approved(client, admin):
    made = card()
    body = {"seen": cards.fingerprint(made)}
    ModelCard.objects.update(model="openai/other")
    answer = client.post(f"/models/{made.pk}/approve/", body, follow=True).content.decode()
    assert "was changed while you looked at it" in answer
    assert "Nothing was approved" in client.post(f"/models/{made.pk}/approve/", follow=True).content.decode()
    assert not ModelCard.objects.get().approved


def test_an_undecipherable_key_is_told_with_the_mend(client, admin, settings):
    made = card()
    settings.SECRET_KEY = "another-secret-key-of-forty-characters--"
    client.force_login(admin)
    assert "stored under another SECRET_KEY" in page(client, f"/models/{made.pk}/")


def test_what_the_environment_offers_becomes_drafts(client, admin, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    assert "Make drafts" in page(client, "/models/")
    client.post("/models/drafts/")
    assert ModelCard.objects.get().provider == "anthropic"
    assert "Make drafts" not in page(client, "/models/")
    assert "in the environment" in page(client, f"/models/{ModelCard.objects.get().pk}/")


def test_the_number_of_queries_does_not_grow_with_the_cards(client, lead):
    def number(of):
        for place in range(ModelCard.objects.count(), of):
            card(name=f"Model {place}", model=f"openai/{place}")
            cards.approve(card=ModelCard.objects.get(name=f"Model {place}"), by=assisting.administrator())
        with CaptureQueriesContext(connection) as seen:
            client.get("/models/")
        return len(seen)

    assert number(1) == number(3)


def test_a_price_is_shown_with_where_it_is_from(client, lead):
    hosted = card(name="Hosted", provider="openai", model="openai/gpt-4.1-mini", api_base="")
    assert "USD 0.4 per million tokens sent, 1.6 received, by the price table of litellm" in page(
        client, f"/models/{hosted.pk}/"
    )
    own = card(name="Own", price_in="0.1", price_out="0.2")
    assert "USD 0.1 per million tokens sent, 0.2 received, by the card" in page(client, f"/models/{own.pk}/")
    assert "not known: costs are estimated" in page(client, f"/models/{card().pk}/")
