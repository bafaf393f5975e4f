"""Why an item failed, for programs; what failed before is told by its sentence, once.

Records keep long words whole from now on; going back cuts them to what the columns held.
"""

from django.db import migrations, models
from django.db.models import Q

# The sentences of the doors and of panels as they stood when this was written.
TOLD = r"""
UPDATE screening_runitem SET failure = CASE
         WHEN error LIKE 'The panel has no opinion%' THEN 'member'
         WHEN error ~ 'longer than the model can read' THEN 'too_long'
         WHEN error ~ 'asks us to slow down' THEN 'limited'
         WHEN error ~ 'did not answer within|can.t be reached|is out of order|that is no reply of a model'
              THEN 'unreachable'
         WHEN error ~ '^Nothing was sent|may not be sent|\(HTTP [34]\d\d\)|no credit left|^There is nothing to ask'
              THEN 'refused'
         WHEN error ~ 'and so when it was asked once more' THEN 'invalid_reply'
         ELSE 'fault' END
 WHERE status = 'failed'
"""
KINDS = [
    ("refused", "Refused"),
    ("too_long", "Text too long"),
    ("invalid_reply", "Unusable reply"),
    ("unreachable", "No answer"),
    ("limited", "Asked too often"),
    ("member", "A member failed"),
    ("fault", "Fault of the program"),
]


WHOLE = ("volume", "issue", "pages", "language", "type")


class Migration(migrations.Migration):
    dependencies = [("screening", "0028_held_out_releases")]

    operations = [
        migrations.AddField(
            model_name="runitem",
            name="failure",
            field=models.CharField(
                blank=True,
                choices=KINDS,
                db_default="",
                default="",
                help_text="Why it failed, for programs.",
                max_length=13,
            ),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="runitem",
            constraint=models.CheckConstraint(
                condition=Q(failure="") | Q(status="failed"), name="only_what_failed_has_a_failure"
            ),
        ),
        *(
            migrations.AlterField(model, name, models.TextField(blank=True))
            for name in WHOLE
            for model in ("record", "historicalrecord")
        ),
    ]
