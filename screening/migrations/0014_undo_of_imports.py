"""Large imports are taken back by a worker: who asked for it, why, and what the import was before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0013_searches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalimportedfile",
            name="undo_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalimportedfile",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalimportedfile",
            name="undone_from",
            field=models.CharField(blank=True, help_text="The status that it had before its undo.", max_length=14),
        ),
        migrations.AddField(
            model_name="importedfile",
            name="undo_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="importedfile",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importedfile",
            name="undone_from",
            field=models.CharField(blank=True, help_text="The status that it had before its undo.", max_length=14),
        ),
        migrations.AlterField(
            model_name="historicalimportedfile",
            name="status",
            field=models.CharField(
                choices=[
                    ("checking", "Being read"),
                    ("checked", "Dry run done: waits for you"),
                    ("refused", "Can't be read"),
                    ("queued", "Queued"),
                    ("running", "Importing"),
                    ("deduplicating", "Looking for duplicates"),
                    ("done", "Imported"),
                    ("failed", "Failed"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                    ("decisions", "Read for its decisions only"),
                ],
                default="checking",
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="importedfile",
            name="status",
            field=models.CharField(
                choices=[
                    ("checking", "Being read"),
                    ("checked", "Dry run done: waits for you"),
                    ("refused", "Can't be read"),
                    ("queued", "Queued"),
                    ("running", "Importing"),
                    ("deduplicating", "Looking for duplicates"),
                    ("done", "Imported"),
                    ("failed", "Failed"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                    ("decisions", "Read for its decisions only"),
                ],
                default="checking",
                max_length=14,
            ),
        ),
    ]
