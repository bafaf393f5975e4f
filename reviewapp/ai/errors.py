"""What can go wrong at a model's door, as one family of exceptions.

`permanent` tells the caller whether asking again can help: a permanent error ends the item, a passing one is retried
with back-off. `str(error)` is a sentence for people; it never holds a key, and of a provider's own words at most a
short, redacted excerpt. Every class can be pickled, because Celery carries exceptions between processes.
"""


class AIError(Exception):
    """Base of all errors of the AI doors."""

    def __init__(self, message: str, *, permanent: bool = True, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after  # seconds the provider asked us to wait, if it said so
        self.unanswered = False  # something may have been sent, and nobody knows whether it was answered and billed


class RateLimited(AIError):
    """The provider is asked too often (HTTP 429). Passing; wait `retry_after` seconds where given."""

    def __init__(self, message: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message, permanent=permanent, retry_after=retry_after)


class Unreachable(AIError):
    """No answer: no connection, a time-out, HTTP 5xx, or something that is no reply at all. Passing.

    `unanswered`: the request may have arrived, and no answer came, or none that says so: it may have been billed.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, retry_after: float | None = None, unanswered: bool = False
    ) -> None:
        super().__init__(message, permanent=permanent, retry_after=retry_after)
        self.unanswered = unanswered


class Refused(AIError):
    """The provider, or our own rule, does not take this request: key, right, model name, address. Permanent."""


class ModelAway(Refused):
    """This model is not to be had as its card stands: key, credit, name, address, approval. Permanent; another may be.

    Nothing of what was asked is the reason, so that the same may be asked of another model (AI-10).
    """


class TooLong(Refused):
    """The text is longer than the model can read. Permanent."""


class NotInstalled(Refused):
    """The library behind a door is not there. Permanent until someone installs it."""


class ReplyError(AIError):
    """The model replied, but not in the form that was asked for.

    Permanent for the retry machinery: whoever asked may ask once more (AI-06), which is not the same as a retry.
    `kind` is one of: empty, not_json, cut_off, extra_text, unknown_criterion, missing_criterion, repeated_criterion,
    wrong_type.
    """

    def __init__(self, message: str, *, kind: str = "wrong_type", permanent: bool = True) -> None:
        super().__init__(message, permanent=permanent)
        self.kind = kind
