"""PostgreSQL itself refuses to change or remove what was recorded."""

from django.db import migrations

from audit.immutable import DROP_REFUSE, REFUSE, AppendOnly


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, DROP_REFUSE),
        AppendOnly("audit_event", "audit_modelcall", "audit_modeloutcome", "audit_historicalmodelcard"),
    ]
