"""A study for every report that was included before there were studies, as `actions.founding` makes them now."""

from typing import Any

from django.db import migrations
from django.utils import timezone

from screening.dedup.reports import label

LETTERS = ("", *"bcdefghijklmnopqrstuvwxyz")
BY = {"history_type": "+", "actor_kind": "system", "actor_name": "migration", "history_change_reason": "Included."}


def found(apps: Any, schema_editor: Any) -> None:
    State, Study, Report = (apps.get_model("screening", name) for name in ("StageState", "Study", "StudyReport"))
    states = State.objects.filter(stage="full_text", status="included", record__study_report__isnull=True)
    taken = set(Study.objects.values_list("review_id", "label"))
    now = timezone.now()
    for state in states.select_related("record").order_by("record_id").iterator(1_000):
        record = state.record
        base = label(record.authors, record.year, record.title) or f"Record {record.pk}"
        free = (base + letter for letter in LETTERS if (record.review_id, base + letter) not in taken)
        name = next(free, f"{base} ({record.pk})")
        taken.add((record.review_id, name))
        study = Study.objects.create(review_id=record.review_id, label=name, registrations=[])
        report = Report.objects.create(review_id=record.review_id, study=study, record=record, main=True)
        _write(apps, "HistoricalStudy", study, now)
        _write(apps, "HistoricalStudyReport", report, now)


def _write(apps: Any, name: str, row: Any, now: Any) -> None:
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    apps.get_model("screening", name).objects.create(**columns, history_date=now, **BY)


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_full_text_append_only")]

    operations = [
        # Backwards nothing is taken away: the studies stand as if they had been made by hand, and going forwards again
        # finds them. What was extracted for them may hang on them by then.
        migrations.RunPython(found, migrations.RunPython.noop)
    ]
