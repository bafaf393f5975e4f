"""Who settles the conflicts of a stage (SCR-01). Until now, and where nobody is named, everybody with the role."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


def _named() -> "ArrayField[list[int], list[int]]":
    return ArrayField(
        base_field=models.IntegerField(),
        blank=True,
        default=list,
        help_text="Ids of people; only those of them with the role may. Empty: everybody with the role.",
        size=None,
        verbose_name="Who settles conflicts",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0009_rule_in_pages"),
    ]

    operations = [
        migrations.AddField(model_name=model, name="adjudicators", field=_named())
        for model in ("stagerule", "historicalstagerule")
    ]
