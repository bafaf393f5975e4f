"""A text field that is encrypted at rest (SEC-08)."""

import base64
import hashlib
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models


@cache
def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"reviewapp.audit.encrypted" + secret.encode()).digest()))


class Undecipherable(str):
    """Reads as empty, and is told from nothing by its type: what is stored was encrypted under another SECRET_KEY.

    Saved again it stays as it is, so that the old SECRET_KEY, set again, makes it readable.
    """

    __slots__ = ("stored",)
    stored: str

    @classmethod
    def of(cls, stored: str) -> "Undecipherable":
        """The empty text that stands for `stored`."""
        made = cls("")
        made.stored = stored
        return made


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # str in, str out, as its parent
    """Encrypted with a key that is derived from SECRET_KEY. What can't be read any more is `Undecipherable`."""

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Undecipherable):
            return value.stored
        text = super().get_prep_value(value)
        return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode() if text else text

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        if not value:
            return value
        try:
            return _fernet(settings.SECRET_KEY).decrypt(value.encode()).decode()
        except InvalidToken:
            return Undecipherable.of(value)
