"""Teams: senior reviewers, shares, suspensions, pilot rounds, judgements per criterion, re-screening, highlights."""

import django.contrib.postgres.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0005_studies_of_included"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="criteria_failed",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="historicalreview",
            name="pico_words",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Words of the question by facet, {'P': 'one per line', …}; highlighted.",
            ),
        ),
        migrations.AddField(
            model_name="historicalreview",
            name="search_words",
            field=models.TextField(blank=True, help_text="Words of the search strategy, one per line; highlighted."),
        ),
        migrations.AddField(
            model_name="historicalstagerule",
            name="ask_criteria",
            field=models.BooleanField(
                default=False,
                help_text="Slower, and the only way to learn which criterion people understand differently.",
                verbose_name="An exclusion says which criteria are not met",
            ),
        ),
        migrations.AddField(
            model_name="historicalstagerule",
            name="assignment",
            field=models.CharField(
                choices=[
                    ("open", "Open queue: whoever is there takes the next record"),
                    ("shares", "Shares: each record is somebody's from the start"),
                ],
                default="open",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="historicalstagerule",
            name="bulk_allowed",
            field=models.BooleanField(
                default=False,
                help_text="From a list, after a confirmation; each decision is recorded by itself.",
                verbose_name="Reviewers may decide on many records at once",
            ),
        ),
        migrations.AddField(
            model_name="historicalstagerule",
            name="own_conflicts",
            field=models.BooleanField(
                default=True, verbose_name="Adjudicators may settle conflicts that their own vote is part of"
            ),
        ),
        migrations.AddField(
            model_name="historicalstagerule",
            name="queue_order",
            field=models.CharField(
                choices=[
                    ("relevance", "By predicted relevance where the AI’s mode allows it, else random"),
                    ("random", "Random"),
                    ("newest", "Newest first"),
                    ("title", "By title"),
                ],
                default="relevance",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="historicalstagerule",
            name="senior_among",
            field=models.BooleanField(
                default=False,
                help_text="A record waits until one of its reviewers is a senior one. The team page says who is.",
                verbose_name="A senior reviewer must be among them",
            ),
        ),
        migrations.AddField(
            model_name="historicalstagerule",
            name="waive_second",
            field=models.BooleanField(
                default=False,
                help_text="One exclusion that judges two or more criteria not met settles a record; reported as such.",
                verbose_name="Waive the second reviewer at clear exclusions",
            ),
        ),
        migrations.AddField(
            model_name="historicalstagestate",
            name="counts_from",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="historicalstagestate",
            name="senior_missing",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="historicalstagestate",
            name="waived",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="review",
            name="pico_words",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Words of the question by facet, {'P': 'one per line', …}; highlighted.",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="search_words",
            field=models.TextField(blank=True, help_text="Words of the search strategy, one per line; highlighted."),
        ),
        migrations.AddField(
            model_name="stagerule",
            name="ask_criteria",
            field=models.BooleanField(
                default=False,
                help_text="Slower, and the only way to learn which criterion people understand differently.",
                verbose_name="An exclusion says which criteria are not met",
            ),
        ),
        migrations.AddField(
            model_name="stagerule",
            name="assignment",
            field=models.CharField(
                choices=[
                    ("open", "Open queue: whoever is there takes the next record"),
                    ("shares", "Shares: each record is somebody's from the start"),
                ],
                default="open",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="stagerule",
            name="bulk_allowed",
            field=models.BooleanField(
                default=False,
                help_text="From a list, after a confirmation; each decision is recorded by itself.",
                verbose_name="Reviewers may decide on many records at once",
            ),
        ),
        migrations.AddField(
            model_name="stagerule",
            name="own_conflicts",
            field=models.BooleanField(
                default=True, verbose_name="Adjudicators may settle conflicts that their own vote is part of"
            ),
        ),
        migrations.AddField(
            model_name="stagerule",
            name="queue_order",
            field=models.CharField(
                choices=[
                    ("relevance", "By predicted relevance where the AI’s mode allows it, else random"),
                    ("random", "Random"),
                    ("newest", "Newest first"),
                    ("title", "By title"),
                ],
                default="relevance",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="stagerule",
            name="senior_among",
            field=models.BooleanField(
                default=False,
                help_text="A record waits until one of its reviewers is a senior one. The team page says who is.",
                verbose_name="A senior reviewer must be among them",
            ),
        ),
        migrations.AddField(
            model_name="stagerule",
            name="waive_second",
            field=models.BooleanField(
                default=False,
                help_text="One exclusion that judges two or more criteria not met settles a record; reported as such.",
                verbose_name="Waive the second reviewer at clear exclusions",
            ),
        ),
        migrations.AddField(
            model_name="stagestate",
            name="assigned",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="stagestate",
            name="counts_from",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="stagestate",
            name="senior_missing",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="stagestate",
            name="waived",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="decision",
            name="origin",
            field=models.CharField(
                choices=[
                    ("screening", "Screening"),
                    ("bulk", "Bulk"),
                    ("adjudication", "Adjudication"),
                    ("imported", "Imported"),
                ],
                default="screening",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="HistoricalPilotRound",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_name", models.CharField(max_length=150)),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")], max_length=14
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("size", models.PositiveIntegerField()),
                (
                    "reviewers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, editable=False)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("history_user_id", models.IntegerField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "closed_by",
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
                    "protocol",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="screening.protocolversion",
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
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical pilot round",
                "verbose_name_plural": "historical pilot rounds",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalReviewer",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_name", models.CharField(max_length=150)),
                ("senior", models.BooleanField(default=False)),
                ("suspended", models.BooleanField(default=False)),
                ("share", models.PositiveSmallIntegerField(default=100)),
                ("history_user_id", models.IntegerField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical reviewer",
                "verbose_name_plural": "historical reviewers",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PilotRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")], max_length=14
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("size", models.PositiveIntegerField()),
                (
                    "reviewers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="screening.protocolversion",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pilots", to="screening.review"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="historicalstagestate",
            name="pilot",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="screening.pilotround",
            ),
        ),
        migrations.AddField(
            model_name="stagestate",
            name="pilot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="screening.pilotround",
            ),
        ),
        migrations.CreateModel(
            name="Rescreening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("title_abstract", "Title and abstract"), ("full_text", "Full text")], max_length=14
                    ),
                ),
                ("records", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("reason", models.TextField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "protocol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.protocolversion"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rescreenings", to="screening.review"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("senior", models.BooleanField(default=False)),
                ("suspended", models.BooleanField(default=False)),
                ("share", models.PositiveSmallIntegerField(default=100)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviewers", to="screening.review"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CriterionJudgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "judged",
                    models.CharField(
                        choices=[("met", "Met"), ("not_met", "Not met"), ("unclear", "Unclear")], max_length=7
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="screening.criterion"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="screening.decision"
                    ),
                ),
            ],
            options={
                "ordering": ["criterion"],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "criterion"), name="criterion_judged_once"),
                    models.CheckConstraint(
                        condition=models.Q(("judged__in", ["met", "not_met", "unclear"])), name="criterion_judged_known"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="pilotround",
            constraint=models.UniqueConstraint(fields=("review", "stage", "number"), name="pilot_number_once"),
        ),
        migrations.AddConstraint(
            model_name="pilotround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("review", "stage"), name="one_open_pilot_per_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewer",
            constraint=models.UniqueConstraint(fields=("review", "user"), name="reviewer_once"),
        ),
        migrations.AddConstraint(
            model_name="reviewer",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__lte", 1000)), name="reviewer_share_at_most_ten_fold"
            ),
        ),
        AppendOnly(
            "screening_criterionjudgement",
            "screening_rescreening",
            "screening_historicalreviewer",
            "screening_historicalpilotround",
        ),
    ]
