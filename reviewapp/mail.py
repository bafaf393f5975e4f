"""Where e-mail goes out: EMAIL_URL as Django's settings. Standard library only, as the settings are read from here."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
BACKENDS = "django.core.mail.backends"
MEND = (
    "Write smtp+tls://USER:PASSWORD@mail.example.org:587 (STARTTLS), smtps://… (TLS from the start), smtp://… (no "
    "encryption) or console:, with special characters of the password percent-encoded."
)
NOWHERE = "http://localhost:8000"  # where nobody said more: `manage.py up` knows its own port
TIMEOUT = 20  # seconds that one step of a talk with the mail server may take


def settings_of(email_url: str) -> dict[str, Any]:
    """Django's names and values for where mail goes out. Raises ImproperlyConfigured with a sentence that mends."""
    if not email_url:
        return {"EMAIL_BACKEND": "reviewapp.mail_unset.EmailBackend"}
    if email_url.rstrip("/") == "console:":
        return {"EMAIL_BACKEND": f"{BACKENDS}.console.EmailBackend"}
    try:
        parts = urlsplit(email_url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"EMAIL_URL is not the address of a mail server ({error}). {MEND}") from error
    if parts.scheme not in PORTS or not host:
        raise ImproperlyConfigured(f"EMAIL_URL is not the address of a mail server. {MEND}")
    return {
        "EMAIL_BACKEND": f"{BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": TIMEOUT,
    }


def site_url(given: str, *, trusted: list[str], hosts: list[str], https: bool) -> str:
    """The address that links in e-mails begin with: as set, else the first that the site is known by."""
    if given and not given.startswith(("http://", "https://")):
        raise ImproperlyConfigured("SITE_URL is the site's whole address: write https://reviews.example.org.")
    if given or trusted:
        return (given or trusted[0]).rstrip("/")
    named = [host.lstrip(".") for host in hosts if host not in ("*", "localhost", "127.0.0.1", "[::1]")]
    return f"{'https' if https else 'http'}://{named[0]}" if named else NOWHERE


def said(backend: str, host: str = "", port: int = 0) -> str:
    """A sentence on where mail goes, for whoever starts the servers or looks for it."""
    if backend.endswith("smtp.EmailBackend"):
        return f"E-mail goes out by {host}:{port}."
    if backend.endswith("console.EmailBackend"):
        return "E-mail is printed into the services' logs, and goes nowhere else (EMAIL_URL=console:)."
    return "No e-mail is sent (notifications stay in the app): set EMAIL_URL to a mail server, see the admins' guide."
