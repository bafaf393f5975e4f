"""A form that comes after a night: its author was signed out, or signed in anew. What was written is given back."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from screening.models.protocol import ProtocolVersion
from screening.models.review import Review
from tests import builders

pytestmark = pytest.mark.django_db
REASON = "Trials in mixed samples <script>alert(1)</script> were read in different ways."
SHOWN = "Trials in mixed samples &lt;script&gt;alert(1)&lt;/script&gt; were read in different ways."
BROWSER = {"accept": "text/html,application/xhtml+xml", "sec-fetch-mode": "navigate"}


@pytest.fixture
def ada() -> User:
    return builders.user("ada")


@pytest.fixture
def review(ada: User) -> Review:
    return builders.review(lead=ada)


def test_a_form_sent_while_signed_out_gives_back_what_was_written(review: Review) -> None:
    url = reverse("screening:protocol-edit", args=[review.pk])
    sent = {"reason": REASON, "password": "a secret of mine", "shown": '{"a": 1}', "based_on": "1"}
    came_from = {"referer": f"http://testserver{url}"}
    reply = Client().post(url, sent, headers=BROWSER | came_from)
    page = reply.content.decode()
    assert reply.status_code == 403
    assert "You are signed out" in page
    assert SHOWN in page
    assert "a secret of mine" not in page
    assert f'href="{reverse("account_login")}?next={url}"' in page
    assert not ProtocolVersion.objects.filter(reason=REASON).exists()


def test_the_way_back_leads_to_a_page_and_never_away(review: Review, ada: User) -> None:
    """Addresses that only take a form have no page of their own; and whoever sent the form names no other site."""
    url = reverse("screening:member-change", args=[review.pk, ada.pk, "suspend"])
    for referer in ("https://elsewhere.example/x", ""):
        page = Client().post(url, {"reason": REASON}, headers=BROWSER | {"referer": referer}).content.decode()
        assert f'href="{reverse("account_login")}"' in page


def test_scripts_are_answered_as_before(review: Review) -> None:
    url = reverse("screening:protocol-edit", args=[review.pk])
    for headers in ({"accept": "application/json"}, {"accept": "text/html", "hx-request": "true"}):
        assert Client().post(url, {"reason": REASON}, headers=headers).status_code == 302


def test_a_form_older_than_the_sign_in_gives_back_what_was_written(review: Review, ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    reply = client.post(reverse("screening:protocol-edit", args=[review.pk]), {"reason": REASON}, headers=BROWSER)
    assert reply.status_code == 403
    assert SHOWN in reply.content.decode()
    sign_in = client.post(reverse("account_login"), {"login": "ada at home", "password": "not so secret"})
    assert "ada at home" not in sign_in.content.decode()


def test_an_open_page_learns_who_is_signed_in_now(ada: User) -> None:
    client = Client()
    assert client.get(reverse("session")).json() == {"user": None, "csrf": ""}
    client.force_login(ada)
    reply = client.get(reverse("session"))
    assert reply.json()["user"] == ada.pk
    assert len(reply.json()["csrf"]) == 64
    assert "no-store" in reply["Cache-Control"]
