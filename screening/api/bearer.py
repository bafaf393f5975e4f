"""Signing in to the API with a token, `Authorization: Bearer rva_…` (RFC 6750), in place of a session.

Only the API is reached so: pages, and with them accounts, tokens, models' approval and the stop switch, ask a session.
Nor does a token ever decide: a view says with `decides` whether what it writes is a person's judgement, and one that
says nothing is taken to be.
"""

from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from audit import actors
from screening.access import check_token
from screening.models.api_token import ApiToken
from screening.queries.team.tokens import named, proves

REALM = 'Bearer realm="reviewapp"'
UNKNOWN = "This token is not known here. Copy it again as a whole, or make a new one under “API tokens”."


class BearerTokens(BaseAuthentication):
    """`request.user` is the token's user and `request.auth` the token, for as long as its user may sign in.

    Raises AuthenticationFailed (401) for a token that can't be used, Throttled (429) after as many failures with one
    key from one address as lock a sign-in, and what `access.check_token` raises outside the token's scope.
    """

    @sensitive_variables()
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """None where no bearer token was sent: then the session counts."""
        scheme, _, sent = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        text = sent.strip().decode("latin-1")
        token = named(text)
        attempt = {"username": f"API token {token.key}" if token else "API token"}  # guesses at keys count together
        if not AxesProxyHandler.is_allowed(request._request, attempt):
            raise Throttled(wait=_cool_off(), detail="Too many requests with a token that can't be used.")
        if token is None or not proves(text, token):
            raise _failure(request, attempt, UNKNOWN)
        if why := _unusable(token):
            raise _failure(request, attempt, why)
        _used(token)
        _check_scope(token, request)
        actors.by_token(token.user, token.name)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 tells programs."""
        return f'{REALM}, error="invalid_token"' if get_authorization_header(request) else REALM


def _failure(request: Request, attempt: dict[str, str], why: str) -> AuthenticationFailed:
    """Counted as a failed sign-in is."""
    AxesProxyHandler.user_login_failed(__name__, attempt, request._request)
    request._request.axes_locked_out = False  # type: ignore[attr-defined]  # else axes answers with its page
    return AuthenticationFailed(why)


def _unusable(token: ApiToken) -> str:
    """Why the token of somebody who has proved to hold it can't be used; "" if it can."""
    if token.state == "expired":
        return f"The token “{token.name}” expired on {token.expires_at:%Y-%m-%d}. Make a new one under “API tokens”."
    if token.state == "revoked":
        return f"The token “{token.name}” was revoked on {token.revoked_at:%Y-%m-%d}. Nothing was done."
    return "" if token.user.is_active else "The account of this token is inactive. An administrator can say why."


def _check_scope(token: ApiToken, request: Request) -> None:
    context: dict[str, Any] = request.parser_context
    view, method = context["view"], request.method or ""
    check_token(
        token,
        review_id=context["kwargs"].get("review_id"),
        writes=_writes(view, method),
        decides=decides(view, method),
    )


def _writes(view: Any, method: str) -> bool:
    return method not in SAFE_METHODS or getattr(view, "get_writes", False)


def decides(view: Any, method: str) -> bool:
    """Whether a request with this method to this view gives a person's judgement, which no token may."""
    return _writes(view, method) and getattr(view, "decides", hasattr(view, method.lower()))


def _used(token: ApiToken) -> None:
    """Note the day, at its first request: it says whether anything still uses the token, and costs no more."""
    today = timezone.now().date()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def _cool_off() -> float:
    return timedelta(hours=settings.AXES_COOLOFF_TIME).total_seconds()


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's
    """How the schema says it."""

    target_class = BearerTokens
    name = "token"

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """None of the token's where an operation is for people: the schema then lists the session alone."""
        if decides(auto_schema.view, auto_schema.method):
            return []
        return super().get_security_requirement(auto_schema)

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """OpenAPI's security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "rva_<key>_<secret>",
            "description": "A token made under “API tokens”. Never more than its user may; for one review or all; to "
            "read, or to read and write; never to decide.",
        }
