"""How people get in: accounts are made by an administrator, never by a visitor."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

log = structlog.get_logger(__name__)


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open registration: a regulated team knows whom it let in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, or say in the log why not: an error page would tell a visitor which address has an account."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's own errors are among them
            log.error(
                "mail_not_sent", what=template_prefix, why=str(error), mend="Let an administrator set the password."
            )
