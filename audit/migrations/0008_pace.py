"""The line of a card by its key, with its holds, in another shape: nothing of it is worth keeping, so the table begins
anew. It is unlogged: a draw waits for no disk, and after a crash of the server the line begins anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0007_call_cache"),
    ]

    operations = [
        migrations.DeleteModel(name="Pace"),
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("requests_at", models.BigIntegerField(db_default=0, help_text="Before then no request goes.")),
                (
                    "tokens_at",
                    models.BigIntegerField(db_default=0, help_text="By then the tokens drawn so far have flowed in."),
                ),
                (
                    "turn_at",
                    models.BigIntegerField(
                        db_default=0, help_text="The last caller's turn; negative: it drew nothing."
                    ),
                ),
                ("held_until", models.BigIntegerField(db_default=0)),
                (
                    "held_for",
                    models.BigIntegerField(db_default=0, help_text="How long the last hold was, in microseconds."),
                ),
                (
                    "lately",
                    models.CharField(
                        db_default="", help_text="The last outcomes: 0 answered, 1 failed.", max_length=20
                    ),
                ),
            ],
        ),
        migrations.RunSQL("ALTER TABLE audit_pace SET UNLOGGED", "ALTER TABLE audit_pace SET LOGGED"),
    ]
