"""Runs of one record that a person asks for: what is said stands beside the suggestion that is run again.

The version before can't tell such a run from work, and what it said can't be removed: with one, there is no way back.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def forward(*_: Any) -> None:
    """Nothing is filled in."""


def back(apps: Any, _: Any) -> None:
    """Say so before anything is changed, where there is no way back."""
    if count := apps.get_model("screening", "Run").objects.filter(kind="again").count():
        raise IrreversibleError(
            f"Suggestions were run again ({count} times; screening_run, kind “again”), and the version before does not "
            "know such runs. This step changed nothing: `manage.py migrate` goes forwards again. To go back "
            "all the same, restore the backup that was made before the upgrade."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0024_calibration"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="run",
            name="only_a_trial_tries_a_prompt",
        ),
        migrations.AddField(
            model_name="historicalrun",
            name="again_of",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Is run again.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="screening.suggestion",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="again_of",
            field=models.ForeignKey(
                blank=True,
                help_text="Is run again.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs_again",
                to="screening.suggestion",
            ),
        ),
        migrations.AlterField(
            model_name="historicalrun",
            name="kind",
            field=models.CharField(
                choices=[("work", "Work"), ("trial", "Trial of a prompt"), ("again", "Suggestion run again")],
                default="work",
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[("work", "Work"), ("trial", "Trial of a prompt"), ("again", "Suggestion run again")],
                default="work",
                max_length=5,
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "trial"), ("prompt__isnull", False)),
                    models.Q(("kind__in", ["work", "again"]), ("prompt__isnull", True)),
                    _connector="OR",
                ),
                name="only_a_trial_tries_a_prompt",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("again_of__isnull", False), ("kind", "again")),
                    models.Q(("again_of__isnull", True), ("kind__in", ["work", "trial"])),
                    _connector="OR",
                ),
                name="again_names_what",
            ),
        ),
        migrations.RunPython(forward, back),
    ]
