"""API tokens: whom one speaks for, and lists of them.

Why our own and no library (looked up in November 2026): django-rest-knox 5.1 has a digest and an expiry, but no scope,
name or trail, and deletes what has expired; djangorestframework-api-key 3.1 says itself that it is not for users;
drf-simple-apikey 2.4 encrypts, which can be undone; django-oauth-toolkit 3.4 is a whole authorization server, whose
scopes know no single review. What is left to write is this file, `actions.tokens` and `api.bearer`.
"""

import hashlib
import hmac
import re

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from screening.models.api_token import ApiToken

SHAPE = re.compile(r"rva_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")
NOBODYS = "0" * 64


@sensitive_variables()
def digest(text: str) -> str:
    """SHA-256 in hex. A token has 256 random bits, which nobody guesses, so it needs neither salt nor a slow hash
    (NIST SP 800-63B, 5.1.2.2: look-up secrets of 112 bits and more)."""
    return hashlib.sha256(text.encode()).hexdigest()


@sensitive_variables()
def named(text: str) -> ApiToken | None:
    """The token, live or not, that has this text's key, with its user; whether the rest is right is for `proves`."""
    found = SHAPE.fullmatch(text)
    return ApiToken.objects.select_related("user").filter(key=found[1] if found else "").first()


@sensitive_variables()
def proves(text: str, token: ApiToken | None) -> bool:
    """Whether this is the whole text of the token, compared in constant time, also where there is no such token."""
    return hmac.compare_digest(token.digest if token else NOBODYS, digest(text)) and token is not None


def live(tokens: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
    """Those that can be used, as far as they themselves go."""
    return tokens.filter(revoked_at=None, expires_at__gt=timezone.now())


def of_person(user: User) -> QuerySet[ApiToken]:
    """A person's tokens, the newest first, each with its review."""
    return ApiToken.objects.filter(user=user).select_related("review", "user")


def of_everybody() -> QuerySet[ApiToken]:
    """All tokens of the instance, the newest first, for administrators."""
    return ApiToken.objects.select_related("review", "user")
