"""A small OpenAI-compatible server for tests: real HTTP, real sockets, on demand badly behaved.

Run in a thread (`with ModelServer() as server: … server.address`) or as `python -m tests.model_server --port 8399`.
The model's name says how it behaves; parts are joined by "+", as in "openai/screener+delay-500+misquote":

    delay-MS            waits so long before it answers           hang           never answers
    error-STATUS[-N]    that status (the first N times only)      limit-N[-S]    429 with Retry-After S, N times
    babble[-N]          not JSON (the first N times only)         cut            stops midway, finish_reason length
    unknown-criterion   judges one that nobody asked about        missing-criterion   leaves one out
    misquote            quotes what is not there                  obey           does what an injected text tells it
    obey-exclude, obey-include, obey-form   gives in to whatever it reads: quotes that stand there, or another form
    met, not-met, unclear   judges every criterion so             other-name     answers as another model
    wobble-N   judges everything unclear after its first N calls                   busy           429 and no more
    fenced, extra       JSON in a code fence; text after it       html, empty, drop   a web page; no choices; hangs up
    redirect            points elsewhere (307)                    too-long       400, context length exceeded
    context-LETTERS     too-long for prompts of more letters than that           endless   blanks without an end
    noise-PERCENT       of so many records, drawn by hash, the first call of each gets a 429, a 500, no answer, or one
                        that is not JSON (a quarter each); all later ones are good

Asked for cells of a form, it behaves as `tests.model_extractions` says. Anything else in a name (“screener”) means
nothing. A good reply quotes sentences that really stand in the
fenced text of the prompt. `GET /stats` counts calls, answers by status, and calls in flight; `GET /arrivals` says
when each came; `POST /reset` starts again from zero.
"""

import argparse
import asyncio
import hashlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.model_replies import reply_text

KEPT = 500  # requests that are remembered, at least
NOISES = ("busy", "error", "hang", "babble")


@dataclass
class Stats:
    """What the server has seen. `requests` holds the last bodies, `keys` the last Authorization headers.

    A test that must stop somebody in mid-call sets `hold_after`: later calls wait until it is None again.
    """

    calls: int = 0
    hold_after: int | None = None
    in_flight: int = 0
    max_in_flight: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    noisy: Counter[str] = field(default_factory=Counter)
    arrivals: list[float] = field(default_factory=list)  # by time.monotonic

    def public(self) -> dict[str, Any]:
        """The counts as JSON."""
        statuses = {str(status): count for status, count in self.statuses.items()}
        return {
            "calls": self.calls,
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "statuses": statuses,
            "models": dict(self.seen),
        }

    def remember(self, body: dict[str, Any], key: str) -> None:
        """Count one call and keep its request, the last ones (KEPT, at least)."""
        self.calls += 1
        self.seen[str(body.get("model", ""))] += 1
        self.requests.append(body)
        self.keys.append(key)
        if len(self.requests) >= 2 * KEPT:  # now and then: at a hundred calls a second each copy counts
            del self.requests[:-KEPT], self.keys[:-KEPT]

    def noise(self, body: dict[str, Any], percent: int) -> str:
        """What goes wrong with this call, if anything: "busy", "error", "hang" or "babble", once for each record."""
        asked = [body["model"], *(message["content"] for message in body["messages"][:2])]
        digest = hashlib.sha256("\n".join(asked).encode()).digest()
        if int.from_bytes(digest[:4]) % 1_000 >= 10 * percent:
            return ""
        self.noisy[digest.hex()] += 1
        return NOISES[digest[4] % len(NOISES)] if self.noisy[digest.hex()] == 1 else ""


def behaviour(model: str) -> dict[str, list[int]]:
    """The parts of a model's name: {"delay": [500], "misquote": []} for "screener+delay-500+misquote"."""
    parts: dict[str, list[int]] = {}
    for part in model.rpartition("/")[2].split("+"):
        words = part.split("-")
        numbers = [int(word) for word in words if word.isdigit()]
        parts["-".join(word for word in words if not word.isdigit())] = numbers
    return parts


class ModelServer:
    """The server in a thread of its own, on loopback and a free port unless told otherwise."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.stats = Stats()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="model-server", daemon=True)

    @property
    def address(self) -> str:
        """What an endpoint's `api_base` is set to."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("The model server did not start within 10 seconds.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _application(self) -> web.Application:
        return application(self.stats)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = web.AppRunner(self._application(), shutdown_timeout=0.1, access_log=None)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        self._loop.run_until_complete(site.start())
        self.port = runner.addresses[0][1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()


def application(stats: Stats) -> web.Application:
    """The routes, sharing one `Stats`."""

    async def chat(request: web.Request) -> web.StreamResponse:
        stats.arrivals.append(time.monotonic())
        body = await request.json()
        stats.remember(body, request.headers.get("Authorization", ""))
        stats.in_flight += 1
        stats.max_in_flight = max(stats.max_in_flight, stats.in_flight)
        try:
            response = await _answer(request, body, stats)
        finally:
            stats.in_flight -= 1
        stats.statuses[response.status] += 1
        return response

    async def show(request: web.Request) -> web.Response:
        return web.json_response(stats.public())

    async def arrivals(request: web.Request) -> web.Response:
        return web.json_response(stats.arrivals)

    async def reset(request: web.Request) -> web.Response:
        stats.__init__()  # type: ignore[misc]  # the same object stays shared, its fields start again
        return web.json_response(stats.public())

    app = web.Application(client_max_size=64 * 1024**2)
    app.router.add_post("/v1/chat/completions", chat)
    app.router.add_get("/stats", show)
    app.router.add_get("/arrivals", arrivals)
    app.router.add_post("/reset", reset)
    return app


async def _answer(request: web.Request, body: dict[str, Any], stats: Stats) -> web.StreamResponse:
    model = str(body["model"])
    parts = behaviour(model)
    times = stats.seen[model]
    place = stats.calls
    while stats.hold_after is not None and place > stats.hold_after and request.transport is not None:
        await asyncio.sleep(0.02)
    if "noise" in parts and (noise := stats.noise(body, parts["noise"][0])):
        parts[noise] = []
    await asyncio.sleep(parts.get("delay", [0])[0] / 1000)
    while "hang" in parts and request.transport is not None:  # until the caller has gone
        await asyncio.sleep(0.02)
    if "drop" in parts and request.transport is not None:
        request.transport.abort()
    if "endless" in parts:
        return await _endless(request)
    letters = sum(len(str(message["content"])) for message in body["messages"])
    if letters > parts.get("context", [letters])[0]:
        parts["too-long"] = []
    return _trouble(parts, times) or web.json_response(_completion(body, model, parts, times))


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while request.transport is not None:
        try:
            await response.write(b" " * 1024**2)
        except ConnectionError:
            break
    return response


def _trouble(parts: dict[str, list[int]], times: int) -> web.Response | None:
    if "limit" in parts:
        count, seconds = [*parts["limit"], 1][:2]
        if times <= count:
            return _problem(429, "Rate limit reached", headers={"Retry-After": str(seconds)})
    if "busy" in parts:
        return _problem(429, "Too many requests")
    if "error" in parts:
        status, count = [*parts["error"], *([500] if not parts["error"] else []), 10**9][:2]
        if times <= count:
            return _problem(status, f"The server had an error (status {status})")
    if "too-long" in parts:
        return _problem(400, "This model's maximum context length is 8192 tokens", code="context_length_exceeded")
    if "redirect" in parts:
        return web.Response(status=307, headers={"Location": "/stats"})
    if "html" in parts:
        return web.Response(text="<html><body>Welcome to nginx!</body></html>", content_type="text/html")
    return None


def _problem(status: int, message: str, code: str = "", headers: dict[str, str] | None = None) -> web.Response:
    error = {"message": message, "type": "test_error", "param": None, "code": code or None}
    return web.json_response({"error": error}, status=status, headers=headers)


def _completion(body: dict[str, Any], model: str, parts: dict[str, list[int]], times: int) -> dict[str, Any]:
    text = reply_text(body["messages"], parts, times)
    tokens_in = sum(len(str(message["content"])) for message in body["messages"]) // 4
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": "length" if "cut" in parts else "stop",
    }
    answer = {
        "id": f"chatcmpl-{times}",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": "another-model-2" if "other-name" in parts else model,
        "choices": [] if "empty" in parts else [choice],
        "usage": {
            "prompt_tokens": tokens_in,
            "completion_tokens": len(text) // 4,
            "total_tokens": tokens_in + len(text) // 4,
        },
    }
    if "uncounted" in parts:
        del answer["usage"]
    return answer


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server for tests.")
    parser.add_argument("--port", type=int, default=8399)
    web.run_app(application(Stats()), host="127.0.0.1", port=parser.parse_args().port, print=_say, access_log=None)


def _say(line: str) -> None:
    print(json.dumps({"model_server": line.strip().splitlines()[0]}) if line.strip() else "", flush=True)


if __name__ == "__main__":
    main()
