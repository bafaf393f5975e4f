"""Which models a review can be offered, where they live, and where text may leave for (SEC-07, AI-07)."""

import os
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from audit.models.model_card import ModelCard
from reviewapp.ai.endpoint import PUBLIC_ADDRESSES, Endpoint, host_of
from reviewapp.ai.errors import AIError, Refused
from screening.models.assistant import Assistant

TIMEOUT = 120.0  # seconds that one call may take, where no card says otherwise

# Providers whose key in the environment is enough, and a model of theirs that is cheap and good enough to begin with.
PROVIDERS = {
    "openai": ("OPENAI_API_KEY", "openai/gpt-4.1-mini"),
    "anthropic": ("ANTHROPIC_API_KEY", "anthropic/claude-haiku-4-5"),
    "mistral": ("MISTRAL_API_KEY", "mistral/mistral-medium-latest"),
    "groq": ("GROQ_API_KEY", "groq/openai/gpt-oss-120b"),
    "deepseek": ("DEEPSEEK_API_KEY", "deepseek/deepseek-chat"),
    "openrouter": ("OPENROUTER_API_KEY", "openrouter/openai/gpt-4o-mini"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that an assistant can be made of. `key` names it in forms; `host` is where text would be sent."""

    key: str
    label: str
    model: str
    api_base: str
    card_id: int | None
    host: str


@dataclass(frozen=True, slots=True)
class Line:
    """Everything that a call needs besides the prompt."""

    endpoint: Endpoint
    allowed_hosts: list[str]
    card: ModelCard | None
    price: tuple[Decimal, Decimal] | None


def available_models() -> list[Offer]:
    """Approved model cards first, then what the environment offers: a self-hosted address, or providers' keys."""
    offers = [_of_card(card) for card in ModelCard.objects.filter(approved=True)]
    return [*filter(None, offers), *_of_environment()]


def _of_card(card: ModelCard) -> Offer | None:
    host = _host(card.model, card.api_base)
    return Offer(f"card:{card.pk}", card.name, card.model, card.api_base, card.pk, host) if host else None


def _of_environment() -> list[Offer]:
    found = []
    if settings.LLM_BASE_URL and settings.LLM_MODEL:
        found.append((self_hosted_model(), settings.LLM_BASE_URL))
    elif settings.LLM_MODEL and os.environ.get(PROVIDERS.get(_provider(settings.LLM_MODEL), ("",))[0]):
        found.append((settings.LLM_MODEL, ""))
    found += [(model, "") for variable, model in PROVIDERS.values() if os.environ.get(variable)]
    offers = []
    for model, api_base in dict.fromkeys(found):
        host = _host(model, api_base)
        if host:
            offers.append(Offer(f"env:{model}", f"{model} at {host}", model, api_base, None, host))
    return offers


def self_hosted_model() -> str:
    """litellm's name of the model at LLM_BASE_URL: an OpenAI-compatible server unless LLM_MODEL says otherwise."""
    known = _provider(settings.LLM_MODEL) in {*PUBLIC_ADDRESSES, "hosted_vllm", "lm_studio", "azure"}
    return settings.LLM_MODEL if known else f"openai/{settings.LLM_MODEL}"


def line_to(assistant: Assistant) -> Line:
    """The line to an assistant's model, as cards and environment stand now. Raises Refused if it may not be called."""
    card = ModelCard.objects.filter(pk=assistant.card_id).first() if assistant.card_id else None
    if card is not None and not card.approved:
        raise Refused(f"The model card “{card.name}” is not approved any more: ask an administrator.")
    api_base = card.api_base if card else str(assistant.parameters.get("api_base", ""))
    endpoint = Endpoint(
        model=assistant.model,
        api_base=api_base,
        api_key=(card.key if card else "") or _environments_key(assistant.model, api_base),
        timeout=float(card.timeout_seconds) if card else TIMEOUT,
    )
    priced = card is not None and card.price_in is not None and card.price_out is not None
    price = (card.price_in, card.price_out) if card and priced else None
    return Line(endpoint, allowed_hosts(), card, price)  # type: ignore[arg-type]  # both prices are there


def allowed_hosts() -> list[str]:
    """Hosts that text may leave for: the allow-list, approved cards', and what the environment was set up with."""
    offered = [offer.host for offer in available_models()]
    return [*settings.LLM_ALLOWED_HOSTS, *dict.fromkeys(offered)]


def _environments_key(model: str, api_base: str) -> str:
    """The key goes only where it belongs: the self-hosted one to its address, a provider's to the provider's own."""
    if api_base:
        return settings.LLM_API_KEY if api_base == settings.LLM_BASE_URL else ""
    return os.environ.get(PROVIDERS.get(_provider(model), ("",))[0], "") or ""


def _provider(model: str) -> str:
    return model.partition("/")[0].lower() if "/" in model else ""


def _host(model: str, api_base: str) -> str:
    """Where such a model lives, with its port unless that is the usual one; empty if nobody can say."""
    try:
        host, port = host_of(Endpoint(model, api_base))
    except AIError:
        return ""
    return host if port in {80, 443} else f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
