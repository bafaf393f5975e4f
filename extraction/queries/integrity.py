"""What `verify_audit` looks at in extraction: hashes of forms, and rows that must stand beside one another."""

from typing import Any

from django.db import connection

from audit import integrity
from audit.integrity import Findings
from extraction.models.form import FormVersion
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.schema import SchemaError, from_json, sha256

# PostgreSQL compares; only what differs comes out.
VALUES = """
SELECT v.id, count(e.id)
  FROM extraction_value v
  LEFT JOIN audit_event e ON e.subject_type = 'extraction.value' AND e.subject_id = v.id
                         AND e.type IN ('value.recorded', 'value.settled', 'value.withdrawn')
 GROUP BY v.id
HAVING count(e.id) <> 1 OR count(e.id) FILTER (WHERE e.actor_id = v.author_id) <> 1
 ORDER BY v.id
"""
GONE = """
SELECT e.id, e.subject_id FROM audit_event e LEFT JOIN extraction_value v ON v.id = e.subject_id
 WHERE e.subject_type = 'extraction.value' AND v.id IS NULL ORDER BY e.id
"""
CITED = """
SELECT v.id, p.id FROM extraction_value v JOIN extraction_proposal p ON p.id = v.citing_id
 WHERE (v.study_id, v.cell) IS DISTINCT FROM (p.study_id, p.cell) ORDER BY v.id
"""
UNANSWERED = """
SELECT p.id, p.call_id FROM extraction_proposal p JOIN screening_assistant a ON a.id = p.assistant_id
  LEFT JOIN audit_modelcall c ON c.id = p.call_id AND c.subject_type = 'screening.runitem' AND c.subject_id = p.item_id
  LEFT JOIN audit_modeloutcome o ON o.call_id = c.id AND o.state = 'answered'
 WHERE a.engine = 'llm' AND o.id IS NULL ORDER BY p.id
"""


def register() -> None:
    """Called once, when the app is ready."""
    integrity.register("form hashes", _forms)
    integrity.register("values have their event", _values)
    integrity.register("values cite proposals for their cell", _citations)
    integrity.register("proposals have their call", _proposals)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _forms(findings: Findings) -> None:
    for version in FormVersion.objects.select_related("form").order_by("id").iterator(200):
        findings.looked_at += 1
        try:
            digest = sha256(from_json(version.schema))
        except SchemaError:
            digest = ""
        if digest != version.sha256:
            findings.wrong(f"{version} (id {version.pk}) is not what its hash says.")


def _values(findings: Findings) -> None:
    findings.looked_at = Value.objects.count()
    for pk, events in _rows(VALUES):
        what = f"has {events} events instead of one" if events != 1 else "is not its author's, says its event"
        findings.wrong(f"Value {pk} {what}.")
    for event, value in _rows(GONE):
        findings.wrong(f"Event {event} speaks of value {value}, which is gone.")


def _citations(findings: Findings) -> None:
    findings.looked_at = Value.objects.filter(citing__isnull=False).count()
    for value, proposal in _rows(CITED):
        findings.wrong(f"Value {value} cites proposal {proposal}, which is for another cell.")


def _proposals(findings: Findings) -> None:
    findings.looked_at = Proposal.objects.count()
    for pk, call in _rows(UNANSWERED):
        findings.wrong(f"Proposal {pk} of a language model stands on call {call}, which has no reply for its study.")
