"""Which of its models an item is asked of, why those before it did not answer, and that a fallback answered.

PostgreSQL knows the defaults: processes of the version before go on making items while this one comes up.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("screening", "0025_again")]

    operations = [
        migrations.AddField(
            model_name="runitem",
            name="line",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="Whom it is asked: 0, the assistant's own model, or which of its fallbacks.",
            ),
        ),
        migrations.AddField(
            model_name="runitem",
            name="line_failures",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="How often in a row its line failed in a way that passes."
            ),
        ),
        migrations.AddField(
            model_name="runitem",
            name="passed_over",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="[{card, model, why}] of the lines before its own.",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="fallback",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Another model than the assistant's own answered, or a member's.",
            ),
        ),
    ]
