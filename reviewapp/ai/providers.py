"""Who serves models, as data: where each lives, which key is its own, and what a card of it must say (AUD-07).

Names and addresses are those of litellm and of the providers' own references. Nothing is looked up, nothing is called.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Provider:
    """One way to reach a model.

    `prefixes` are litellm's names of it, the first for new cards. `address` is the public one, empty where each
    customer has an own; `{option}` in it is filled from the card's options. `key_variable` names the environment's key,
    empty where a key belongs to one address or none is needed. `options` must be on a card. `start` is a model to begin
    with.
    """

    name: str
    label: str
    prefixes: tuple[str, ...]
    address: str = ""
    key_variable: str = ""
    needs_key: bool = True
    options: tuple[str, ...] = ()
    start: str = ""


PROVIDERS = {
    one.name: one
    for one in (
        Provider(
            "openai", "OpenAI", ("openai",), "https://api.openai.com/v1", "OPENAI_API_KEY", start="openai/gpt-4.1-mini"
        ),
        Provider(
            "anthropic", "Anthropic", ("anthropic",), "https://api.anthropic.com", "ANTHROPIC_API_KEY",
            start="anthropic/claude-haiku-4-5",
        ),
        Provider(
            "google", "Google Gemini", ("gemini",), "https://generativelanguage.googleapis.com/v1beta",
            "GEMINI_API_KEY", start="gemini/gemini-2.5-flash",
        ),
        Provider("azure", "Azure OpenAI", ("azure",), options=("api_version",)),
        Provider(
            "bedrock", "Amazon Bedrock", ("bedrock",), "https://bedrock-runtime.{aws_region}.amazonaws.com",
            options=("aws_region",),
        ),
        Provider(
            "mistral", "Mistral", ("mistral",), "https://api.mistral.ai/v1", "MISTRAL_API_KEY",
            start="mistral/mistral-medium-latest",
        ),
        Provider(
            "groq", "Groq", ("groq",), "https://api.groq.com/openai/v1", "GROQ_API_KEY",
            start="groq/openai/gpt-oss-120b",
        ),
        Provider(
            "deepseek", "DeepSeek", ("deepseek",), "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY",
            start="deepseek/deepseek-chat",
        ),
        Provider(
            "openrouter", "OpenRouter", ("openrouter",), "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY",
            start="openrouter/openai/gpt-4o-mini",
        ),
        Provider(
            "ollama", "Ollama (own server)", ("ollama_chat", "ollama"), "http://localhost:11434", needs_key=False
        ),
        Provider("vllm", "vLLM (own server)", ("hosted_vllm",), needs_key=False),
        Provider(
            "compatible", "Other OpenAI-compatible address", ("openai", "hosted_vllm", "lm_studio"), needs_key=False
        ),
    )
}  # fmt: skip
CHOICES = [(one.name, one.label) for one in PROVIDERS.values()]
# litellm's name before the slash -> the provider whose public address it has.
BY_PREFIX = {prefix: one for one in reversed(PROVIDERS.values()) for prefix in one.prefixes}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_OPTION = {"api_version": re.compile(r"[0-9A-Za-z.-]{1,40}"), "aws_region": re.compile(r"[a-z]{2}(-[a-z]+)+-\d")}
_SAY = {
    "api_version": "the API version of the deployment, such as 2024-10-21",
    "aws_region": "the AWS region, such as eu-central-1",
}


def of(model: str, api_base: str = "") -> str:
    """The name of the provider that a litellm id and an address are of; `compatible` where neither says more."""
    known = BY_PREFIX.get(prefix_of(model))
    if known is None or (known.name == "openai" and api_base):
        return "compatible"
    return known.name


def prefix_of(model: str) -> str:
    """litellm's name of the provider in a model's id, lower case; empty if there is none."""
    return model.partition("/")[0].lower() if "/" in model else ""


def public_address(prefix: str, options: Mapping[str, str]) -> str:
    """The provider's own address; empty where each customer has another, or an option that it needs is not there."""
    known = BY_PREFIX.get(prefix)
    if known is None or known.name in {"vllm", "compatible"}:
        return ""
    if any(not _OPTION[name].fullmatch(str(options.get(name, ""))) for name in known.options):
        return ""
    return known.address.format(**options)


def why_not(provider: str, model: str, api_base: str, options: Mapping[str, str]) -> str:
    """What is missing or wrong about a card, as a sentence with the mend; empty if it can be called so."""
    known = PROVIDERS.get(provider)
    if known is None:
        return "Choose who serves the model."
    if prefix_of(model) not in known.prefixes:
        return f"Models of {known.label} are written as {known.prefixes[0]}/name; “{model[:80]}” is not."
    return _options_wrong(known, options) or _address_wrong(known, api_base)


def _options_wrong(known: Provider, options: Mapping[str, str]) -> str:
    for name in known.options:
        if not _OPTION[name].fullmatch(str(options.get(name, ""))):
            return f"{known.label} needs {_SAY[name]}."
    more = sorted(set(options) - set(known.options))
    return f"{known.label} knows no option “{more[0][:40]}”; take it away." if more else ""


def _address_wrong(known: Provider, api_base: str) -> str:
    if not api_base and not known.address:
        return f"{known.label} needs the address of the server."
    if known.needs_key and api_base.startswith("http://") and urlsplit(api_base).hostname not in _LOOPBACK:
        return f"{known.label} needs an https:// address: over http:// key and texts could be read on the way."
    return ""
