"""The one door to language models: a `Prompt` in, a `Completion` out, an `AIError` if that fails.

The only importer of litellm, which costs 2.8 s and 160 MB and is therefore loaded at the first call. Callers are
synchronous (worker threads, 32 or more at once); the calls themselves run on one event loop in a thread of its own
(`reviewapp.ai.loop`). Per call that took 2.6 ms of CPU where a thread per synchronous litellm call took 3.1
(tests/benchmarks/llm_door.py has the present figures).

litellm's retries, caches, router and callbacks stay unused: retrying, caching, limiting and recording are ours.
"""

import importlib.util
import logging
import os
import threading
import time
from dataclasses import dataclass
from typing import Any

from reviewapp.ai.endpoint import Endpoint, check_host, key_for
from reviewapp.ai.errors import AIError, NotInstalled, Refused, Unreachable
from reviewapp.ai.failures import explain
from reviewapp.ai.loop import run
from reviewapp.ai.prompt import Prompt

__all__ = ["Completion", "Endpoint", "available", "check_host", "complete"]

_loading = threading.Lock()
_TALKATIVE = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's reply. `model` is the name that it answered under; `cost` is in US dollars, None where unknown."""

    text: str
    model: str
    tokens_in: int
    tokens_out: int
    cost: float | None
    finish_reason: str
    seconds: float


def available() -> bool:
    """Whether litellm is installed, found out without importing it."""
    return importlib.util.find_spec("litellm") is not None


def complete(prompt: Prompt, endpoint: Endpoint) -> Completion:
    """Ask once, without retries, and wait for the reply. Thread-safe.

    Raises children of `AIError`: RateLimited and Unreachable are passing, Refused, TooLong and NotInstalled permanent.
    """
    key_for(endpoint)  # a missing key is found out before anything is loaded or sent
    outcome = run(_ask(_litellm(), prompt, endpoint), timeout=endpoint.timeout)
    if outcome is None:
        said = f"The provider of {endpoint.model[:80]} did not answer within {endpoint.timeout:g} seconds."
        raise Unreachable(said, unanswered=True)
    if isinstance(outcome, AIError):
        raise outcome
    return outcome


async def _ask(litellm: Any, prompt: Prompt, endpoint: Endpoint) -> Completion | AIError:
    """The call. Errors are returned, so that no traceback carries a frame that held the key."""
    started = time.perf_counter()
    try:
        if litellm.aclient_session is None:
            litellm.aclient_session = _http_client()
        response = await litellm.acompletion(**_arguments(prompt, endpoint))
        return _completion(response, endpoint, time.perf_counter() - started)
    except Exception as error:  # noqa: BLE001  litellm raises bare Exceptions too; explain() sorts every one of them
        return explain(error, endpoint)


def _arguments(prompt: Prompt, endpoint: Endpoint) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "model": endpoint.model,
        "messages": prompt.as_messages(),
        "api_base": endpoint.address or None,
        "api_key": key_for(endpoint),
        "timeout": endpoint.timeout,
        "temperature": prompt.temperature,
        "max_tokens": prompt.max_tokens,
        "num_retries": 0,
        "max_retries": 0,
        "drop_params": True,  # a model that knows no temperature is asked without one
    }
    if prompt.schema is not None:
        form = {"name": "reply", "schema": prompt.schema, "strict": True}
        arguments["response_format"] = {"type": "json_schema", "json_schema": form}
    return arguments


def _completion(response: Any, endpoint: Endpoint, seconds: float) -> Completion | AIError:
    """litellm asks a second time after HTTP 422, with less, and returns None after another; that is no reply either."""
    if response is None:
        return Refused(f"The provider of {endpoint.model[:80]} can't process the request (HTTP 422).")
    choices = getattr(response, "choices", None)
    if not choices:
        return Unreachable(f"The provider of {endpoint.model[:80]} sent an answer without a reply in it.")
    usage = getattr(response, "usage", None)
    return Completion(
        text=choices[0].message.content or "",
        model=str(response.model or ""),
        tokens_in=int(getattr(usage, "prompt_tokens", 0) or 0),
        tokens_out=int(getattr(usage, "completion_tokens", 0) or 0),
        cost=_cost(response),
        finish_reason=str(choices[0].finish_reason or ""),
        seconds=seconds,
    )


def _cost(response: Any) -> float | None:
    """litellm's own price of the call; a model that is not in its price list has none, which is not the same as 0."""
    hidden = getattr(response, "_hidden_params", None) or {}
    cost = hidden.get("response_cost")
    return float(cost) if cost else None


def _litellm() -> Any:
    """litellm, loaded once and silenced: no call home, no telemetry, no callbacks, no printing."""
    with _loading:  # the first 32 threads arrive together
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        try:
            import litellm
        except ImportError:
            raise NotInstalled(
                "Language models can't be called: the package litellm is not installed. The local engine works without."
            ) from None
        for name in _TALKATIVE:  # a line per call, and in errors the prompt: what happened is told by our own errors
            logging.getLogger(name).setLevel(logging.CRITICAL)
        litellm.telemetry = False
        litellm.suppress_debug_info = True
        litellm.drop_params = True
        return litellm


def _http_client() -> Any:
    """litellm's own client over aiohttp, shared by all calls, that follows no redirect to a host nobody allowed.

    Holds for OpenAI-compatible endpoints, hosted and self-hosted; litellm has other clients for other protocols.
    """
    from litellm.llms.openai.openai import OpenAIChatCompletion

    client = OpenAIChatCompletion.get_async_http_client()
    if client is not None:
        client.follow_redirects = False
    return client
