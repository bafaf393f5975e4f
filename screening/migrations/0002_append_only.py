"""PostgreSQL itself refuses to change or remove what was recorded: immutable tables and all history."""

from django.db import migrations

from audit.immutable import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("audit", "0002_append_only")]

    operations = [
        AppendOnly(
            "screening_protocolversion",
            "screening_criterion",
            "screening_rejectedentry",
            "screening_citation",
            "screening_merge",
            "screening_unmerge",
            "screening_assistant",
            "screening_suggestion",
            "screening_judgement",
            "screening_decision",
            "screening_note",
            "screening_historicaltag",
            "screening_historicaltagging",
            "screening_historicalreview",
            "screening_historicalmembership",
            "screening_historicalexclusionreason",
            "screening_historicalsource",
            "screening_historicalimportedfile",
            "screening_historicalrecord",
            "screening_historicalduplicatecandidate",
            "screening_historicalstagerule",
            "screening_historicalstagestate",
            "screening_historicalrun",
        )
    ]
