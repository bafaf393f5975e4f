"""A suggestion says what it is: an opinion that stands, or one that is kept beside it (members of panels, repeats)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_call_sends"),
        ("screening", "0015_words_beside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="assistant",
            name="only_an_llm_has_a_model",
        ),
        migrations.RemoveConstraint(
            model_name="runitem",
            name="item_once",
        ),
        migrations.RemoveIndex(
            model_name="suggestion",
            name="suggestion_of_record",
        ),
        migrations.AddField(
            model_name="runitem",
            name="member",
            field=models.ForeignKey(
                blank=True,
                help_text="Of the run's panel.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="screening.assistant",
            ),
        ),
        migrations.AddField(
            model_name="runitem",
            name="repeat",
            field=models.PositiveSmallIntegerField(default=0, help_text="0, or which repeat of the same question."),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="beside",
            field=models.ForeignKey(
                blank=True,
                help_text="What it repeats.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="others",
                to="screening.suggestion",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="replayed",
            field=models.BooleanField(default=False, help_text="It stands on the reply to an earlier call."),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="role",
            field=models.CharField(
                choices=[
                    ("stands", "The assistant's opinion"),
                    ("member", "Of a member of a panel"),
                    ("repeat", "Asked again to measure instability"),
                    ("again", "Run again by a person"),
                    ("trial", "Trial of a prompt"),
                ],
                default="stands",
                max_length=6,
            ),
        ),
        migrations.AlterField(
            model_name="assistant",
            name="engine",
            field=models.CharField(
                choices=[
                    ("local", "Offline engine (no LLM)"),
                    ("llm", "Large language model"),
                    ("panel", "Panel of several models"),
                ],
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="runitem",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("held", "Waits for others"),
                    ("claimed", "Being worked on"),
                    ("done", "Done"),
                    ("failed", "Failed: a person looks"),
                    ("cancelled", "Cancelled"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["record", "stage", "role", "-id"], name="suggestion_by_role"),
        ),
        migrations.AddConstraint(
            model_name="assistant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("engine__in", ["local", "panel"]), ("model", "")),
                    models.Q(("engine", "llm"), models.Q(("model", ""), _negated=True)),
                    _connector="OR",
                ),
                name="only_an_llm_has_a_model",
            ),
        ),
        migrations.AddConstraint(
            model_name="runitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("record__isnull", False)),
                fields=("run", "record", "member", "repeat"),
                name="record_item_once",
                nulls_distinct=False,
            ),
        ),
    ]
