"""How much one may ask of the API in a minute (SEC-09). Counted in memory, in each server process: no query is in the
way of a decision, and with two processes up to twice as much goes through."""

from typing import TYPE_CHECKING

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:  # DRF's views import this module
    from rest_framework.views import APIView


class PerPerson(SimpleRateThrottle):
    """What a person's pages ask."""

    scope = "person"
    cache = ConnectionProxy(caches, "throttle")  # type: ignore[assignment]

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """The name that requests are counted under; None for what another throttle counts."""
        return None if request.auth is not None else self.counted(request.user.pk)

    def counted(self, pk: int | None) -> str:
        """The same, of a person or token."""
        return self.cache_format % {"scope": self.scope, "ident": pk}


class PerToken(PerPerson):
    """What a token asks: a program that runs wild leaves its person's pages alone."""

    scope = "token"

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """The name that requests are counted under; None for what another throttle counts."""
        return None if request.auth is None else self.counted(request.auth.pk)
