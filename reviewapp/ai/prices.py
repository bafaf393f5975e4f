"""What models cost, by the table that the installed litellm ships: read from its file, without loading litellm.

The table is of the day of that release. Nothing is fetched. Prices are the plain ones: neither of batches, nor of
cached or very long prompts. A model of an own server has no price here, which is not the same as none.
"""

import importlib.util
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from reviewapp.ai.providers import PROVIDERS

_FILE = "model_prices_and_context_window_backup.json"
# The card's provider -> how the table calls it; Bedrock's and Azure's models stand under more than one name.
_CALLED = {"google": ("gemini",), "bedrock": ("bedrock", "bedrock_converse"), "azure": ("azure", "azure_text")}
_OWN_SERVER = {"ollama", "vllm", "compatible"}
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens sent and received, how many tokens a prompt may have, and the day of retirement."""

    usd_in: Decimal
    usd_out: Decimal
    context_tokens: int | None
    retires_on: date | None


def source() -> str:
    """What the prices are taken from, for people; empty if there is no table."""
    try:
        return f"the price table of litellm {version('litellm')}" if _table() else ""
    except PackageNotFoundError:
        return ""


def price_of(model: str, provider: str) -> Price | None:
    """The price of a litellm id at a card's provider; None where the table does not say, and for own servers."""
    if provider in _OWN_SERVER or provider not in PROVIDERS:
        return None
    called = _CALLED.get(provider, (provider,))
    for name in _names(model):
        entry = _table().get(name)
        if entry is not None and entry.get("litellm_provider") in called:
            return _price(entry)
    return None


def _names(model: str) -> Iterable[str]:
    """The table names models with their provider or without."""
    plain = model.partition("/")[2]
    return (model, plain) if plain else (model,)


def _price(entry: dict[str, Any]) -> Price | None:
    sent, received = entry.get("input_cost_per_token"), entry.get("output_cost_per_token")
    if not isinstance(sent, int | float) or not isinstance(received, int | float):
        return None
    longest = entry.get("max_input_tokens")
    return Price(
        Decimal(str(sent)) * _MILLION,
        Decimal(str(received)) * _MILLION,
        longest if isinstance(longest, int) else None,
        _day(entry.get("deprecation_date")),
    )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


@cache
def _table() -> dict[str, dict[str, Any]]:
    """Name -> entry; empty where litellm is not installed or its file is another than it was."""
    spec = importlib.util.find_spec("litellm")
    places = list(spec.submodule_search_locations or []) if spec else []
    try:
        found = json.loads(Path(places[0], _FILE).read_text(encoding="utf-8")) if places else {}
    except (OSError, ValueError):
        return {}
    return {name: _kept(entry) for name, entry in found.items() if isinstance(entry, dict)}


def _kept(entry: dict[str, Any]) -> dict[str, Any]:
    """What is asked here: the whole file would take 12 MB of memory."""
    wanted = (
        "litellm_provider", "input_cost_per_token", "output_cost_per_token", "max_input_tokens", "deprecation_date",
    )  # fmt: skip
    return {name: entry[name] for name in wanted if name in entry}
