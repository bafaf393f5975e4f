"""How long `verify_audit` and the pages of the timeline take on a review of 50,000 records.

Run it as a test, on its own: `pytest tests/benchmarks/audit_trail.py -s`. Prints seconds and milliseconds.
"""

from io import StringIO
from time import perf_counter

import pytest
from django.core.management import call_command
from django.db import connection

from audit.history import write_bulk
from audit.timeline.entry import Subject, Wanted
from audit.timeline.story import page
from screening.actions import stages
from screening.models.record import Record
from tests import builders
from tests.audit import story

RECORDS = 50_000
# Every record has two decisions with their events: rows as `decisions.record` would write them, made by PostgreSQL.
DECISIONS = """
INSERT INTO screening_decision (review_id, record_id, stage, verdict, author_id, origin, oversight, idempotency_key,
                                note, created_at)
SELECT r.review_id, r.id, 'title_abstract', 'exclude', a.id, 'screening', 'blind_first', gen_random_uuid(), '', now()
  FROM screening_record r CROSS JOIN unnest(%s::int[]) AS a(id) WHERE r.review_id = %s;
"""
EVENTS = """
INSERT INTO audit_event (at, type, actor_kind, actor_id, actor_name, review_id, subject_type, subject_id, record_id,
                         data, reason, request_id)
SELECT now() - random() * interval '90 days', 'record.decided', 'person', d.author_id, 'x', d.review_id,
       'screening.decision', d.id, d.record_id,
       jsonb_build_object('stage', d.stage, 'old', NULL, 'new', d.verdict, 'suggestion', NULL), '', ''
  FROM screening_decision d WHERE d.review_id = %s
"""
STATES = "UPDATE screening_stagestate SET status = 'excluded', voters = %s WHERE review_id = %s"


@pytest.mark.django_db
def test_audit_trail() -> None:
    cast = story.cast()
    voters = sorted([cast.other.pk, cast.screening_lead.pk])
    records = Record.objects.bulk_create([Record(review=cast.review, title=f"Title {n}") for n in range(RECORDS)])
    write_bulk(records, change="+")
    stages.open_stage(review=cast.review, records=records)
    with connection.cursor() as cursor:
        cursor.execute(DECISIONS, [voters, cast.review.pk])
        cursor.execute(EVENTS, [cast.review.pk])
        cursor.execute(STATES, [voters, cast.review.pk])
        cursor.execute("ANALYZE")
    began, out = perf_counter(), StringIO()
    call_command("verify_audit", stdout=out)
    print(f"\n{out.getvalue()}verify_audit: {perf_counter() - began:.1f} s for {RECORDS} records")
    builders.record(cast.review)
    _time("first page of the review", Subject(cast.review.pk))
    _time("only what was done", Subject(cast.review.pk), Wanted(source="event"))
    _time("only one person", Subject(cast.review.pk), Wanted(person=cast.other.pk))
    _time("one record", Subject(cast.review.pk, (records[RECORDS // 2].pk,)))
    middle = page(Subject(cast.review.pk), size=20_000).next
    _time("a page in the middle", Subject(cast.review.pk), start=middle)


def _time(what: str, subject: Subject, wanted: Wanted | None = None, start: str = "") -> None:
    taken = []
    for _ in range(5):
        began = perf_counter()
        page(subject, wanted, start=start)
        taken.append((perf_counter() - began) * 1_000)
    print(f"{what}: {sorted(taken)[2]:.0f} ms")
