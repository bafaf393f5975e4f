"""Runs of one record that a person asks for: what is said stands beside the suggestion that is run again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


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
    ]
