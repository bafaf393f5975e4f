"""Asking a server of one's own that speaks OpenAI's protocol (vLLM, llama.cpp, LM Studio, a gateway), by aiohttp alone.

A run asks such a server a hundred times a second. Of that litellm takes 2 to 5 ms of CPU for each call, all of it under
Python's one lock; this takes 0.4, and the worker 160 MB less. What differs between providers is what litellm is for, so
everybody's own addresses stay with it, and OpenAI's own models wherever they are: some take other arguments.

The protocol is https://platform.openai.com/docs/api-reference/chat/create, as far as every such server knows it.
"""

import asyncio
import atexit
import json
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from reviewapp.ai.completed import Completion, counted
from reviewapp.ai.endpoint import Endpoint, key_for
from reviewapp.ai.errors import AIError, Unreachable
from reviewapp.ai.failures import explain
from reviewapp.ai.prompt import Prompt

LONGEST = 8 * 1024**2  # bytes of an answer
_IDLE = 4.0  # seconds that a line is kept: many servers hang up after 5, and a call that meets that is lost
_sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}


@dataclass(frozen=True, slots=True)
class _Response:
    status_code: int
    headers: Mapping[str, str]


class _HTTPStatusError(Exception):
    """An answer that is no success, as `explain` reads those of HTTP libraries."""

    def __init__(self, response: _Response, said: str) -> None:
        super().__init__(f"Exception - {said}")
        self.response = response


async def ask(prompt: Prompt, endpoint: Endpoint) -> Completion | AIError:
    """One call, without retries and redirects. Errors are returned, so that no traceback carries the key."""
    began = time.perf_counter()
    try:
        async with _session().post(
            f"{endpoint.address.rstrip('/')}/chat/completions",
            data=_body(prompt, endpoint),
            headers={"Authorization": f"Bearer {key_for(endpoint)}", "Content-Type": "application/json"},
            allow_redirects=False,
        ) as response:
            said, status, headers = await _read(response), response.status, response.headers
    except aiohttp.ServerDisconnectedError:
        who = f"The provider of {endpoint.model[:80]}"
        return Unreachable(f"{who} can't be reached; check its address and that it is running.", unanswered=True)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return explain(error, endpoint)
    if said is None:
        who = f"The provider of {endpoint.model[:80]}"
        return Unreachable(f"{who} sent more than a reply can be ({LONGEST // 1024**2} MB).", unanswered=True)
    if status != 200:
        return explain(_HTTPStatusError(_Response(status, headers), _complaint(said)), endpoint)
    return _completion(said, endpoint, time.perf_counter() - began)


async def _read(response: aiohttp.ClientResponse) -> bytes | None:
    """The answer; None if it is longer than any reply, of which no more is read."""
    said = bytearray()
    async for piece in response.content.iter_any():
        said += piece
        if len(said) > LONGEST:
            response.close()
            return None
    return bytes(said)


def _body(prompt: Prompt, endpoint: Endpoint) -> bytes:
    asked: dict[str, Any] = {
        "model": endpoint.model.partition("/")[2],
        "messages": prompt.as_messages(),
        "temperature": prompt.temperature,
        "max_tokens": prompt.max_tokens,
    }
    if prompt.schema is not None:
        form = {"name": "reply", "schema": prompt.schema, "strict": True}
        asked["response_format"] = {"type": "json_schema", "json_schema": form}
    return json.dumps(asked).encode()


def _completion(said: bytes, endpoint: Endpoint, seconds: float) -> Completion | AIError:
    """What is missing or of another kind in an answer is taken as not said; an answer without a reply is none."""
    who = f"The provider of {endpoint.model[:80]}"
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        return Unreachable(f"{who} answered something that is no reply of a model.", unanswered=True)
    choices = _of(answer, "choices", list)
    if not choices:
        return Unreachable(f"{who} sent an answer without a reply in it.", unanswered=True)
    usage, text = _of(answer, "usage", dict), _text(_of(choices[0], "message", dict).get("content"))
    return Completion(
        text=text,
        model=_of(answer, "model", str),
        tokens_in=counted(usage.get("prompt_tokens"), "a prompt"),
        tokens_out=counted(usage.get("completion_tokens"), text),
        cost=None,  # no table has prices of own servers: the card has
        finish_reason=_of(choices[0], "finish_reason", str),
        seconds=seconds,
    )


def _of(answer: Any, name: str, kind: type) -> Any:
    found = answer.get(name) if isinstance(answer, dict) else None
    return found if isinstance(found, kind) else kind()


def _text(content: Any) -> str:
    """A reply's text; some servers send it in parts."""
    if isinstance(content, list):
        return "".join(_of(part, "text", str) for part in content)
    return content if isinstance(content, str) else ""


def _complaint(said: bytes) -> str:
    """What an answer that is an error says, in OpenAI's form or as it is."""
    text = said[:4_000].decode(errors="replace")
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return text
    error = _of(found, "error", dict)
    code = _of(error, "code", str)
    return " ".join(filter(None, (code.replace("_", " "), _of(error, "message", str)))) or text


def _session() -> aiohttp.ClientSession:
    """The session of this loop. It keeps no cookies and takes nothing from the environment (proxies, netrc)."""
    loop = asyncio.get_running_loop()
    if loop not in _sessions:
        _sessions.clear()  # a forked child has a loop of its own
        lines = aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE, ssl=_trusted())
        _sessions[loop] = aiohttp.ClientSession(
            connector=lines, cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=None)
        )
    return _sessions[loop]


@atexit.register
def _hang_up() -> None:
    """Close the lines in order when the process ends."""
    for loop, session in _sessions.items():
        if loop.is_running():
            asyncio.run_coroutine_threadsafe(session.close(), loop).result(2)


def _trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts (SSL_CERT_FILE is heeded), or, where there are none, Mozilla's."""
    context = ssl.create_default_context()
    if not context.get_ca_certs() and not os.environ.get("SSL_CERT_DIR"):
        import certifi

        context.load_verify_locations(certifi.where())
    return context
