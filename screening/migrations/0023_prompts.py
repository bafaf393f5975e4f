"""Prompts in versions that never change, assistants that name one, and runs that try one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0022_exceptions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalrun",
            name="kind",
            field=models.CharField(
                choices=[("work", "Work"), ("trial", "Trial of a prompt")], default="work", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[("work", "Work"), ("trial", "Trial of a prompt")], default="work", max_length=5
            ),
        ),
        migrations.CreateModel(
            name="Prompt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prompts", to="screening.review"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="PromptVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("persona", models.TextField(blank=True)),
                ("guidance", models.TextField(blank=True)),
                ("frame", models.CharField(max_length=20)),
                ("note", models.TextField(blank=True, help_text="What was changed, and why.")),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="screening.prompt"
                    ),
                ),
            ],
            options={
                "ordering": ["prompt", "-number"],
            },
        ),
        migrations.CreateModel(
            name="PromptPublication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="Why it was published without a trial, or what the trial showed."
                    ),
                ),
                ("tried_on", models.PositiveIntegerField(help_text="Records that it had been tried on.")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publication",
                        to="screening.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="assistant",
            name="prompt",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assistants",
                to="screening.promptversion",
            ),
        ),
        migrations.AddField(
            model_name="historicalrun",
            name="prompt",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Is tried.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="screening.promptversion",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="prompt",
            field=models.ForeignKey(
                blank=True,
                help_text="Is tried.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="trials",
                to="screening.promptversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistant",
            constraint=models.CheckConstraint(
                condition=models.Q(("engine", "llm"), ("prompt__isnull", True), _connector="OR"),
                name="only_an_llm_has_a_prompt",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "trial"), ("prompt__isnull", False)),
                    models.Q(("kind", "work"), ("prompt__isnull", True)),
                    _connector="OR",
                ),
                name="only_a_trial_tries_a_prompt",
            ),
        ),
        migrations.AddConstraint(
            model_name="prompt",
            constraint=models.UniqueConstraint(fields=("review", "name"), name="prompt_name_once"),
        ),
        migrations.AddConstraint(
            model_name="promptversion",
            constraint=models.UniqueConstraint(fields=("prompt", "number"), name="prompt_number_once"),
        ),
        AppendOnly("screening_prompt", "screening_promptversion", "screening_promptpublication"),
    ]
