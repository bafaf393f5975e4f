"""How people get in: accounts are made by an administrator, never by a visitor."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open registration: a regulated team knows whom it let in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
