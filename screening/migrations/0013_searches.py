"""Saved searches of public databases, their runs, and which file holds the replies of which run."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0012_elsewhere"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalSavedSearch",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_name", models.CharField(max_length=150)),
                (
                    "provider",
                    models.CharField(choices=[("pubmed", "PubMed"), ("europe_pmc", "Europe PMC")], max_length=12),
                ),
                ("strategy", models.TextField()),
                ("published_from", models.DateField(blank=True, null=True)),
                ("published_to", models.DateField(blank=True, null=True)),
                (
                    "schedule",
                    models.CharField(
                        choices=[
                            ("never", "Only when somebody asks"),
                            ("weekly", "Every week"),
                            ("monthly", "Every month"),
                        ],
                        default="never",
                        max_length=8,
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, help_text="When the clock runs it next.", null=True)),
                ("removed", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(blank=True, editable=False)),
                ("history_user_id", models.IntegerField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="screening.review",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="screening.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical saved search",
                "verbose_name_plural": "historical saved searchs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "provider",
                    models.CharField(choices=[("pubmed", "PubMed"), ("europe_pmc", "Europe PMC")], max_length=12),
                ),
                ("strategy", models.TextField()),
                ("published_from", models.DateField(blank=True, null=True)),
                ("published_to", models.DateField(blank=True, null=True)),
                (
                    "schedule",
                    models.CharField(
                        choices=[
                            ("never", "Only when somebody asks"),
                            ("weekly", "Every week"),
                            ("monthly", "Every month"),
                        ],
                        default="never",
                        max_length=8,
                    ),
                ),
                ("next_at", models.DateTimeField(blank=True, help_text="When the clock runs it next.", null=True)),
                ("removed", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="searches", to="screening.review"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="searches", to="screening.source"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSearchRun",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_name", models.CharField(max_length=150)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("counting", "Counting"),
                            ("counted", "Counted: fetch it or leave it"),
                            ("fetching", "Fetching"),
                            ("done", "Fetched"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=9,
                    ),
                ),
                ("scheduled", models.BooleanField(default=False, help_text="Begun by the clock, not by a person.")),
                ("strategy", models.TextField()),
                ("published_from", models.DateField(blank=True, null=True)),
                ("published_to", models.DateField(blank=True, null=True)),
                ("since", models.DateField(blank=True, null=True)),
                (
                    "searched_at",
                    models.DateTimeField(blank=True, help_text="When the provider said how many there are.", null=True),
                ),
                ("hits", models.PositiveIntegerField(blank=True, null=True)),
                ("translated", models.TextField(blank=True)),
                ("notes", models.JSONField(blank=True, default=list)),
                (
                    "brought",
                    models.PositiveSmallIntegerField(default=0, help_text="Files that were handed in to be imported."),
                ),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(blank=True, editable=False)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("history_user_id", models.IntegerField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="screening.review",
                    ),
                ),
                (
                    "search",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="screening.savedsearch",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical search run",
                "verbose_name_plural": "historical search runs",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SearchRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("counting", "Counting"),
                            ("counted", "Counted: fetch it or leave it"),
                            ("fetching", "Fetching"),
                            ("done", "Fetched"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=9,
                    ),
                ),
                ("scheduled", models.BooleanField(default=False, help_text="Begun by the clock, not by a person.")),
                ("strategy", models.TextField()),
                ("published_from", models.DateField(blank=True, null=True)),
                ("published_to", models.DateField(blank=True, null=True)),
                ("since", models.DateField(blank=True, null=True)),
                (
                    "searched_at",
                    models.DateTimeField(blank=True, help_text="When the provider said how many there are.", null=True),
                ),
                ("hits", models.PositiveIntegerField(blank=True, null=True)),
                ("translated", models.TextField(blank=True)),
                ("notes", models.JSONField(blank=True, default=list)),
                (
                    "fetched",
                    models.PositiveIntegerField(default=0, help_text="Progress: records in the pages that have come."),
                ),
                ("pages", models.PositiveIntegerField(default=0)),
                (
                    "position",
                    models.JSONField(blank=True, default=dict, help_text="Where to go on; the provider's own."),
                ),
                (
                    "brought",
                    models.PositiveSmallIntegerField(default=0, help_text="Files that were handed in to be imported."),
                ),
                ("faults", models.PositiveSmallIntegerField(default=0, help_text="Passing faults in a row.")),
                ("waits_for", models.TextField(blank=True, help_text="Why the next request waits.")),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.review"
                    ),
                ),
                (
                    "search",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="screening.savedsearch"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SearchPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("entries", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kept_pages", to="screening.searchrun"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.AddField(
            model_name="historicalimportedfile",
            name="search_run",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The run of a saved search whose replies these are; nobody uploaded it.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="screening.searchrun",
            ),
        ),
        migrations.AddField(
            model_name="importedfile",
            name="search_run",
            field=models.ForeignKey(
                blank=True,
                help_text="The run of a saved search whose replies these are; nobody uploaded it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="screening.searchrun",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed", False)), fields=("source",), name="one_search_of_a_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_at", None), ("schedule", "never")),
                    models.Q(("schedule", "never"), _negated=True),
                    _connector="OR",
                ),
                name="unscheduled_search_is_not_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="searchrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["counting", "fetching"])),
                fields=("search",),
                name="one_run_of_a_search_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="searchpage",
            constraint=models.UniqueConstraint(fields=("run", "number"), name="search_page_once"),
        ),
        AppendOnly("screening_historicalsavedsearch", "screening_historicalsearchrun"),
    ]
