"""Where e-mail goes out: what an operator may set, what is refused with a mend, and new passwords by e-mail."""

import re

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from reviewapp import mail
from tests import builders, mail_server


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, False, False),
        ("smtp+tls://mail.example.org", "mail.example.org", 587, True, False),
        ("smtps://mail.example.org:4650", "mail.example.org", 4650, False, True),
    ],
)
def test_an_address_says_host_port_and_encryption(url, host, port, tls, ssl):
    values = mail.settings_of(url)
    assert (values["EMAIL_HOST"], values["EMAIL_PORT"]) == (host, port)
    assert (values["EMAIL_USE_TLS"], values["EMAIL_USE_SSL"]) == (tls, ssl)
    assert values["EMAIL_TIMEOUT"] == mail.TIMEOUT


def test_user_and_password_are_percent_decoded():
    values = mail.settings_of("smtp+tls://me%40example.org:p%40ss%2Fword@mail.example.org")
    assert (values["EMAIL_HOST_USER"], values["EMAIL_HOST_PASSWORD"]) == ("me@example.org", "p@ss/word")


@pytest.mark.parametrize(
    "wrong", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h:99999", "smtp://h:x"]
)
def test_what_is_no_mail_server_is_refused_with_the_mend_and_without_the_password(wrong):
    with pytest.raises(ImproperlyConfigured, match=r"smtp\+tls://USER:PASSWORD") as refused:
        mail.settings_of(wrong)
    assert "secret" not in str(refused.value)


def test_a_password_is_in_no_message():
    with pytest.raises(ImproperlyConfigured) as refused:
        mail.settings_of("imap://me:secret@mail.example.org")
    assert "secret" not in str(refused.value)
    values = mail.settings_of("smtps://me:secret@mail.example.org")
    assert mail.said(values["EMAIL_BACKEND"], values["EMAIL_HOST"], values["EMAIL_PORT"]) == (
        "E-mail goes out by mail.example.org:465."
    )


def test_it_is_said_where_no_mail_is_sent():
    assert "set EMAIL_URL" in mail.said(mail.settings_of("")["EMAIL_BACKEND"])
    assert "logs" in mail.said(mail.settings_of("console:")["EMAIL_BACKEND"])


@pytest.mark.parametrize(
    ("given", "trusted", "hosts", "https", "address"),
    [
        ("https://a.example.org/", ["https://b.example.org"], ["c.example.org"], True, "https://a.example.org"),
        ("", ["https://b.example.org"], ["c.example.org"], True, "https://b.example.org"),
        ("", [], ["localhost", "c.example.org"], True, "https://c.example.org"),
        ("", [], [".example.org"], False, "http://example.org"),
        ("", [], ["*", "localhost"], False, mail.NOWHERE),
    ],
)
def test_links_begin_with_what_is_known_of_the_site(given, trusted, hosts, https, address):
    assert mail.site_url(given, trusted=trusted, hosts=hosts, https=https) == address


def test_a_site_without_its_scheme_is_refused():
    with pytest.raises(ImproperlyConfigured, match="https://reviews"):
        mail.site_url("reviews.example.org", trusted=[], hosts=[], https=True)


def test_a_forgotten_password_is_set_anew_by_a_link_in_an_e_mail(client, db, settings):
    cache.clear()
    person = builders.user("paula", email="paula@example.org", password="correct horse battery")
    with mail_server.serving() as inbox:
        for name, value in mail.settings_of(f"smtp://127.0.0.1:{inbox.port}").items():
            setattr(settings, name, value)
        client.post("/accounts/password/reset/", {"email": "paula@example.org"})
    assert inbox.to == ["paula@example.org"]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", inbox.text())
    form = client.get(link.group(1), follow=True)
    new = "another horse altogether"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)


@pytest.mark.parametrize("works", [True, False])
def test_asking_for_a_new_password_says_whether_e_mail_can_come(client, db, settings, works):
    settings.MAIL_WORKS = works
    page = client.get("/accounts/password/reset/").content.decode()
    assert ("sends no e-mail" in page) != works
