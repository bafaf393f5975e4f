"""What kind of failure an error of a door is, for the inbox, alerts and exports: no sentence is read for it."""

from reviewapp.ai.errors import AIError, RateLimited, Refused, ReplyError, TooLong, Unreachable
from screening.enums import FailureKind

_KINDS: tuple[tuple[type[AIError], FailureKind], ...] = (  # the narrower class first
    (TooLong, FailureKind.TOO_LONG),
    (Refused, FailureKind.REFUSED),
    (ReplyError, FailureKind.INVALID_REPLY),
    (RateLimited, FailureKind.LIMITED),
    (Unreachable, FailureKind.UNREACHABLE),
)


def kind_of(error: AIError) -> FailureKind:
    """The kind of an error; whatever is none of a door is a fault of the program."""
    return next((kind for family, kind in _KINDS if isinstance(error, family)), FailureKind.FAULT)
