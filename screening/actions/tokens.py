"""Making and revoking API tokens (SEC-08). The token itself is returned once, and kept nowhere."""

import secrets
import string
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from audit import actors, events
from screening.models.api_token import LONGEST_DAYS, LONGEST_NAME, ApiToken
from screening.models.review import Review
from screening.names import tidy
from screening.queries.team.tokens import digest, live, of_person

KEY_LETTERS = string.ascii_lowercase + string.digits
MOST = 50


class TokenRefusedError(ValueError):
    """The token can't be made so; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new token, and the text that is to be shown once."""

    token: ApiToken
    text: str = field(repr=False)


@sensitive_variables("text")
@transaction.atomic
def make(*, name: str, review: Review | None, writes: bool, days: int, by: User) -> Made:
    """A token of `by` for one review or, with None, for all of theirs; it ends after `days`.

    Raises TokenRefusedError. That `by` is in the review is the caller's to look at (`access.reviews_for`): a token
    reaches nothing that its user doesn't.
    """
    name = tidy(name)
    if not name or len(name) > LONGEST_NAME:
        raise TokenRefusedError(f"Give the token a name of up to {LONGEST_NAME} characters. Nothing was made.")
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenRefusedError(f"A token ends after 1 to {LONGEST_DAYS} days. Nothing was made.")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _room(by, name)
    key = "".join(secrets.choice(KEY_LETTERS) for _ in range(8))
    text = f"rva_{key}_{secrets.token_urlsafe(32)}"
    now = timezone.now()
    token = ApiToken.objects.create(
        user=by,
        review=review,
        name=name,
        key=key,
        digest=digest(text),
        writes=writes,
        created_at=now,
        expires_at=now + timedelta(days),
    )
    _note("token.made", token, by, may=token.may, expires=token.expires_at.date().isoformat())
    return Made(token, text)


def _room(user: User, name: str) -> None:
    held = set(live(of_person(user)).values_list("name", flat=True))
    if name in held:
        raise TokenRefusedError(f"You have a token “{name}” already. Choose another name, or revoke that one first.")
    if len(held) >= MOST:
        raise TokenRefusedError(f"You have {MOST} tokens. Revoke those that nothing uses any more; then make this one.")


@transaction.atomic
def revoke(*, token: ApiToken, by: User | actors.Actor, why: str = "") -> None:
    """End a token now and for good; one that is revoked already stays as it was."""
    locked = ApiToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    if locked.revoked_at is not None:
        return
    actor = by if isinstance(by, actors.Actor) else actors.person(by)
    locked.revoked_at, locked.revoked_by = timezone.now(), actor.name
    locked.save()
    _note("token.revoked", locked, by, reason=why)


def revoke_left(*, review: Review, user: User, by: User) -> None:
    """Those for a review that somebody is not in any more."""
    _revoke_all(of_person(user).filter(review=review), by, "left the team of the review")


def _revoke_all(tokens: QuerySet[ApiToken], by: User | actors.Actor, why: str) -> None:
    for token in tokens.filter(revoked_at=None):
        revoke(token=token, by=by, why=why)


def _note(event_type: str, token: ApiToken, by: User | actors.Actor, **data: Any) -> None:
    whose = token.user.get_username()
    events.record(event_type, subject=token, by=by, review_id=token.review_id, token=token.name, person=whose, **data)


def _account_changed(sender: Any, instance: User, **kwargs: Any) -> None:
    if not instance.is_active:
        _revoke_all(of_person(instance), actors.current(), "account was made inactive")


def register() -> None:
    """Called once, when the app is ready: whoever makes an account inactive ends its tokens."""
    post_save.connect(_account_changed, sender=User, dispatch_uid="screening.tokens")
