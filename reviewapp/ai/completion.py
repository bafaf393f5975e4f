"""The one door to language models: a `Prompt` in, a `Completion` out, an `AIError` if that fails.

The only importer of litellm, which costs 2.8 s and 160 MB and is therefore loaded at the first call that needs it:
servers of one's own that speak OpenAI's protocol are asked without (`reviewapp.ai.direct`). Callers are synchronous
(worker threads, 32 or more at once); the calls themselves run on one event loop in a thread of its own
(`reviewapp.ai.loop`). Per call that took 2.6 ms of CPU where a thread per synchronous litellm call took 3.1
(tests/benchmarks/llm_door.py has the present figures).

litellm's retries, caches, router and callbacks stay unused: retrying, caching, limiting and recording are ours.
"""

import functools
import importlib.util
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Coroutine
from typing import Any

from reviewapp.ai.completed import Completion, counted
from reviewapp.ai.endpoint import Endpoint, check_host, key_for
from reviewapp.ai.errors import AIError, NotInstalled, Refused, Unreachable
from reviewapp.ai.failures import explain
from reviewapp.ai.loop import run
from reviewapp.ai.prompt import Prompt

__all__ = ["Completion", "Endpoint", "available", "check_host", "complete"]

_PROTOCOL = {"openai", "hosted_vllm", "lm_studio"}  # litellm's names of whoever speaks it at an address of their own
# OpenAI's own models take different arguments, which litellm knows; those of open weights don't.
_OPENAIS = re.compile(r"/(ft:)?(gpt-(?!oss)|o\d|chat|codex|computer-use)[^/]*$", re.IGNORECASE)
_loading = threading.Lock()
# Read by litellm at import and at the first call of a provider: its lists of prices, headers and news are files of the
# package; none of them is fetched, whatever the environment says.
_AT_HOME = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
}
# Credentials that litellm would take from the environment although a card has its own.
_NOT_OURS = ("AWS_BEARER_TOKEN_BEDROCK", "AZURE_AD_TOKEN", "ANTHROPIC_AUTH_TOKEN")
_TALKATIVE = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "openai", "httpx", "httpcore")


def available() -> bool:
    """Whether litellm is installed, found out without importing it."""
    return importlib.util.find_spec("litellm") is not None


def complete(prompt: Prompt, endpoint: Endpoint) -> Completion:
    """Ask once, without retries, and wait for the reply. Thread-safe.

    Raises children of `AIError`: RateLimited and Unreachable are passing, Refused, TooLong and NotInstalled permanent.
    """
    key_for(endpoint)  # a missing key is found out before anything is loaded or sent
    outcome = run(_call(prompt, endpoint), timeout=endpoint.timeout)
    if outcome is None:
        said = f"The provider of {endpoint.model[:80]} did not answer within {endpoint.timeout:g} seconds."
        raise Unreachable(said, unanswered=True)
    if isinstance(outcome, AIError):
        raise outcome
    return outcome


def load(endpoint: Endpoint) -> None:
    """Load what a call needs, so that the first ones aren't seconds late for their turn; what is missing, they say."""
    if _plain(endpoint):
        from reviewapp.ai import direct  # noqa: F401  (being loaded is all)
    elif available():
        _litellm()


def _call(prompt: Prompt, endpoint: Endpoint) -> Coroutine[Any, Any, Completion | AIError]:
    if _plain(endpoint):
        from reviewapp.ai import direct

        return direct.ask(prompt, endpoint)
    return _ask(_litellm(), prompt, endpoint)


def _plain(endpoint: Endpoint) -> bool:
    """Whether it is a server of one's own that speaks OpenAI's protocol, and no model of OpenAI's behind a gateway."""
    return endpoint.provider in _PROTOCOL and bool(endpoint.api_base) and not _OPENAIS.search(endpoint.model)


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
        "model": _name(endpoint.model),
        "messages": prompt.as_messages(),
        "api_base": endpoint.address or None,
        "api_key": key_for(endpoint),
        "timeout": endpoint.timeout,
        "temperature": prompt.temperature,
        "max_tokens": prompt.max_tokens,
        "num_retries": 0,
        "max_retries": 0,
        "drop_params": True,  # a model that knows no temperature is asked without one
        **_particulars(endpoint),
    }
    if prompt.schema is not None:
        form = {"name": "reply", "schema": prompt.schema, "strict": True}
        arguments["response_format"] = {"type": "json_schema", "json_schema": form}
    return arguments


def _name(model: str) -> str:
    """litellm's name of it; Bedrock's models are all asked in one way, Converse, whoever made them."""
    provider, _, rest = model.partition("/")
    return f"bedrock/converse/{rest}" if provider == "bedrock" and not rest.startswith("converse/") else model


def _particulars(endpoint: Endpoint) -> dict[str, Any]:
    """What single providers want besides, said outright so that litellm looks for nothing in the environment."""
    options = dict(endpoint.options)
    if endpoint.provider == "azure":
        return {"api_version": options.get("api_version")}
    if endpoint.provider != "bedrock":
        return {}
    where = {"aws_region_name": options.get("aws_region"), "aws_bedrock_runtime_endpoint": endpoint.address}
    name, pair, secret = key_for(endpoint).partition(":")
    if not pair:  # a key of Bedrock itself, sent as it is
        return where
    return {**where, "api_key": None, "aws_access_key_id": name, "aws_secret_access_key": secret}


def _completion(response: Any, endpoint: Endpoint, seconds: float) -> Completion | AIError:
    """litellm asks a second time after HTTP 422, with less, and returns None after another; that is no reply either."""
    if response is None:
        return Refused(f"The provider of {endpoint.model[:80]} can't process the request (HTTP 422).")
    choices = getattr(response, "choices", None)
    if not choices:
        return Unreachable(
            f"The provider of {endpoint.model[:80]} sent an answer without a reply in it.", unanswered=True
        )
    usage, text = getattr(response, "usage", None), choices[0].message.content or ""
    return Completion(
        text=text,
        model=str(response.model or ""),
        tokens_in=counted(getattr(usage, "prompt_tokens", None), "a prompt"),
        tokens_out=counted(getattr(usage, "completion_tokens", None), text),
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
        if "litellm" not in sys.modules:
            os.environ.update(_AT_HOME)
        for name in _NOT_OURS:
            os.environ.pop(name, None)
        try:
            import litellm
        except ImportError:
            raise NotInstalled(
                "Language models can't be called: the package litellm is not installed. The local engine works without."
            ) from None
        if not litellm.suppress_debug_info:  # as it is when it has just been loaded
            _quieten(litellm)
        return litellm


def _quieten(litellm: Any) -> None:
    for name in _TALKATIVE:  # a line per call, and in errors the prompt: what happened is told by our own errors
        logging.getLogger(name).setLevel(logging.CRITICAL)
    litellm.drop_params = True
    _ask_once_and_only_there()
    litellm.telemetry, litellm.suppress_debug_info = False, True


def _http_client() -> Any:
    """litellm's own client over aiohttp, shared by all calls, that follows no redirect to a host nobody allowed.

    Holds for what speaks OpenAI's protocol by OpenAI's library (Azure too); the others have the clients below.
    """
    from litellm.llms.openai.openai import OpenAIChatCompletion

    client = OpenAIChatCompletion.get_async_http_client()
    if client is not None:
        client.follow_redirects = False
    return client


def _ask_once_and_only_there() -> None:
    """litellm's clients of all other protocols follow no redirect, and send nothing a second time by themselves.

    They would follow to a host that nobody allowed, and ask again after a dropped line: a call without its record. And
    nobody asks a server of Ollama's about its model beforehand, at an address of the environment.
    """
    from litellm.llms.custom_httpx import http_handler
    from litellm.llms.ollama.common_utils import OllamaModelInfo

    several: Any = http_handler.AsyncHTTPHandler
    one: Any = http_handler.HTTPHandler
    if not hasattr(several.create_client, "__wrapped__"):
        several.create_client = _following_nothing(several.create_client)
        one.create_client = _following_nothing(one.create_client)
        several.single_connection_post_request = _not_again
        about: Any = OllamaModelInfo
        about.get_runtime_model_info = _not_asked_about


def _following_nothing(make: Any) -> Any:
    @functools.wraps(make)
    def made(*args: Any, **kwargs: Any) -> Any:
        client = make(*args, **kwargs)
        client.follow_redirects = False
        return client

    return made


async def _not_again(*args: Any, **kwargs: Any) -> None:
    """In place of litellm's second try: the error that it would have followed."""
    error = sys.exc_info()[1]
    raise error if error is not None else RuntimeError("A model was to be asked a second time.")


def _not_asked_about(_: Any, model: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """What litellm takes for known of a model that its server says nothing about."""
    costs = {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0}
    sizes = {"max_tokens": None, "max_input_tokens": None, "max_output_tokens": None}
    return {"key": model, "litellm_provider": "ollama", "mode": "chat", **costs, **sizes}
