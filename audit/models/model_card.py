"""Which models may be called, where, and at what pace."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models

from audit.encrypted import EncryptedTextField
from audit.history import tracked
from reviewapp.ai import providers


class ModelCard(models.Model):
    """A model that an administrator has put at the reviews' disposal: address, data terms, pace and price (AUD-07).

    `key` is write-only: encrypted at rest, never shown, never in history or ledger. The approval names who gave it,
    when, and by `approved_sha256` what was approved (`audit.cards.fingerprint`): a card that was changed since can't be
    called.
    """

    name = models.CharField(max_length=80, unique=True, help_text="How people will see it.")
    provider = models.CharField(max_length=12, choices=providers.CHOICES, default="compatible")
    model = models.CharField(max_length=200, help_text="litellm's name of it, such as openai/gpt-4o or ollama/llama3.")
    api_base = models.URLField(blank=True, help_text="Address of a self-hosted model; empty for the provider's own.")
    options = models.JSONField(
        default=dict,
        blank=True,
        help_text='What the provider needs besides, nothing secret: Azure {"api_version": "2024-10-21"}, '
        'Bedrock {"aws_region": "eu-central-1"}.',
    )
    key = EncryptedTextField(
        blank=True, default="", help_text="Write-only. Empty: the provider's environment variable."
    )
    intended_use = models.TextField(blank=True)
    limits = models.TextField(blank=True, verbose_name="known limits")
    data_terms = models.TextField(blank=True, help_text="What the provider may do with what it is sent.")
    region = models.CharField(max_length=80, blank=True)
    retention = models.TextField(blank=True, default="", help_text="For how long the provider keeps what it is sent.")
    retires_on = models.DateField(
        null=True, blank=True, help_text="The day from which the provider does not answer any more."
    )
    approved = models.BooleanField(default=False, help_text="Only approved models can be called.")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_sha256 = models.CharField(max_length=64, blank=True, default="")
    approval_note = models.TextField(
        blank=True, default="", help_text="Why it was approved, or why that was withdrawn."
    )
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
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(approved=False) | ~models.Q(approved_sha256=""), name="approved_names_what"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError with the mend where the provider can't be called so."""
        if not isinstance(self.options, dict):
            raise ValidationError({"options": 'Write the options as {"name": "value"}.'})
        if why_not := providers.why_not(self.provider, self.model, self.api_base, self.options):
            raise ValidationError(why_not)
