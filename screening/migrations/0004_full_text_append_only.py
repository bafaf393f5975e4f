"""PostgreSQL itself refuses to change or remove what came with full texts: pages, retrieval outcomes, and history."""

from django.db import migrations

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("screening", "0003_full_text"), ("audit", "0003_call_sends")]

    operations = [
        AppendOnly(
            "screening_documentpage",
            "screening_retrieval",
            "screening_historicaldocument",
            "screening_historicalstudy",
            "screening_historicalstudyreport",
            "screening_historicalstudyhint",
        )
    ]
