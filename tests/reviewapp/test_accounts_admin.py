"""Accounts in the admin: whoever has acted stays in the record."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from screening.actions import reviews
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(builders.user(is_superuser=True, is_staff=True))
    return client


def test_who_has_acted_can_be_made_inactive_and_not_deleted(admin):
    person = builders.user("ann")
    reviews.start(title="Hers", by=person)
    address = reverse("admin:auth_user_delete", args=[person.pk])
    assert admin.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
    admin.post(reverse("admin:auth_user_changelist"), chosen)
    assert User.objects.filter(pk=person.pk).exists()
    page = admin.get(reverse("admin:auth_user_change", args=[person.pk])).content.decode()
    assert 'name="is_active"' in page
    assert address not in page


def test_an_account_without_a_trace_can_be_deleted(admin):
    person = builders.user()
    admin.post(reverse("admin:auth_user_delete", args=[person.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=person.pk).exists()
