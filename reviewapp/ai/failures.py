"""What an exception of a model call means, decided from what really happened on the wire.

litellm wraps a refused connection, a missing key and a page of HTML alike into "internal server error", so the chain of
causes is read instead: an HTTP response with its true status, a time-out, or a connection that never stood.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

from reviewapp.ai.endpoint import Endpoint
from reviewapp.ai.errors import AIError, ModelAway, RateLimited, Refused, TooLong, Unreachable

_TOO_LONG = re.compile(
    r"context[ _-]?(length|window)|maximum context|(prompt|input|request)[^.]{0,30}too long|too many (input )?tokens",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient_quota|exceeded your current quota|credit balance|billing", re.IGNORECASE)
# What some providers say with HTTP 400 of a key or a model.
_NOT_THERE = re.compile(
    r"(api[ _-]?key|credentials?) (is )?(not valid|invalid)|(invalid|incorrect) api[ _-]?key|decommissioned"
    r"|model[^.]{0,60}(does not exist|not found|no longer (available|supported)|was retired|has been retired)",
    re.IGNORECASE,
)
# Long runs without a space look like keys; starred words are keys that a provider has masked by half.
_KEYLIKE = re.compile(r"[A-Za-z0-9_\-]{20,}|\S*\*{2,}\S*|\b(?:sk|pk|key)-\S+")
_AWAY = {401, 403, 404, 410}  # the card's trouble, not that of what was asked
_NEVER_STOOD = {
    "ConnectTimeout", "ConnectionTimeoutError", "ConnectionRefusedError", "gaierror", "SSLCertVerificationError",
}  # fmt: skip
_REASONS = {
    401: "does not accept the key; set a valid one in the environment or on the model card",
    403: "does not allow this key to use the model",
    404: "does not know this model or address; check the model's name and address",
    410: "does not offer this model any more; choose another one",
    413: "finds the request too large",
    422: "can't process the request",
}


def explain(error: BaseException, endpoint: Endpoint) -> AIError:
    """The `AIError` for whatever a model call raised; never raises, never holds the key."""
    who = f"The provider of {endpoint.model[:80]}"
    causes = list(_causes(error))
    response = next(filter(None, map(_http_response, causes)), None)
    if response is not None:
        return _of_status(int(response.status_code), response.headers, _said(error, endpoint), who)
    sent = not any(map(_never_stood, causes))
    if any("Timeout" in type(cause).__name__ for cause in causes):
        return Unreachable(f"{who} did not answer within {endpoint.timeout:g} seconds.", unanswered=sent)
    if any(isinstance(cause, OSError) or "Connect" in type(cause).__name__ for cause in causes):
        return Unreachable(f"{who} can't be reached; check its address and that it is running.", unanswered=sent)
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and 400 <= status < 500:
        return _of_status(status, {}, _said(error, endpoint), who)
    said = f"{who} answered something that is no reply of a model{_said(error, endpoint)}."
    return Unreachable(said, unanswered=True)  # with HTTP 200, perhaps: it may have been billed


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(12):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__


def _never_stood(cause: BaseException) -> bool:
    """A connection that was never made has carried nothing. (httpx says ConnectError of one that was reset, too.)"""
    name, module = type(cause).__name__, type(cause).__module__
    refused = name == "ConnectError" and module.startswith("httpcore")
    return refused or name in _NEVER_STOOD or name.startswith("ClientConnector")


def _http_response(cause: BaseException) -> Any:
    """The response in an error of the HTTP library; litellm's own errors carry invented ones with invented statuses."""
    return getattr(cause, "response", None) if "HTTPStatusError" in type(cause).__name__ else None


def _of_status(status: int, headers: Mapping[str, Any], said: str, who: str) -> AIError:
    if status == 429 and not _NO_CREDIT.search(said):
        return RateLimited(f"{who} asks us to slow down.", retry_after=retry_after(headers))
    if status in {402, 429} or (status == 400 and _NO_CREDIT.search(said)):
        return ModelAway(f"{who} says that the account has no credit left.")
    if status in {408, 409, 425} or status >= 500:
        return Unreachable(
            f"{who} is out of order (HTTP {status}){said}.",
            retry_after=retry_after(headers),
        )
    if status in {400, 413, 422} and _TOO_LONG.search(said):
        return TooLong(f"The text is longer than the model can read, says {who[0].lower()}{who[1:]}.")
    if 300 <= status < 400:
        return ModelAway(f"{who} points to another address (HTTP {status}), and redirects are not followed.")
    away = status in _AWAY or (status == 400 and _NOT_THERE.search(said))
    return (ModelAway if away else Refused)(
        f"{who} {_REASONS.get(status, 'refuses the request')} (HTTP {status}){said}."
    )


def retry_after(headers: Mapping[str, Any]) -> float | None:
    """Seconds of a Retry-After header (RFC 9110 §10.2.3: seconds or an HTTP date), None if absent or unreadable."""
    value = str(headers.get("retry-after", "") or headers.get("Retry-After", "")).strip()
    try:
        seconds = float(value)
    except ValueError:
        return _until(value)
    return seconds if isfinite(seconds) and seconds >= 0 else None


def _until(value: str) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _said(error: BaseException, endpoint: Endpoint) -> str:
    """What the provider said, in brackets: one line, printable, without anything that looks like a key."""
    text = str(error).rpartition("Exception - ")[2]
    if endpoint.api_key:
        text = text.replace(endpoint.api_key, "…")
    text = "".join(c if c.isprintable() else " " for c in text)
    excerpt = " ".join(_KEYLIKE.sub("…", text).split())[:120]
    return f" (it said: {excerpt})" if excerpt else ""
