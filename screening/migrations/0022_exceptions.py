"""Exceptions are computed from rows; that somebody looked at one is kept. Three indexes find the few among many."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0021_examples"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExceptionSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")], max_length=14
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("injection", "Speaks to a model"),
                            ("failed", "Failed"),
                            ("refused", "Refused"),
                            ("split", "Panel split"),
                            ("unstable", "Said otherwise when asked again"),
                            ("unsure", "Unsure"),
                            ("no_abstract", "No abstract"),
                            ("no_text", "No text in the file"),
                            ("not_permitted", "File not permitted to be sent"),
                        ],
                        max_length=13,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="screening.runitem",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.record"
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
        migrations.AddConstraint(
            model_name="exceptionseen",
            constraint=models.UniqueConstraint(
                fields=("record", "stage", "kind", "item"), nulls_distinct=False, name="exception_seen_once"
            ),
        ),
        AppendOnly("screening_exceptionseen"),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(condition=models.Q(("abstract", "")), fields=["review"], name="record_without_abstract"),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(
                    ("role", "stands"),
                    models.Q(("band", "unsure"), models.Q(("flags", []), _negated=True), _connector="OR"),
                ),
                fields=["review"],
                name="suggestion_to_look_at",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(condition=models.Q(("role", "repeat")), fields=["review"], name="suggestion_of_repeat"),
        ),
    ]
