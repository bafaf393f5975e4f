"""Examples by retrieval: which were chosen for an item, and which records are never any."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0020_run_pauses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="runitem",
            name="examples",
            field=models.JSONField(
                blank=True,
                help_text="[[record's id, verdict], …] that are shown with it; empty: not chosen yet.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="HeldOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")], max_length=14
                    ),
                ),
                ("why", models.TextField(help_text="Of which test set it is part.")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="held_out", to="screening.record"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.review"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("record", "stage"), name="held_out_once")],
            },
        ),
        AppendOnly("screening_heldout"),
    ]
