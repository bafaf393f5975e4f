"""What `verify_audit` looks at in screening: hashes, and rows that must stand beside one another."""

from collections import defaultdict
from typing import Any

from django.db import connection

from audit import integrity
from audit.integrity import Findings
from screening.models.assistant import Assistant
from screening.models.citation import Citation
from screening.models.decision import Decision
from screening.models.protocol import Criterion, ProtocolVersion
from screening.models.study import StudyReport
from screening.models.suggestion import Suggestion
from screening.queries.amendments import integrity_of_amendments
from screening.queries.audited import integrity_of_panels
from screening.queries.audited.fingerprints import assistant_sha256, protocol_sha256

HASHED = ("label", "text", "facet", "polarity", "if_not_reported", "key")
CONFIGURED = ("engine", "model", "card_id", "prompt_version", "parameters")

# PostgreSQL compares; only what differs comes out.
RAW = """
SELECT id FROM screening_citation WHERE encode(sha256(convert_to(raw, 'UTF8')), 'hex') <> raw_sha256 ORDER BY id
"""
DECISIONS = """
SELECT d.id, count(e.id)
  FROM screening_decision d
  LEFT JOIN audit_event e ON e.subject_type = 'screening.decision' AND e.subject_id = d.id
                         AND e.type IN ('record.decided', 'record.adjudicated', 'record.decided_elsewhere')
 GROUP BY d.id
HAVING count(e.id) <> 1 OR count(e.id) FILTER (
           WHERE e.actor_id = d.author_id AND e.record_id = d.record_id AND e.review_id = d.review_id
             AND e.data->>'new' = d.verdict AND e.data->>'stage' = d.stage
             AND (e.data->>'suggestion')::bigint IS NOT DISTINCT FROM d.citing_id) <> 1
 ORDER BY d.id
"""
GONE = """
SELECT e.id, e.subject_id FROM audit_event e LEFT JOIN screening_decision d ON d.id = e.subject_id
 WHERE e.subject_type = 'screening.decision' AND d.id IS NULL ORDER BY e.id
"""
ALONE = """
SELECT s.record_id FROM screening_stagestate s LEFT JOIN screening_studyreport r ON r.record_id = s.record_id
 WHERE s.stage = 'full_text' AND s.status = 'included' AND r.id IS NULL ORDER BY s.record_id
"""
UNANSWERED = """
SELECT s.id, s.call_id FROM screening_suggestion s JOIN screening_assistant a ON a.id = s.assistant_id
  LEFT JOIN audit_modelcall c ON c.id = s.call_id AND c.subject_type = 'screening.runitem' AND c.review_id = s.review_id
        AND (c.subject_id = s.item_id OR s.replayed AND c.sends @> jsonb_build_array(
                 jsonb_build_object('type', 'screening.record', 'id', s.record_id)))
  LEFT JOIN audit_modeloutcome o ON o.call_id = c.id AND o.state = 'answered'
 WHERE a.engine = 'llm' AND o.id IS NULL ORDER BY s.id
"""


def register() -> None:
    """Called once, when the app is ready."""
    integrity.register("decisions have their event", _decisions)
    integrity.register("protocol hashes", _protocols)
    integrity.register("assistant hashes", _assistants)
    integrity.register("citations' raw text", _citations)
    integrity.register("suggestions have their call", _suggestions)
    integrity.register("included reports have their study", _reports)
    integrity_of_amendments.register()
    integrity_of_panels.register()


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _decisions(findings: Findings) -> None:
    findings.looked_at = Decision.objects.count()
    for pk, events in _rows(DECISIONS):
        what = f"has {events} events instead of one" if events != 1 else "is not what its event says"
        findings.wrong(f"Decision {pk} {what}.")
    for event, decision in _rows(GONE):
        findings.wrong(f"Event {event} speaks of decision {decision}, which is gone.")


def _protocols(findings: Findings) -> None:
    criteria = defaultdict(list)
    for version, *values in Criterion.objects.order_by("protocol", "position").values_list("protocol_id", *HASHED):
        criteria[version].append(dict(zip(HASHED, values, strict=True)))
    for version in ProtocolVersion.objects.order_by("id").iterator(1_000):
        findings.looked_at += 1
        if protocol_sha256(version.question, criteria[version.pk]) != version.sha256:
            findings.wrong(f"{version} of review {version.review_id} is not what its hash says.")


def _assistants(findings: Findings) -> None:
    for assistant in Assistant.objects.order_by("id").iterator(1_000):
        findings.looked_at += 1
        if assistant_sha256({name: getattr(assistant, name) for name in CONFIGURED}) != assistant.sha256:
            findings.wrong(f"The assistant {assistant} (id {assistant.pk}) is not what its hash says.")


def _citations(findings: Findings) -> None:
    findings.looked_at = Citation.objects.count()
    for (pk,) in _rows(RAW):
        findings.wrong(f"The raw text of citation {pk} is not what its hash says.")


def _suggestions(findings: Findings) -> None:
    findings.looked_at = Suggestion.objects.count()
    for pk, call in _rows(UNANSWERED):
        findings.wrong(f"Suggestion {pk} of a language model stands on call {call}, which has no reply for its record.")


def _reports(findings: Findings) -> None:
    findings.looked_at = StudyReport.objects.count()
    for (record,) in _rows(ALONE):
        findings.wrong(f"Record {record} is included and belongs to no study.")
