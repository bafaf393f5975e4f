"""Who acts: a person, or a named worker or command. Nothing is written by nobody (AUD-02).

A person's program acts as the person, and its name is in theirs: "ann by token nightly copy".
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Kind is `person`, `worker`, `command` or `system`; `user_id` stands for persons only."""

    kind: str
    name: str
    user_id: int | None = None


UNNAMED = Actor("system", "unnamed process")
LONGEST_NAME = 150
_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)
_reason: ContextVar[str] = ContextVar("acting_reason", default="")
_token: ContextVar[tuple[int, str] | None] = ContextVar("acting_token", default=None)


def person(user: User | AbstractBaseUser | AnonymousUser) -> Actor:
    """The actor that a signed-in user is; UNNAMED for a visitor."""
    if not user.is_authenticated:
        return UNNAMED
    name, token = user.get_username(), _token.get()
    if token is not None and token[0] == user.pk:
        by = f" by token {token[1]}"
        name = name[: LONGEST_NAME - len(by)] + by
    return Actor("person", name, user.pk)


def worker(name: str) -> Actor:
    """A Celery task or an assistant, by name."""
    return Actor("worker", name)


def command(name: str) -> Actor:
    """A management command, by name."""
    return Actor("command", name)


def current() -> Actor:
    """Who acts in this thread or task now; UNNAMED when nobody has said."""
    return _acting.get() or UNNAMED


def current_reason() -> str:
    """Why, as far as it was said."""
    return _reason.get()


@contextmanager
def acting(actor: Actor, reason: str = "") -> Iterator[None]:
    """Everything that is written inside is written by `actor`, for `reason`: ledger and history alike."""
    actor_before, reason_before, token_before = _acting.set(actor), _reason.set(reason), _token.set(_token.get())
    try:
        yield
    finally:
        _acting.reset(actor_before)
        _reason.reset(reason_before)
        _token.reset(token_before)


def by_token(user: User, name: str) -> None:
    """For the rest of the `acting` around, what `user` does is done by their program with the token of this name."""
    _token.set((user.pk, name))
    _acting.set(person(user))
