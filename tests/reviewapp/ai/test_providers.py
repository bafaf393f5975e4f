"""Every provider by its wire shape: asked once, with its own key, at the card's address and nowhere else (SEC-07)."""

from collections.abc import Iterator

import pytest

from reviewapp.ai import providers
from reviewapp.ai.completion import complete
from reviewapp.ai.endpoint import Endpoint, host_of, key_for
from reviewapp.ai.errors import Refused, Unreachable
from reviewapp.ai.structured import parse_reply
from screening.prompts.screening import CriterionText, build, reply_model
from tests.model_shapes import Elsewhere, ShapesServer

KEY = "sk-a-very-secret-key-0123456789"
CRITERIA = [CriterionText("C1", "Population", "Adults with type 2 diabetes")]
PROMPT = build("Do they help?", CRITERIA, "SGLT2 inhibitors", "We treated adults with type 2 diabetes. They did well.")
# litellm's name of the provider -> the path of its address, options, key.
WIRE = {
    "openai": ("/v1", (), KEY),
    "anthropic": ("", (), KEY),
    "gemini": ("/v1beta", (), KEY),
    "azure": ("", (("api_version", "2024-10-21"),), KEY),
    "bedrock": ("", (("aws_region", "eu-central-1"),), f"AKIDEXAMPLE:{KEY}"),
    "mistral": ("/v1", (), KEY),
    "groq": ("/v1", (), KEY),
    "deepseek": ("/v1", (), KEY),
    "openrouter": ("/v1", (), KEY),
    "ollama_chat": ("", (), ""),
    "hosted_vllm": ("/v1", (), ""),
}


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as running:
        yield running


@pytest.fixture(scope="module")
def server(elsewhere: Elsewhere) -> Iterator[ShapesServer]:
    with ShapesServer(f"http://127.0.0.1:{elsewhere.port}") as running:
        yield running


def endpoint(server: ShapesServer, provider: str, model: str = "screener") -> Endpoint:
    path, options, key = WIRE[provider]
    return Endpoint(f"{provider}/{model}", f"{server.root}{path}", key, 20, options)


@pytest.mark.parametrize("provider", WIRE)
def test_a_reply_comes_back_from_each_provider_as_from_any_other(server: ShapesServer, provider: str) -> None:
    completion = complete(PROMPT, endpoint(server, provider))
    reply = parse_reply(completion.text, reply_model(("C1",)), finish_reason=completion.finish_reason)
    assert reply.criteria[0].quotes == ["We treated adults with type 2 diabetes."]
    assert completion.tokens_in > 100
    assert completion.tokens_out > 10
    key = WIRE[provider][2]
    if ":" in key:  # Bedrock signs with the secret, which does not travel
        assert "Credential=AKIDEXAMPLE/" in server.stats.keys[-1]
        assert KEY not in server.stats.keys[-1]
    else:
        assert server.stats.keys[-1].removeprefix("Bearer ") in {key or "none", ""}


@pytest.mark.parametrize("provider", WIRE)
def test_a_redirect_is_not_followed_and_nothing_leaves(
    server: ShapesServer, elsewhere: Elsewhere, provider: str
) -> None:
    before = server.stats.calls
    with pytest.raises(Refused, match="redirects are not followed") as caught:
        complete(PROMPT, endpoint(server, provider, "redirect"))
    assert caught.value.permanent
    assert KEY not in str(caught.value)
    assert (server.stats.calls, elsewhere.stats.calls) == (before + 1, 0)


@pytest.mark.parametrize("provider", WIRE)
def test_a_line_that_drops_is_not_asked_a_second_time(server: ShapesServer, provider: str) -> None:
    before = server.stats.calls
    with pytest.raises(Unreachable):
        complete(PROMPT, endpoint(server, provider, "drop"))
    assert server.stats.calls == before + 1


def test_what_the_environment_says_of_addresses_and_keys_changes_nothing(
    server: ShapesServer, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"http://127.0.0.1:{elsewhere.port}"
    for name in ("ANTHROPIC", "GEMINI", "AZURE", "MISTRAL", "GROQ", "DEEPSEEK", "OPENROUTER", "OLLAMA", "HOSTED_VLLM"):
        monkeypatch.setenv(f"{name}_API_BASE", address)
        monkeypatch.setenv(f"{name}_API_KEY", "sk-of-the-environment")
    for name in ("AWS_BEARER_TOKEN_BEDROCK", "AZURE_AD_TOKEN", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.setenv(name, "sk-of-the-environment")
    monkeypatch.setenv("AWS_BEDROCK_RUNTIME_ENDPOINT", address)
    for provider in WIRE:
        complete(PROMPT, endpoint(server, provider))
        assert "sk-of-the-environment" not in server.stats.keys[-1]
    assert elsewhere.stats.calls == 0


def test_every_provider_of_a_card_has_a_wire_shape_here() -> None:
    assert {providers.BY_PREFIX[prefix].name for prefix in WIRE} | {"compatible"} == set(providers.PROVIDERS)


@pytest.mark.parametrize(
    ("model", "options", "host"),
    [
        ("gemini/gemini-2.5-flash", (), "generativelanguage.googleapis.com"),
        ("bedrock/x", (("aws_region", "eu-central-1"),), "bedrock-runtime.eu-central-1.amazonaws.com"),
    ],
)
def test_where_a_model_lives_follows_from_its_provider_and_options(
    model: str, options: tuple[tuple[str, str], ...], host: str
) -> None:
    assert host_of(Endpoint(model, options=options)) == (host, 443)


def test_a_region_that_is_none_leads_nowhere() -> None:
    with pytest.raises(Refused):
        host_of(Endpoint("bedrock/x", options=(("aws_region", "evil.example/#"),)))


@pytest.mark.parametrize("provider", ["azure", "bedrock"])
def test_a_customers_own_address_needs_a_key_too(provider: str) -> None:
    with pytest.raises(Refused, match="No key is set"):
        key_for(Endpoint(f"{provider}/x", "https://ours.example.org"))


@pytest.mark.parametrize(
    ("provider", "model", "api_base", "options", "words"),
    [
        ("openai", "openai/gpt-5", "", {}, ""),
        ("openai", "gpt-5", "", {}, "are written as openai/name"),
        ("openai", "anthropic/x", "", {}, "are written as openai/name"),
        ("anthropic", "anthropic/x", "http://gateway.example.org", {}, "needs an https:// address"),
        ("anthropic", "anthropic/x", "http://localhost:8000", {}, ""),
        ("azure", "azure/x", "https://ours.openai.azure.com", {}, "needs the API version"),
        ("azure", "azure/x", "", {"api_version": "2024-10-21"}, "needs the address"),
        ("azure", "azure/x", "https://ours.openai.azure.com", {"api_version": "2024-10-21"}, ""),
        ("bedrock", "bedrock/x", "", {}, "needs the AWS region"),
        ("bedrock", "bedrock/x", "", {"aws_region": "eu-central-1"}, ""),
        ("ollama", "ollama_chat/x", "", {}, ""),
        ("ollama", "ollama/x", "http://gpu.example.org:11434", {}, ""),
        ("vllm", "hosted_vllm/x", "", {}, "needs the address"),
        ("compatible", "openai/x", "", {}, "needs the address"),
        ("compatible", "openai/x", "http://gpu.example.org/v1", {}, ""),
        ("compatible", "openai/x", "http://gpu.example.org/v1", {"aws_region": "x"}, "knows no option"),
        ("nobody", "openai/x", "", {}, "Choose who serves"),
    ],
)
def test_what_a_card_lacks_is_said(
    provider: str, model: str, api_base: str, options: dict[str, str], words: str
) -> None:
    said = providers.why_not(provider, model, api_base, options)
    assert words in said
    assert bool(words) == bool(said)
