"""PostgreSQL itself refuses to change or remove what was recorded: immutable tables and all history."""

from django.db import migrations

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("extraction", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        AppendOnly(
            "extraction_formversion",
            "extraction_extractionplan",
            "extraction_proposal",
            "extraction_rejection",
            "extraction_value",
            "extraction_historicalextractionrule",
            "extraction_historicalform",
            "extraction_historicalarm",
            "extraction_historicalmeasure",
            "extraction_historicalassignment",
        )
    ]
