"""verify_audit finds what somebody who owns the database changed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import integrity
from audit.models.event import Event
from screening.importing.citation import raw_hash
from screening.models.citation import Citation
from screening.models.stage import StageState
from tests import builders
from tests.audit import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    """A review with a bit of everything, all of it in order."""
    made = story.cast()
    record = builders.record(made.review)
    file = builders.imported_file(made.review)
    raw = "TY  - JOUR\nTI  - Größe\nER  -"
    Citation.objects.create(
        file=file, source=file.source, record=record, position=1, line=1, raw=raw, raw_sha256=raw_hash(raw)
    )
    item = story.item(record, story.assistant(made.review))
    story.suggestion(item, call_id=story.call(item).pk)
    story.decide(record, made.other)
    return made


def found():
    return {result.name: result.findings for result in integrity.verify() if result.findings.bad}


def test_an_untouched_record_verifies_and_says_how_much_was_looked_at(cast):
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "ok  decisions have their event: 1 looked at, 0 bad" in out.getvalue()
    assert "The record is as it was written." in out.getvalue()


@pytest.mark.parametrize(
    ("table", "forgery", "check", "says"),
    [
        (
            "screening_decision",
            "UPDATE screening_decision SET verdict = 'exclude'",
            "decisions have their event",
            "not what",
        ),
        (
            "audit_event",
            "DELETE FROM audit_event WHERE type = 'record.decided'",
            "decisions have their event",
            "0 events",
        ),
        (
            "audit_event",
            "UPDATE audit_event SET actor_id = 0 WHERE type = 'record.decided'",
            "decisions have their event",
            "not what",
        ),
        ("screening_decision", "DELETE FROM screening_decision", "decisions have their event", "gone"),
        (
            "screening_criterion",
            "UPDATE screening_criterion SET text = 'Other' WHERE position = 2",
            "protocol hashes",
            "Protocol v1",
        ),
        (
            "screening_protocolversion",
            "UPDATE screening_protocolversion SET question = 'x'",
            "protocol hashes",
            "Protocol v1",
        ),
        (
            "screening_assistant",
            "UPDATE screening_assistant SET parameters = '{\"a\": 1}'",
            "assistant hashes",
            "not what its hash says",
        ),
        (
            "screening_citation",
            "UPDATE screening_citation SET raw = raw || ' '",
            "citations' raw text",
            "raw text of citation",
        ),
        (
            "audit_modeloutcome",
            "UPDATE audit_modeloutcome SET state = 'failed'",
            "suggestions have their call",
            "has no reply",
        ),
        (
            "audit_modelcall",
            "UPDATE audit_modelcall SET subject_id = subject_id + 1",
            "suggestions have their call",
            "has no reply",
        ),
        (
            "screening_stagestate",
            "UPDATE screening_stagestate SET status = 'excluded'",
            "statuses follow from decisions",
            "stored is excluded",
        ),
        ("audit_event", "UPDATE audit_event SET type = 'never.heard'", "events can be read", "can't be read"),
        ("audit_event", "UPDATE audit_event SET actor_name = ''", "events can be read", "no actor"),
        (
            "screening_historicalrecord",
            "UPDATE screening_historicalrecord SET actor_name = ''",
            "history has actors",
            "no actor",
        ),
    ],
)
def test_a_forged_row_is_found_and_named(cast, table, forgery, check, says):
    story.forge(table, forgery)
    assert says in found()[check].first
    with pytest.raises(CommandError, match="not as it was written"):
        call_command("verify_audit", stdout=StringIO())


@pytest.mark.parametrize(
    ("sabotage", "says"),
    [
        ("DROP TRIGGER append_only ON screening_decision", "is missing"),
        ("ALTER TABLE audit_event DISABLE TRIGGER append_only_truncate", "is disabled"),
        ("ALTER TABLE audit_event ENABLE REPLICA TRIGGER append_only", "is disabled"),
        (
            """DROP TRIGGER append_only ON audit_event;
            CREATE TRIGGER append_only BEFORE DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
            "something else",
        ),
        (
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN OLD; END$$",
            "not the one that refuses",
        ),
    ],
)
def test_a_trigger_that_was_taken_away_is_found(sabotage, says):
    with connection.cursor() as cursor:
        cursor.execute(sabotage)
    assert says in found()["append-only triggers"].first


def test_a_call_in_flight_is_said_and_is_no_finding(cast):
    story.call(story.item(builders.record(cast.review), story.assistant(cast.review)), reply=None)
    (result,) = integrity.verify(["model calls"])
    assert result.findings.bad == 0
    assert "is in flight for" in result.findings.notes[0]


def test_reconcile_says_what_differs_and_mends_only_when_asked(cast):
    record = builders.record(cast.review)
    StageState.objects.filter(record=record).update(status="included", voters=[cast.other.pk])
    out = StringIO()
    with pytest.raises(CommandError, match="don't stand"):
        call_command("reconcile", stdout=out)
    assert f"Record {record.pk}" in out.getvalue()
    assert StageState.objects.get(record=record, stage="title_abstract").status == "included"
    call_command("reconcile", "--fix", stdout=out)
    assert StageState.objects.get(record=record, stage="title_abstract").status == "unscreened"
    assert Event.objects.filter(type="statuses.reconciled", actor_name="reconcile").count() == 1
    call_command("reconcile", stdout=out)


def test_reconcile_gives_a_lost_record_its_place_back(cast):
    record = builders.record(cast.review)
    StageState.objects.filter(record=record).delete()
    call_command("reconcile", "--fix", stdout=StringIO())
    assert StageState.objects.get(record=record).status == "unscreened"


def test_the_demonstration_verifies(demonstration):
    assert found() == {}
