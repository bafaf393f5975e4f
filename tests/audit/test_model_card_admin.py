"""Model cards in the admin: a key goes in and never comes out."""

import pytest

from audit import cards
from audit.models.model_card import ModelCard
from tests import builders

pytestmark = pytest.mark.django_db
SECRET = "sk-a-very-secret-key-0123456789"


@pytest.fixture
def admin_client(client):
    client.force_login(builders.user(is_staff=True, is_superuser=True))
    return client


def save(client, card=None, **fields):
    address = f"/admin/audit/modelcard/{card.pk}/change/" if card else "/admin/audit/modelcard/add/"
    body = {"name": "Model", "provider": "openai", "model": "openai/gpt", "timeout_seconds": "60", **fields}
    return client.post(address, body)


def test_a_key_is_stored_and_never_shown(admin_client):
    assert save(admin_client, new_key=SECRET).status_code == 302
    card = ModelCard.objects.get()
    assert card.key == SECRET
    for address in (f"/admin/audit/modelcard/{card.pk}/change/", "/admin/audit/modelcard/"):
        assert SECRET not in admin_client.get(address).content.decode()
    assert SECRET not in str(list(card.history.values()))


def test_an_empty_field_keeps_the_key(admin_client):
    save(admin_client, new_key=SECRET)
    save(admin_client, ModelCard.objects.get(), name="Renamed")
    card = ModelCard.objects.get()
    assert (card.name, card.key) == ("Renamed", SECRET)


def test_a_key_can_be_forgotten(admin_client):
    save(admin_client, new_key=SECRET)
    save(admin_client, ModelCard.objects.get(), clear_key="on")
    assert ModelCard.objects.get().key == ""


def test_a_form_that_is_refused_does_not_show_the_key_either(admin_client):
    answer = save(admin_client, new_key=SECRET, clear_key="on")
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()


def test_the_admin_approves_nothing_and_a_change_there_suspends(admin_client):
    save(admin_client, approved="on")
    assert not ModelCard.objects.get().approved
    cards.approve(card=ModelCard.objects.get(), by=builders.user(is_superuser=True))
    save(admin_client, ModelCard.objects.get(), model="openai/other")
    assert "was changed since" in cards.why_not_callable(ModelCard.objects.get())


def test_what_a_provider_needs_is_asked_for_and_a_plain_name_gets_its_prefix(admin_client):
    wanted = {"provider": "azure", "model": "our-gpt", "api_base": "https://ours.openai.azure.com"}
    answer = save(admin_client, **wanted)
    assert "needs the API version" in answer.content.decode()
    assert save(admin_client, **wanted, options='{"api_version": "2024-10-21"}').status_code == 302
    made = ModelCard.objects.get()
    assert (made.model, made.options) == ("azure/our-gpt", {"api_version": "2024-10-21"})
