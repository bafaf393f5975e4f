"""Prices come from the table that the installed litellm ships, without loading litellm."""

import subprocess
import sys
import time
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from reviewapp.ai import prices, providers


@pytest.mark.parametrize("provider", [one for one in providers.PROVIDERS.values() if one.start])
def test_the_model_to_begin_with_of_each_provider_is_known_or_has_no_price(provider: providers.Provider) -> None:
    price = prices.price_of(provider.start, provider.name)
    assert price is None or (price.usd_in > 0 and price.usd_out > 0)


def test_prices_are_per_million_tokens() -> None:
    price = prices.price_of("openai/gpt-4.1-mini", "openai")
    assert price is not None
    assert (price.usd_in, price.usd_out) == (Decimal("0.4"), Decimal("1.6"))
    assert price.context_tokens is not None
    assert price.context_tokens > 1_000_000


def test_most_providers_have_prices() -> None:
    known = [one.name for one in providers.PROVIDERS.values() if one.start and prices.price_of(one.start, one.name)]
    assert {"openai", "anthropic", "google", "mistral", "groq", "deepseek"} <= set(known)
    assert prices.price_of("bedrock/anthropic.claude-haiku-4-5-20251001-v1:0", "bedrock") is not None


def test_a_day_of_retirement_is_a_date() -> None:
    price = prices.price_of("azure/gpt-4.1-mini", "azure")
    assert price is not None
    assert isinstance(price.retires_on, date)


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("openai/gpt-4.1-mini", "compatible"),  # an own server under a name that a provider has too
        ("ollama_chat/llama3", "ollama"),
        ("openai/claude-haiku-4-5", "openai"),  # known, but not of this provider
        ("openai/never-heard-of", "openai"),
        ("gpt", "nobody"),
        ("sample_spec", "openai"),
    ],
)
def test_what_is_not_in_the_table_has_no_price(model: str, provider: str) -> None:
    assert prices.price_of(model, provider) is None


def test_reading_the_table_is_quick_and_loads_no_litellm() -> None:
    program = (
        "import sys; from reviewapp.ai import prices; "
        "print(prices.price_of('openai/gpt-4.1-mini', 'openai').usd_in, prices.source(), 'litellm' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("0.4")
    assert "the price table of litellm" in done.stdout
    assert done.stdout.endswith("False\n")
    prices._table.cache_clear()
    began = time.perf_counter()
    prices.source()
    assert time.perf_counter() - began < 1  # 0.05 s on a quiet machine


def test_without_the_file_there_are_no_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    prices._table.cache_clear()
    monkeypatch.setattr(prices, "_FILE", "not-there.json")
    assert (prices.price_of("openai/gpt-4.1-mini", "openai"), prices.source()) == (None, "")
    prices._table.cache_clear()
