"""Panels have seats, and a run says what share of its records is asked about again."""

import django.db.models.deletion
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("screening", "0017_embeddings")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="repeat_share",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How many of 100 records are asked about once more, to measure instability."
            ),
        ),
        migrations.AddField(
            model_name="historicalrun",
            name="repeat_share",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How many of 100 records are asked about once more, to measure instability."
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("repeat_share__lte", 100)), name="repeat_share_is_one"
            ),
        ),
        migrations.CreateModel(
            name="PanelSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("adjudicates", models.BooleanField(default=False)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.assistant"
                    ),
                ),
                (
                    "panel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="screening.assistant"
                    ),
                ),
            ],
            options={
                "ordering": ["panel", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("panel", "position"), name="panel_position_once"),
                    models.UniqueConstraint(fields=("panel", "member", "adjudicates"), name="panel_member_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("adjudicates", True)), fields=("panel",), name="panel_one_adjudicates"
                    ),
                ],
            },
        ),
        AppendOnly("screening_panelseat"),
    ]
