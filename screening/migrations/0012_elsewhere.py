"""Decisions that were made elsewhere (IMP-06): what is read out of a file as decisions, and who brought them in."""

import uuid

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0011_relations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalDecisionImport",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_name", models.CharField(max_length=150)),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")],
                        default="title_abstract",
                        max_length=14,
                    ),
                ),
                (
                    "counts_as",
                    models.CharField(
                        choices=[
                            ("final", "The outcome: it settles the record, unless people here decide on it"),
                            ("opinion", "One reviewer’s opinion: the others give theirs here"),
                        ],
                        default="final",
                        max_length=7,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200)),
                ("verdicts", models.JSONField(blank=True, default=dict)),
                ("reason_place", models.CharField(blank=True, max_length=200)),
                ("reasons", models.JSONField(blank=True, default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("looking", "Being looked through"),
                            ("choosing", "Waits for you"),
                            ("queued", "Queued"),
                            ("running", "Being brought in"),
                            ("done", "Brought in"),
                            ("returning", "Being taken back"),
                            ("taken_back", "Taken back"),
                            ("failed", "Failed"),
                        ],
                        default="looking",
                        max_length=10,
                    ),
                ),
                ("error", models.TextField(blank=True)),
                ("total", models.PositiveIntegerField(default=0)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("created_at", models.DateTimeField(blank=True, editable=False)),
                ("history_user_id", models.IntegerField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical decision import",
                "verbose_name_plural": "historical decision imports",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
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
                    ("undone", "Undone"),
                    ("decisions", "Read for its decisions only"),
                ],
                default="checking",
                max_length=14,
            ),
        ),
        migrations.CreateModel(
            name="DecisionImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")],
                        default="title_abstract",
                        max_length=14,
                    ),
                ),
                (
                    "counts_as",
                    models.CharField(
                        choices=[
                            ("final", "The outcome: it settles the record, unless people here decide on it"),
                            ("opinion", "One reviewer’s opinion: the others give theirs here"),
                        ],
                        default="final",
                        max_length=7,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200)),
                ("verdicts", models.JSONField(blank=True, default=dict)),
                ("reason_place", models.CharField(blank=True, max_length=200)),
                ("reasons", models.JSONField(blank=True, default=dict)),
                ("found", models.JSONField(blank=True, default=dict)),
                ("preview", models.JSONField(blank=True, default=dict)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("looking", "Being looked through"),
                            ("choosing", "Waits for you"),
                            ("queued", "Queued"),
                            ("running", "Being brought in"),
                            ("done", "Brought in"),
                            ("returning", "Being taken back"),
                            ("taken_back", "Taken back"),
                            ("failed", "Failed"),
                        ],
                        default="looking",
                        max_length=10,
                    ),
                ),
                ("error", models.TextField(blank=True)),
                ("reached", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("stored", models.PositiveIntegerField(default=0)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision_imports",
                        to="screening.importedfile",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision_imports",
                        to="screening.review",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="brought_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="screening.decisionimport",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("brought_in__isnull", False)),
                fields=["brought_in", "id"],
                name="decision_brought_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("brought_in__isnull", True), ("origin", "imported"), _connector="XOR"),
                name="imported_by_an_import",
            ),
        ),
        migrations.AddField(
            model_name="historicaldecisionimport",
            name="author",
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
            model_name="historicaldecisionimport",
            name="file",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="screening.importedfile",
            ),
        ),
        migrations.AddField(
            model_name="historicaldecisionimport",
            name="review",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="screening.review",
            ),
        ),
        migrations.AddField(
            model_name="historicaldecisionimport",
            name="returned_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AppendOnly("screening_historicaldecisionimport"),
    ]
