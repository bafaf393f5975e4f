"""Signing in and out: guessing is stopped, a session ends on the server, an old cookie opens nothing (SEC-02)."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import builders

PASSWORD = "correct horse battery"


@pytest.fixture
def person(db):
    cache.clear()
    return builders.user("paula", email="paula@example.org", password=PASSWORD)


def sign_in(client: Client, login: str, password: str, **headers):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **headers)


def signed_in(client: Client) -> bool:
    return client.get(reverse("screening:reviews")).status_code == 200


def guess(client: Client, login: str, number: int = 12, **headers):
    return [sign_in(client, login, f"wrong {turn}", **headers).status_code for turn in range(number)]


@pytest.mark.parametrize("login", ["paula", "PAULA", "paula@example.org"])
def test_after_ten_wrong_guesses_the_right_password_opens_nothing_for_a_while(client, person, login):
    guess(client, login)
    sign_in(client, login, PASSWORD)
    assert not signed_in(client)


def test_the_lockout_does_not_rest_on_a_cache_that_may_be_emptied(client, person):
    for turn in range(12):
        cache.clear()
        sign_in(client, "paula", f"wrong {turn}")
    cache.clear()
    sign_in(client, "paula", PASSWORD)
    assert not signed_in(client)


def test_guessing_by_email_is_stopped_too_without_the_cache(client, person):
    for turn in range(12):
        cache.clear()
        sign_in(client, "paula@example.org", f"wrong {turn}")
    cache.clear()
    sign_in(client, "paula@example.org", PASSWORD)
    assert not signed_in(client)


def test_the_administration_s_own_sign_in_is_no_way_around(client, person):
    person.is_staff = person.is_superuser = True
    person.save()
    address = reverse("admin:login")
    for turn in range(12):
        client.post(address, {"username": "paula", "password": f"wrong {turn}"})
    client.post(address, {"username": "paula", "password": PASSWORD})
    assert not signed_in(client)


def test_signing_out_ends_the_session_on_the_server(client, person):
    sign_in(client, "paula", PASSWORD)
    assert signed_in(client)
    kept = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=kept).exists()
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert not signed_in(thief)


def test_a_session_that_was_planted_before_is_not_the_one_after_signing_in(client, person):
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, "paula", PASSWORD)
    assert signed_in(client)
    assert client.cookies["sessionid"].value != before


def test_a_new_password_ends_the_other_sessions(client, person):
    other = Client()
    sign_in(client, "paula", PASSWORD)
    sign_in(other, "paula", PASSWORD)
    new = "another horse altogether"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)
    assert not signed_in(other)


def test_signing_in_leads_to_no_other_site(client, person):
    answer = client.post(
        reverse("account_login") + "?next=https://evil.example/",
        {"login": "paula", "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(client, person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # as it is where nobody set a mail server
    settings.EMAIL_PORT = 9
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in ("paula@example.org", "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [answers[1].status_code] * 2
    assert answers[0].get("Location") == answers[1].get("Location")


def test_nobody_makes_an_account_alone(client, db):
    client.post(
        reverse("account_signup"),
        {"username": "intruder", "email": "i@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not signed_in(client)


def test_the_api_takes_no_write_without_the_csrf_token(person):
    review = builders.review(reviewers=[person])
    record = builders.record(review)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person)
    body = {
        "record": record.pk, "stage": "title_abstract", "verdict": "include",
        "idempotency_key": "7a3c1c1e-0f5e-4a7b-9d57-1f3a52a0b6c4",
    }  # fmt: skip
    answer = strict.post(f"/api/reviews/{review.pk}/decisions/", body, content_type="application/json")
    assert answer.status_code == 403
    assert not record.decisions.exists()
