"""How well scores tell what people decide: a row each time that it was worked out."""

import django.db.models.deletion
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("screening", "0023_prompts")]

    operations = [
        migrations.CreateModel(
            name="Calibration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")], max_length=14
                    ),
                ),
                (
                    "n_include",
                    models.PositiveIntegerField(help_text="Labels that keep a record: include, and maybe."),
                ),
                ("n_exclude", models.PositiveIntegerField()),
                ("ece", models.FloatField(help_text="Expected calibration error, cross-fitted.", null=True)),
                ("brier", models.FloatField(help_text="Brier score, cross-fitted.", null=True)),
                (
                    "usable",
                    models.BooleanField(help_text="Enough labels of both classes, and an error that is small enough."),
                ),
                ("knots", models.JSONField(blank=True, default=list)),
                ("bins", models.JSONField(blank=True, default=list)),
                ("labels_sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "assistant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="screening.assistant",
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.protocolversion"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.review"
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.AddIndex(
            model_name="calibration",
            index=models.Index(fields=["assistant", "stage", "protocol", "-id"], name="calibration_latest"),
        ),
        migrations.AddConstraint(
            model_name="calibration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usable", False),
                    models.Q(("ece__isnull", False), ("n_exclude__gte", 50), ("n_include__gte", 50)),
                    _connector="OR",
                ),
                name="calibration_usable_for_a_reason",
            ),
        ),
        AppendOnly("screening_calibration"),
    ]
