"""The door to language models, over real HTTP to `tests.model_server`."""

import builtins
import socket
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reviewapp.ai import completion, failures
from reviewapp.ai.completion import Endpoint, complete
from reviewapp.ai.errors import AIError, ModelAway, NotInstalled, RateLimited, Refused, TooLong, Unreachable
from reviewapp.ai.failures import retry_after
from reviewapp.ai.prompt import Message, Prompt
from reviewapp.ai.structured import parse_reply
from screening.prompts.screening import CriterionText, build, reply_model
from tests.model_server import ModelServer

KEY = "sk-a-very-secret-key-0123456789"
CRITERIA = [CriterionText("C1", "Population", "Adults with type 2 diabetes")]
PROMPT = build("Do they help?", CRITERIA, "SGLT2 inhibitors", "We treated adults with type 2 diabetes. They did well.")


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def ask(server: ModelServer, model: str = "screener", prompt: Prompt = PROMPT, timeout: float = 30) -> Any:
    return complete(prompt, Endpoint(f"openai/{model}", server.address, KEY, timeout))


def failure(server: ModelServer, model: str, timeout: float = 30) -> AIError:
    with pytest.raises(AIError) as caught:
        ask(server, model, timeout=timeout)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is caught.value.__context__ is None
    return caught.value


def test_a_reply_comes_back_with_its_counts(server: ModelServer) -> None:
    completion = ask(server)
    reply = parse_reply(completion.text, reply_model(("C1",)), finish_reason=completion.finish_reason)
    assert reply.criteria[0].quotes == ["We treated adults with type 2 diabetes."]
    assert (completion.model, completion.finish_reason, completion.cost) == ("screener", "stop", None)
    assert completion.tokens_in > 100
    assert completion.tokens_out > 10
    assert 0 < completion.seconds < 30


@pytest.mark.parametrize("plain", [True, False], ids=["direct", "litellm"])
def test_tokens_that_nobody_counted_are_unknown_and_not_none(
    server: ModelServer, plain: bool, monkeypatch: Any
) -> None:
    monkeypatch.setattr(completion, "_plain", lambda endpoint: plain)
    said = ask(server, "a+uncounted")
    assert said.text
    assert (said.tokens_in, said.tokens_out, said.cost) == (None, None, None)


def test_what_is_sent_is_the_prompt_and_nothing_that_could_act(server: ModelServer) -> None:
    ask(server, "looked-at")
    sent = server.stats.requests[-1]
    assert sent["messages"] == PROMPT.as_messages()
    assert sent["response_format"]["json_schema"]["schema"] == PROMPT.schema
    assert (sent["temperature"], sent["max_tokens"]) == (0.0, PROMPT.max_tokens)
    assert not {"tools", "functions", "stream"} & set(sent)
    assert server.stats.keys[-1] == f"Bearer {KEY}"


def test_free_text_is_asked_for_without_a_schema(server: ModelServer) -> None:
    ask(server, prompt=Prompt((Message("user", "Say something."),)))
    assert "response_format" not in server.stats.requests[-1]


def test_the_environment_cannot_send_text_or_a_key_elsewhere(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    complete(PROMPT, Endpoint("openai/screener", server.address))
    assert server.stats.keys[-1] == "Bearer none"


def test_a_model_that_answers_under_another_name_is_seen(server: ModelServer) -> None:
    assert ask(server, "screener+other-name").model == "another-model-2"


def test_a_reply_that_was_cut_off_says_so(server: ModelServer) -> None:
    assert ask(server, "screener+cut").finish_reason == "length"


def test_a_rate_limit_is_passing_and_says_how_long(server: ModelServer) -> None:
    error = failure(server, "limited+limit-1-7")
    assert isinstance(error, RateLimited)
    assert (error.permanent, error.retry_after) == (False, 7.0)
    assert ask(server, "limited+limit-1-7").text


@pytest.mark.parametrize(
    ("model", "kind", "words"),
    [
        ("error-500", Unreachable, "out of order (HTTP 500)"),
        ("error-503", Unreachable, "out of order (HTTP 503)"),
        ("error-529", Unreachable, "out of order (HTTP 529)"),
        ("error-400", Refused, "refuses the request (HTTP 400)"),
        ("error-401", ModelAway, "does not accept the key"),
        ("error-403", ModelAway, "does not allow this key"),
        ("error-404", ModelAway, "does not know this model or address"),
        ("too-long", TooLong, "longer than the model can read"),
        ("html", Unreachable, "no reply of a model"),
        ("empty", Unreachable, "without a reply in it"),
        ("drop", Unreachable, "can't be reached"),
        ("endless", Unreachable, "more than a reply can be (8 MB)"),
        ("redirect", ModelAway, "redirects are not followed"),
    ],
)
def test_an_error_is_sorted_and_said_in_a_sentence(server: ModelServer, model: str, kind: type, words: str) -> None:
    before = server.stats.calls
    error = failure(server, model)
    assert type(error) is kind
    assert error.permanent == issubclass(kind, Refused)
    assert words in str(error)
    assert server.stats.calls == before + 1  # no retries of litellm or of the client under it


def test_a_request_that_the_server_cannot_process_is_refused(server: ModelServer) -> None:
    error = failure(server, "error-422")
    assert type(error) is Refused
    assert "can't process the request (HTTP 422)" in str(error)


def test_a_server_that_hangs_is_given_up_in_time(server: ModelServer) -> None:
    failure(server, "error-500")  # litellm is loaded at the first call, which takes seconds of its own
    started = time.monotonic()
    error = failure(server, "hang", timeout=0.5)
    assert isinstance(error, Unreachable)
    assert "did not answer within 0.5 seconds" in str(error)
    assert time.monotonic() - started < 3


def test_a_port_where_nobody_listens_is_unreachable(server: ModelServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(Unreachable, match="can't be reached") as caught:
        complete(PROMPT, Endpoint("openai/x", address, KEY))
    assert not caught.value.permanent


def test_an_unknown_provider_is_refused(server: ModelServer) -> None:
    with pytest.raises(Refused):
        complete(PROMPT, Endpoint("nonsense/x", server.address, KEY))


def test_without_litellm_a_sentence_says_so(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    original = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "litellm":
            raise ImportError(name)
        return original(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotInstalled, match="litellm is not installed"):
        complete(PROMPT, Endpoint("mistral/screener", server.address, KEY))
    assert ask(server).text  # a server of one's own is asked without it


def test_models_of_openai_are_asked_by_litellm_wherever_they_are() -> None:
    plain = {"openai/screener": True, "hosted_vllm/org/gpt-oss-20b": True, "openai/gpt-4.1-mini": False}
    plain |= {"openai/azure/o3-mini": False, "mistral/screener": False}
    asked = {model: completion._plain(Endpoint(model, "http://gateway.example/v1")) for model in plain}
    assert asked == plain
    assert not completion._plain(Endpoint("openai/screener"))  # its public address


def test_thirty_two_threads_have_thirty_two_calls_in_flight(server: ModelServer) -> None:
    ask(server)  # whatever is loaded at the first call is loaded now
    server.stats.hold_after = server.stats.calls
    with ThreadPoolExecutor(32) as pool:
        asked = [pool.submit(ask, server, "crowd") for _ in range(32)]
        deadline = time.monotonic() + 60
        while server.stats.in_flight < 32 and time.monotonic() < deadline:
            time.sleep(0.05)
        together, server.stats.hold_after = server.stats.in_flight, None
        texts = {str(one.result().text) for one in asked}
    assert (together, len(texts)) == (32, 1)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("", None), ("soon", None), ("-3", None), ("nan", None), ("inf", None)],
)
def test_retry_after_is_read_or_left_out(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_may_be_a_date() -> None:
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert (retry_after({"retry-after": "Fri, 21 Oct 2050 07:28:00 GMT"}) or 0) > 3600


@pytest.mark.parametrize(
    ("said", "away"),
    [
        ("API key not valid. Please pass a valid API key.", True),
        ("Your credit balance is too low to access the API.", True),
        ("The model `old-8b` has been decommissioned and is no longer supported.", True),
        ("The model gpt-9 does not exist", True),
        ("messages.0.content: text is required", False),
    ],
)
def test_what_some_providers_say_with_400_is_sorted_by_whether_the_model_is_away(said, away):
    error = failures._of_status(400, {}, f" (it said: {said})", "The provider")
    assert (isinstance(error, ModelAway), error.permanent) == (away, True)
