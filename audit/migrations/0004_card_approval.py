"""Who approved a model card, when and what; its provider, retention and retirement (AUD-07)."""

import hashlib
import json

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PREFIXES = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
    "azure": "azure",
    "bedrock": "bedrock",
    "mistral": "mistral",
    "groq": "groq",
    "deepseek": "deepseek",
    "openrouter": "openrouter",
    "ollama": "ollama",
    "ollama_chat": "ollama",
    "hosted_vllm": "vllm",
}
PROVIDERS = [
    ("openai", "OpenAI"),
    ("anthropic", "Anthropic"),
    ("google", "Google Gemini"),
    ("azure", "Azure OpenAI"),
    ("bedrock", "Amazon Bedrock"),
    ("mistral", "Mistral"),
    ("groq", "Groq"),
    ("deepseek", "DeepSeek"),
    ("openrouter", "OpenRouter"),
    ("ollama", "Ollama (own server)"),
    ("vllm", "vLLM (own server)"),
    ("compatible", "Other OpenAI-compatible address"),
]


def _fields(approved_by):
    """The new fields, for the cards and for their history."""
    return [
        (
            "approval_note",
            models.TextField(blank=True, default="", help_text="Why it was approved, or why that was withdrawn."),
        ),
        ("approved_at", models.DateTimeField(blank=True, null=True)),
        ("approved_by", approved_by),
        ("approved_sha256", models.CharField(blank=True, default="", max_length=64)),
        (
            "options",
            models.JSONField(
                blank=True,
                default=dict,
                help_text='What the provider needs besides, nothing secret: Azure {"api_version": "2024-10-21"}, '
                'Bedrock {"aws_region": "eu-central-1"}.',
            ),
        ),
        ("provider", models.CharField(choices=PROVIDERS, default="compatible", max_length=12)),
        (
            "retention",
            models.TextField(blank=True, default="", help_text="For how long the provider keeps what it is sent."),
        ),
        (
            "retires_on",
            models.DateField(
                blank=True, help_text="The day from which the provider does not answer any more.", null=True
            ),
        ),
    ]


def name_what_was_approved(apps, schema_editor):
    """Cards that were approved stay so, as they stand now; who did it is not known."""
    for card in apps.get_model("audit", "ModelCard").objects.all():
        prefix = card.model.partition("/")[0].lower() if "/" in card.model else ""
        known = PREFIXES.get(prefix, "compatible")
        card.provider = "compatible" if known == "openai" and card.api_base else known
        if card.approved:
            what = {name: getattr(card, name) for name in ("model", "api_base", "provider", "options")}
            text = json.dumps(what, sort_keys=True, separators=(",", ":"))
            card.approved_sha256 = hashlib.sha256(text.encode()).hexdigest()
        card.save(update_fields=["provider", "approved_sha256"])


def _additions():
    people = settings.AUTH_USER_MODEL
    card = models.ForeignKey(
        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=people
    )
    history = models.ForeignKey(
        blank=True,
        db_constraint=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=people,
    )
    for model, approved_by in (("modelcard", card), ("historicalmodelcard", history)):
        for name, field in _fields(approved_by):
            yield migrations.AddField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_call_sends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *_additions(),
        migrations.RunPython(name_what_was_approved, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="modelcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved", False), models.Q(("approved_sha256", ""), _negated=True), _connector="OR"
                ),
                name="approved_names_what",
            ),
        ),
    ]
