"""Only approved cards can be called, and an approval is bound to what was approved (AUD-07)."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from audit import cards
from audit.encrypted import Undecipherable
from audit.models.event import Event
from audit.models.model_card import ModelCard
from reviewapp.ai import providers
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return builders.user(is_staff=True, is_superuser=True)


def card(**fields):
    made = {"name": "Model", "model": "openai/x", "api_base": "http://localhost:8000/v1", **fields}
    return ModelCard.objects.create(**made)


def approved(admin, **fields):
    return cards.approve(card=card(**fields), by=admin, note="Agreement of May")


def test_a_new_card_can_t_be_called_until_an_administrator_approves_it(admin):
    draft = card()
    assert "is not approved yet" in cards.why_not_callable(draft)
    assert cards.callable_cards() == []
    cards.approve(card=draft, by=admin, note="Agreement of May")
    draft.refresh_from_db()
    assert cards.why_not_callable(draft) == ""
    assert cards.callable_cards() == [draft]
    assert (draft.approved_by, draft.approved_sha256) == (admin, cards.fingerprint(draft))
    event = Event.objects.get(type="model.approved")
    assert (event.reason, event.actor_name) == ("Agreement of May", admin.username)
    assert (event.data["model"], event.data["api_base"]) == ("openai/x", "http://localhost:8000/v1")


@pytest.mark.parametrize(
    "change",
    [
        {"model": "openai/y"},
        {"api_base": "http://localhost:9000/v1"},
        {"provider": "vllm", "model": "hosted_vllm/x"},
        {"options": {"api_version": "2"}},
    ],
)
def test_a_change_of_what_was_approved_suspends_until_it_is_approved_again(admin, change):
    stands = approved(admin)
    for name, value in change.items():
        setattr(stands, name, value)
    stands.save()
    assert "was changed since it was approved" in cards.why_not_callable(stands)
    assert cards.callable_cards() == []
    if "options" not in change:  # an option that nobody knows is refused
        assert cards.why_not_callable(cards.approve(card=stands, by=admin)) == ""


def test_a_change_of_price_pace_or_key_suspends_nothing(admin):
    stands = approved(admin)
    stands.price_in, stands.requests_per_minute, stands.key = 1, 60, "another"
    stands.save()
    assert cards.why_not_callable(stands) == ""


def test_a_retired_model_can_t_be_called_from_its_day_on(admin):
    stands = approved(admin, retires_on=date(2030, 5, 1))
    assert cards.why_not_callable(stands, date(2030, 4, 30)) == ""
    assert "retired on 2030-05-01" in cards.why_not_callable(stands, date(2030, 5, 1))


def test_withdrawing_needs_a_reason_and_stops_the_model(admin):
    stands = approved(admin)
    with pytest.raises(cards.CardRefusedError, match="Say why"):
        cards.withdraw(card=stands, by=admin, why=" ")
    cards.withdraw(card=stands, by=admin, why="The terms changed")
    stands.refresh_from_db()
    assert "is not approved any more" in cards.why_not_callable(stands)
    assert Event.objects.get(type="model.withdrawn").reason == "The terms changed"
    with pytest.raises(cards.CardRefusedError, match="nothing to withdraw"):
        cards.withdraw(card=stands, by=admin, why="Again")


def test_only_administrators_approve_and_withdraw(admin):
    stands, lead = approved(admin), builders.user(is_staff=True)
    with pytest.raises(PermissionDenied):
        cards.approve(card=stands, by=lead)
    with pytest.raises(PermissionDenied):
        cards.withdraw(card=stands, by=lead, why="No")
    stands.refresh_from_db()
    assert stands.approved


def test_what_was_looked_at_is_what_is_approved(admin):
    draft = card()
    seen = cards.fingerprint(draft)
    ModelCard.objects.update(api_base="http://elsewhere.example/v1")
    with pytest.raises(cards.CardRefusedError, match="while you looked at it"):
        cards.approve(card=draft, by=admin, seen=seen)
    draft.refresh_from_db()
    assert not draft.approved


def test_a_card_whose_provider_can_t_be_reached_so_is_not_approved(admin):
    with pytest.raises(cards.CardRefusedError, match="needs the address"):
        cards.approve(card=card(api_base=""), by=admin)
    with pytest.raises(cards.CardRefusedError, match="are written as anthropic/name"):
        cards.approve(card=card(name="Other", provider="anthropic"), by=admin)


def test_postgresql_refuses_an_approval_of_nothing():
    with pytest.raises(IntegrityError, match="approved_names_what"), transaction.atomic():
        card(approved=True)


def test_a_draft_is_made_once_and_approves_nothing(admin):
    wanted = {"name": "openai/x at api.openai.com", "model": "openai/x", "api_base": "", "by": admin}
    assert cards.draft(**wanted).provider == "openai"
    assert cards.draft(**wanted) is None
    assert (ModelCard.objects.count(), cards.callable_cards()) == (1, [])


def test_a_key_of_another_secret_key_is_undecipherable_and_stays_as_it_is_when_saved(settings):
    card(key="sk-secret")
    before, own = stored(), settings.SECRET_KEY
    settings.SECRET_KEY = "another-secret-key-of-forty-characters--"
    found = ModelCard.objects.get()
    assert (found.key, type(found.key)) == ("", Undecipherable)
    found.limits = "Changed"
    found.save()
    assert stored() == before
    settings.SECRET_KEY = own
    assert ModelCard.objects.get().key == "sk-secret"


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM audit_modelcard")
        return cursor.fetchone()[0]


def test_a_price_is_the_cards_or_else_the_tables_or_not_known():
    hosted = {"provider": "openai", "model": "openai/gpt-4.1-mini", "api_base": ""}
    assert cards.price_of(card(**hosted)) == (Decimal("0.4"), Decimal("1.6"))
    assert cards.price_of(ModelCard(**hosted, price_in=Decimal(1), price_out=Decimal(2))) == (1, 2)
    assert cards.price_of(ModelCard(model="openai/gpt-4.1-mini", api_base="http://localhost/v1")) is None


@pytest.mark.parametrize(
    ("model", "api_base", "provider"),
    [
        ("openai/gpt-5", "", "openai"),
        ("openai/own", "http://localhost:8000/v1", "compatible"),
        ("gemini/x", "", "google"),
        ("ollama/llama3", "", "ollama"),
        ("never/heard-of", "", "compatible"),
    ],
)
def test_the_migration_keeps_approved_cards_approved_as_they_stand(model, api_base, provider):
    card(model=model, api_base=api_base, approved=True, approved_sha256="0" * 64)
    import_module("audit.migrations.0004_card_approval").name_what_was_approved(apps, None)
    found = ModelCard.objects.get()
    assert found.provider == providers.of(model, api_base) == provider
    assert cards.why_not_callable(found) == ""
