"""Which models a review can be offered, where they live, and where text may leave for (SEC-07, AUD-07).

Only models of cards that an administrator has approved can be called. What the environment offers (a provider's key, a
self-hosted address) is called by way of a card too; `not_carded` names what has none yet.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from audit import cards
from audit.encrypted import Undecipherable
from audit.models.model_card import ModelCard
from reviewapp.ai import providers
from reviewapp.ai.endpoint import Endpoint, host_of
from reviewapp.ai.errors import AIError, ModelAway
from screening.models.assistant import Assistant

# Providers whose key in the environment is enough, and a model of theirs that is cheap and good enough to begin with.
PROVIDERS = {one.name: (one.key_variable, one.start) for one in providers.PROVIDERS.values() if one.key_variable}


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
    card: ModelCard
    price: tuple[Decimal, Decimal] | None


def available_models() -> list[Offer]:
    """The models of cards that may be called."""
    return list(_offers(cards.callable_cards()))


def _offers(callable_cards: list[ModelCard]) -> Iterator[Offer]:
    for card in callable_cards:
        if host := host_of_card(card):
            yield Offer(f"card:{card.pk}", card.name, card.model, card.api_base, card.pk, host)


def not_carded() -> list[tuple[str, str, str]]:
    """(name for a card, model, address) of what the environment offers and no card stands for yet."""
    have = set(ModelCard.objects.values_list("model", "api_base"))
    found = [(model, api_base) for model, api_base in of_environment() if (model, api_base) not in have]
    named = ((model, api_base, _host(Endpoint(model, api_base))) for model, api_base in found)
    return [(f"{model} at {host}"[:80], model, api_base) for model, api_base, host in named if host]


def of_environment() -> list[tuple[str, str]]:
    """(model, address) of what the environment was set up with, the most explicit first."""
    found = []
    if settings.LLM_BASE_URL and settings.LLM_MODEL:
        found.append((self_hosted_model(), settings.LLM_BASE_URL))
    elif settings.LLM_MODEL and os.environ.get(_key_variable(settings.LLM_MODEL)):
        found.append((settings.LLM_MODEL, ""))
    found += [(model, "") for variable, model in PROVIDERS.values() if os.environ.get(variable)]
    return list(dict.fromkeys(found))


def self_hosted_model() -> str:
    """litellm's name of the model at LLM_BASE_URL: an OpenAI-compatible server unless LLM_MODEL says otherwise."""
    known = providers.prefix_of(settings.LLM_MODEL) in providers.BY_PREFIX
    return settings.LLM_MODEL if known else f"openai/{settings.LLM_MODEL}"


def line_to(assistant: Assistant) -> Line:
    """The line to an assistant's model, as its card and the environment stand now. Raises ModelAway if not."""
    card = _card_of(assistant)
    if card is None:
        raise ModelAway(
            f"Nothing was sent: {assistant.model[:80]} has no model card, and only models of approved cards can be "
            "called. An administrator can add and approve one on the page Models."
        )
    if card.model != assistant.model:
        raise ModelAway(
            f"Nothing was sent: the model card “{card.name}” is of {card.model[:80]} now, and this assistant was made "
            f"of {assistant.model[:80]}. Make a new version of the assistant."
        )
    return _line(card)


MOST_FALLBACKS = 3


@dataclass(frozen=True, slots=True)
class Fallback:
    """A card whose model is asked where those before it do not answer, and the model that it was chosen for."""

    card_id: int
    model: str


def fallbacks_of(assistant: Assistant) -> list[Fallback]:
    """The fallbacks of an assistant's configuration, in their order."""
    models = assistant.parameters.get("fallback_models", [])
    return [Fallback(*pair) for pair in zip(assistant.parameters.get("fallbacks", []), models, strict=True)]


def line_at(assistant: Assistant, number: int) -> Line:
    """The line to an assistant's own model (0) or to one of its fallbacks (1, 2, …). Raises ModelAway if not."""
    if not number:
        return line_to(assistant)
    chosen = fallbacks_of(assistant)[number - 1]
    card = ModelCard.objects.filter(pk=chosen.card_id).first()
    if card is None:
        raise ModelAway(f"Nothing was sent: the model card of {chosen.model[:80]} is not there any more.")
    if card.model != chosen.model:
        raise ModelAway(
            f"Nothing was sent: the model card “{card.name}” is of {card.model[:80]} now, and was chosen for "
            f"{chosen.model[:80]}. Make a new version of the assistant."
        )
    return _line(card)


def lines_to(assistant: Assistant) -> tuple[Line, ...]:
    """The line to an assistant's model, then those to its fallbacks that may be called now, in their order.

    Raises ModelAway, with the first one's reason, if none may be called.
    """
    lines, away = [], None
    for number in range(len(fallbacks_of(assistant)) + 1):
        try:
            lines.append(line_at(assistant, number))
        except ModelAway as error:
            away = away or error
    if not lines and away is not None:
        raise away
    return tuple(lines)


def _card_of(assistant: Assistant) -> ModelCard | None:
    """Its card; of an assistant that was made without one, any card of the same model at the same address."""
    if assistant.card_id:
        return ModelCard.objects.filter(pk=assistant.card_id).first()
    address = str(assistant.parameters.get("api_base", ""))
    same = ModelCard.objects.filter(model=assistant.model, api_base=address)
    return same.order_by("-approved", "pk").first()


def _line(card: ModelCard) -> Line:
    if why_not := cards.why_not_callable(card):
        raise ModelAway(f"Nothing was sent. {why_not}")
    return Line(endpoint_of(card), allowed_hosts(), card, cards.price_of(card))


def endpoint_of(card: ModelCard) -> Endpoint:
    """Where a card's model is called, with the key. Raises ModelAway where the stored key can't be read any more."""
    if isinstance(card.key, Undecipherable):
        raise ModelAway(
            f"Nothing was sent: the key of the model card “{card.name}” was stored under another SECRET_KEY and can't "
            "be read. An administrator can enter it again in the administration, or set the SECRET_KEY of that time."
        )
    return Endpoint(
        card.model,
        card.api_base,
        card.key or environments_key(card.model, card.api_base),
        float(card.timeout_seconds),
        options_of(card),
    )


def options_of(card: ModelCard) -> tuple[tuple[str, str], ...]:
    """What the provider needs besides, as an endpoint takes it."""
    options: dict[str, Any] = card.options if isinstance(card.options, dict) else {}
    return tuple(sorted((str(name), str(value)) for name, value in options.items()))


def allowed_hosts() -> list[str]:
    """Hosts that text may leave for: the allow-list, and those of cards that may be called."""
    return [*settings.LLM_ALLOWED_HOSTS, *dict.fromkeys(offer.host for offer in available_models())]


def environments_key(model: str, api_base: str) -> str:
    """The key goes only where it belongs: the self-hosted one to its address, a provider's to the provider's own."""
    if api_base:
        return settings.LLM_API_KEY if api_base == settings.LLM_BASE_URL else ""
    return os.environ.get(_key_variable(model), "")


def _key_variable(model: str) -> str:
    known = providers.BY_PREFIX.get(providers.prefix_of(model))
    return known.key_variable if known else ""


def host_of_card(card: ModelCard) -> str:
    """Where a card's model lives, with its port unless that is the usual one; empty if nobody can say."""
    return _host(Endpoint(card.model, card.api_base, options=options_of(card)))


def _host(endpoint: Endpoint) -> str:
    try:
        host, port = host_of(endpoint)
    except AIError:
        return ""
    return host if port in {80, 443} else f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
