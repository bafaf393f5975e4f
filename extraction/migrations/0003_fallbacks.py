"""Which fallback answered; of earlier proposals nobody knows its card.

PostgreSQL knows the default: processes of the version before go on making proposals while this one comes up.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("extraction", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="fallback",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Which fallback answered, by which card as it stood approved, and instead of whom (AI-14).",
            ),
        ),
    ]
