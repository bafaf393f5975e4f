"""What stands in for a mail server where none was named."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Refuses each message with a sentence, rather than let anybody believe that it was sent."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError("This installation has no mail server: an administrator can set EMAIL_URL.")
