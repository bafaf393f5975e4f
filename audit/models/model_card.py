"""Which models may be called, where, and at what pace."""

from typing import ClassVar

from django.db import models

from audit.encrypted import EncryptedTextField
from audit.history import tracked


class ModelCard(models.Model):
    """A model that an administrator has put at the reviews' disposal: address, data terms, pace and price.

    `key` is write-only: encrypted at rest, never shown, never in history or ledger.
    """

    name = models.CharField(max_length=80, unique=True, help_text="How people will see it.")
    model = models.CharField(max_length=200, help_text="litellm's name of it, such as openai/gpt-4o or ollama/llama3.")
    api_base = models.URLField(blank=True, help_text="Address of a self-hosted model; empty for the provider's own.")
    key = EncryptedTextField(
        blank=True, default="", help_text="Write-only. Empty: the provider's environment variable."
    )
    intended_use = models.TextField(blank=True)
    limits = models.TextField(blank=True, verbose_name="known limits")
    data_terms = models.TextField(blank=True, help_text="What the provider may do with what it is sent.")
    region = models.CharField(max_length=80, blank=True)
    approved = models.BooleanField(default=False, help_text="Only approved models can be called.")
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)
    tokens_per_minute = models.PositiveIntegerField(null=True, blank=True)
    price_in = models.DecimalField(
        max_digits=10, decimal_places=4, null=True, blank=True, help_text="USD per million tokens sent."
    )
    price_out = models.DecimalField(
        max_digits=10, decimal_places=4, null=True, blank=True, help_text="USD per million tokens received."
    )
    timeout_seconds = models.PositiveIntegerField(default=120)
    created_at = models.DateTimeField(auto_now_add=True)

    history = tracked(excluded=["key"])

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Pace(models.Model):
    """The token bucket of one model, shared by all workers: refilled and drawn in one UPDATE (AI-10)."""

    card = models.OneToOneField(ModelCard, on_delete=models.CASCADE, related_name="pace")
    requests_left = models.FloatField(default=0)
    tokens_left = models.FloatField(default=0)
    refilled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.card}: {self.requests_left:.0f} requests"
