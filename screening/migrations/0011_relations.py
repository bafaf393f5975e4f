"""What two records are to one another, not only whether they are copies (DED-02); who looks at which pair (DED-05)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATUSES = [
    ("open", "To be judged"),
    ("duplicate", "Duplicate"),
    ("same_study", "Other report of the same study"),
    ("correction", "Correction or retraction"),
    ("not_duplicate", "Not a duplicate"),
]
SORTS = [
    ("preprint", "Preprint"),
    ("congress", "Congress abstract"),
    ("registry", "Register entry"),
    ("protocol", "Protocol"),
    ("secondary", "Secondary report"),
    ("correction", "Correction"),
    ("retraction", "Retraction"),
    ("concern", "Expression of concern"),
]


def _new_fields() -> dict[str, models.Field]:
    of_first = "It is the second that corrects the first, is its preprint …; else the first."
    return {
        "of_first": models.BooleanField(default=False, help_text=of_first),
        "proposed": models.CharField(choices=STATUSES, default="duplicate", max_length=13),
        "sort": models.CharField(blank=True, choices=SORTS, default="", max_length=10),
        "tier": models.CharField(default="possible", help_text="“possible”, “related” or “by hand”.", max_length=8),
    }


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0010_adjudicators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=field)
            for model in ("duplicatecandidate", "historicalduplicatecandidate")
            for name, field in _new_fields().items()
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="status",
                field=models.CharField(choices=STATUSES, default="open", max_length=13),
            )
            for model in ("duplicatecandidate", "historicalduplicatecandidate")
        ),
        migrations.CreateModel(
            name="PairHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("expires_at", models.DateTimeField()),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="screening.duplicatecandidate",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="screening.review"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("review", "user"), name="one_hold_each")],
            },
        ),
    ]
