"""How far a worker is with a changed rule of a stage: until now all places followed it within the request."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0008_notifications"),
    ]

    operations = [
        migrations.AddField(
            model_name="stagerule",
            name="applied_through",
            field=models.BigIntegerField(editable=False, null=True),
        ),
    ]
