"""Text leaves for allowed hosts only, with the key that was meant for them (SEC-07, SEC-08)."""

import pytest

from reviewapp.ai.endpoint import Endpoint, check_host, host_of, key_for
from reviewapp.ai.errors import Refused


@pytest.mark.parametrize(
    ("model", "api_base", "place"),
    [
        ("openai/gpt-5", "", ("api.openai.com", 443)),
        ("anthropic/claude", "", ("api.anthropic.com", 443)),
        ("openai/qwen", "http://LLM.Example.org:8000/v1", ("llm.example.org", 8000)),
        ("openai/qwen", "http://llm.example.org./v1", ("llm.example.org", 80)),
        ("openai/qwen", "http://[::1]:8000/v1", ("::1", 8000)),
        ("ollama/llama3", "", ("localhost", 11434)),
    ],
)
def test_the_host_of_an_endpoint_is_known_before_a_call(model: str, api_base: str, place: tuple[str, int]) -> None:
    assert host_of(Endpoint(model, api_base)) == place


@pytest.mark.parametrize(
    ("model", "api_base"),
    [
        ("gpt-5", ""),
        ("bedrock/claude", ""),
        ("openai/x", "ftp://llm.example.org/v1"),
        ("openai/x", "llm.example.org/v1"),
        ("openai/x", "https://"),
        ("openai/x", "https://good.example@evil.example/v1"),
        ("openai/x", "https://good.example\\@evil.example/v1"),
        ("openai/x", "https://good.example /v1"),
        ("openai/x", "https://good.example:99999/v1"),
        ("openai/x", "https://[::1/v1"),
    ],
)
def test_an_address_that_cannot_be_read_for_certain_is_refused(model: str, api_base: str) -> None:
    with pytest.raises(Refused) as caught:
        check_host(Endpoint(model, api_base), ["good.example", "evil.example"])
    assert caught.value.permanent


@pytest.mark.parametrize("entry", ["llm.example.org", " LLM.example.org ", "llm.example.org:8000"])
def test_an_allowed_host_is_let_through(entry: str) -> None:
    assert check_host(Endpoint("openai/x", "http://llm.example.org:8000/v1"), [entry]) == "llm.example.org"


@pytest.mark.parametrize("entry", ["example.org", "llm.example.org:8001", "*.example.org", "", "llm.example.org.evil"])
def test_any_other_host_is_not(entry: str) -> None:
    with pytest.raises(Refused, match=r"Nothing was sent: llm\.example\.org is not among"):
        check_host(Endpoint("openai/x", "http://llm.example.org:8000/v1"), [entry])


def test_a_key_never_shows_in_a_repr() -> None:
    assert "secret" not in repr(Endpoint("openai/x", api_key="sk-secret"))


def test_a_hosted_provider_without_a_key_is_refused_before_a_call() -> None:
    with pytest.raises(Refused, match="No key is set for openai"):
        key_for(Endpoint("openai/gpt-5"))


def test_a_self_hosted_server_never_gets_a_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
    assert key_for(Endpoint("openai/qwen", "http://localhost:8000/v1")) == "none"
