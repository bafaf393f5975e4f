"""The door to public databases: named hosts only, one request at a time, paced, limited in size and time.

The only importer of httpx. Off unless the environment says `SEARCHES=true`: then nothing here opens a socket. Messages
and logs never hold an address with its fields, since a key may be among them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from time import monotonic, sleep
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

TURN, DOOR = -20_260_002, -20_260_004  # the first keys of our advisory locks; the second is of the host
COME_AGAIN = 3.0  # seconds: about a page
CONNECT_SECONDS, SILENT_SECONDS, LONGEST_SECONDS = 10.0, 45.0, 120.0
LONGEST_WAIT = 24 * 3_600.0  # seconds; who asks for more is taken to mean tomorrow
UNDERSTOOD = (200, 400, 404)  # what says in its body what was wrong is for the reader of that provider
OFF = (
    "Searching databases from here is switched off on this server, so nothing was sent. An administrator can switch "
    "it on with SEARCHES=true; until then, search the database itself, export, and import the file."
)


class OutsideError(Exception):
    """No usable answer; the message says why. `passing`: it may go better later, after `after` seconds if known."""

    def __init__(self, message: str, *, passing: bool = False, after: float | None = None) -> None:
        super().__init__(message)
        self.passing, self.after = passing, after


class TakenError(OutsideError):
    """Somebody else is asking this host, and another waits already. No fault: nothing was sent; come again `after`."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"Another search is asking {host}; this one waits for its turn.", passing=True, after=COME_AGAIN
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: one of `UNDERSTOOD`, and the body, unpacked."""

    status: int
    body: bytes


def post(base: str, path: str, fields: Mapping[str, str], *, pause: float, waits: bool = True) -> Reply:
    """Send a form to `base` + `path`; at least `pause` seconds pass before anybody asks the same host again.

    Call it outside of a transaction: it waits for its turn, if nobody else waits. Without `waits`, as for a second
    page, it lets those go first. Raises TakenError where it must come again, OutsideError.
    """
    if not settings.SEARCHES_ON:
        raise OutsideError(OFF)
    host = _allowed(base)
    with _turn(host, pause, waits=waits):
        try:
            return _send(host, base.rstrip("/") + "/" + path, fields)
        except httpx.TimeoutException as error:
            raise OutsideError(f"{host} did not answer in time.", passing=True) from error
        except httpx.TransportError as error:
            raise OutsideError(
                f"{host} can't be reached from this server ({type(error).__name__}). If its network is closed, ask an "
                "administrator to open it, or to switch searches off.",
                passing=True,
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise OutsideError(f"{host} answered in a way that is no HTTP ({type(error).__name__}).") from error


def _allowed(base: str) -> str:
    """The host of an address, if settings name it; without TLS only on this machine."""
    parts = urlsplit(base)
    host = (parts.hostname or "").lower()
    if host not in settings.SEARCH_ALLOWED_HOSTS:
        raise OutsideError(f"“{host}” is not among SEARCH_ALLOWED_HOSTS, so nothing was sent. Ask an administrator.")
    if parts.scheme != "https" and not _is_here(host):
        raise OutsideError(f"The address of {host} does not begin with https://, so nothing was sent.")
    return host


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _turn(host: str, pause: float, *, waits: bool) -> Iterator[None]:
    """One request at a time over all workers, and a pause before the next."""
    with connection.cursor() as cursor:
        _take_turn(cursor, host, waits=waits)
        try:
            yield
        finally:
            sleep(pause)  # after the reply, not the request: however late it arrived there, the next is not early
            _leave(cursor, TURN, host)


def _take_turn(cursor: CursorWrapper, host: str, *, waits: bool) -> None:
    """One may wait at the door, and is next; who finds it taken too comes again, so that a host holds two workers."""
    if _enter(cursor, TURN, host):
        return
    if not (waits and _enter(cursor, DOOR, host)):
        raise TakenError(host)
    try:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [TURN, host])
    finally:
        _leave(cursor, DOOR, host)


def _enter(cursor: CursorWrapper, lock: int, host: str) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [lock, host])
    return bool((cursor.fetchone() or [False])[0])


def _leave(cursor: CursorWrapper, lock: int, host: str) -> None:
    cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [lock, host])


def _send(host: str, address: str, fields: Mapping[str, str]) -> Reply:
    timeout = httpx.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS)
    headers = {"User-Agent": settings.SEARCH_TOOL, "Accept-Encoding": "gzip"}
    with (
        httpx.Client(timeout=timeout, headers=headers, follow_redirects=False) as client,
        client.stream("POST", address, data=dict(fields)) as response,
    ):
        _check_status(host, response)
        return Reply(response.status_code, _body(host, response))


def _check_status(host: str, response: httpx.Response) -> None:
    status = response.status_code
    if status in UNDERSTOOD:
        return
    if status == 429 or status >= 500:
        said = "asks us to slow down" if status == 429 else "has a fault of its own"
        raise OutsideError(f"{host} {said} (HTTP {status}).", passing=True, after=_retry_after(response))
    if 300 <= status < 400:
        raise OutsideError(
            f"{host} points to another address (HTTP {status}), which is not followed. Tell an administrator."
        )
    if status in (401, 403):
        raise OutsideError(f"{host} refuses this server (HTTP {status}): the key may be wrong. Ask an administrator.")
    raise OutsideError(f"{host} answered with HTTP {status}, which is not expected.")


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, or a date (RFC 9110, 10.2.3); None if it is not said or can't be read."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST_WAIT)


def _body(host: str, response: httpx.Response) -> bytes:
    """Unpacked piece by piece: a small packed reply that unpacks to gigabytes, or one that drips, is broken off."""
    body, until = bytearray(), monotonic() + LONGEST_SECONDS
    for chunk in response.iter_bytes(65_536):
        body += chunk
        if len(body) > settings.SEARCH_MAX_REPLY_BYTES:
            limit = settings.SEARCH_MAX_REPLY_BYTES // 2**20
            raise OutsideError(f"One reply of {host} is larger than {limit} MB, so it was broken off.")
        if monotonic() > until:
            raise OutsideError(f"{host} takes too long to send its reply.", passing=True)
    return bytes(body)
