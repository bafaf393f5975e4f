"""Why a decision differs from the suggestion that its author had seen. Earlier decisions gave none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0018_panels"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="override",
            field=models.CharField(
                blank=True,
                choices=[
                    ("incorrect", "Incorrect"),
                    ("incomplete", "Incomplete"),
                    ("imprecise", "Imprecise"),
                    ("wrong_context", "Wrong context"),
                    ("ambiguous_criterion", "Ambiguous criterion"),
                    ("own_judgement", "Own judgement"),
                    ("other", "Other reason"),
                ],
                db_default="",
                default="",
                max_length=19,
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("override", ""), ("citing__isnull", False), _connector="OR"),
                name="override_of_what_was_seen",
            ),
        ),
    ]
