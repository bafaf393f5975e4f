"""The hot path reads a few rows, however many a review has: PostgreSQL counts the rows that it looked at."""

from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from screening.actions import stages
from screening.enums import Stage, Verdict
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.record import Record
from screening.models.stage import StageState
from tests import builders

pytestmark = pytest.mark.django_db
RECORDS, FEW = 3_000, 400


@pytest.fixture
def scene(client):
    """3,000 records with a citation each; a third are decided by the reviewer who is signed in."""
    person = builders.user()
    review = builders.review(reviewers=[person])
    file = builders.imported_file(review)
    records = Record.objects.bulk_create(Record(review=review, title=f"Record {n}") for n in range(RECORDS))
    place = {"file": file, "source": file.source, "line": 1, "raw": "x", "raw_sha256": "0" * 64}
    Citation.objects.bulk_create(Citation(record=record, position=n, **place) for n, record in enumerate(records))
    stages.open_stage(review=review, records=records)
    said = {"review": review, "stage": Stage.TITLE_ABSTRACT, "verdict": Verdict.EXCLUDE, "oversight": "off"}
    Decision.objects.bulk_create(
        Decision(record=record, author=person, idempotency_key=uuid4(), **said) for record in records[::3]
    )
    StageState.objects.filter(record__in=records[::3]).update(status="partial", voters=[person.pk])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client.force_login(person)
    client.get(reverse("screening-api:queue", args=[review.pk]))  # counts the progress, which is kept for some seconds
    return review, records


def rows_read() -> dict[str, int]:
    """Table -> rows looked at so far in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
            " WHERE relname = ANY(%s)",
            [["screening_record", "screening_citation", "screening_decision", "screening_reservation"]],
        )
        return dict(cursor.fetchall())


def read_by(ask) -> dict[str, int]:
    before = rows_read()
    assert ask().status_code in (200, 201)
    return {table: rows - before[table] for table, rows in rows_read().items()}


def test_a_decision_and_the_next_records(client, scene):
    review, records = scene
    body = {"record": records[1].pk, "stage": "title_abstract", "verdict": "include", "idempotency_key": str(uuid4())}
    address = reverse("screening-api:decisions", args=[review.pk])
    read = read_by(lambda: client.post(address, body, content_type="application/json"))
    assert {table: rows for table, rows in read.items() if rows > FEW} == {}


def test_the_workbench(client, scene):
    review, _ = scene
    read = read_by(lambda: client.get(reverse("screening:screen", args=[review.pk])))
    assert {table: rows for table, rows in read.items() if rows > FEW} == {}


def test_the_page_of_a_record_and_its_card(client, scene):
    review, records = scene
    for name in ("screening:record", "screening-api:record"):
        address = reverse(name, args=[review.pk, records[0].pk])
        read = read_by(lambda address=address: client.get(address))
        assert {table: rows for table, rows in read.items() if rows > FEW} == {}, name
