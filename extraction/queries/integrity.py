"""What `verify_audit` looks at in extraction: hashes of forms, and rows that must stand beside one another."""

from itertools import islice
from typing import Any

from django.db import connection

from audit import integrity
from audit.integrity import Findings
from extraction.models.form import FormVersion
from extraction.models.proposal import Proposal
from extraction.models.value import Value
from extraction.queries.fingerprints import value_sha256
from extraction.schema import SchemaError, from_json, sha256

BATCH = 2_000

# PostgreSQL compares; only what differs comes out.
VALUES = """
SELECT v.id, count(e.id)
  FROM extraction_value v JOIN screening_study s ON s.id = v.study_id
  LEFT JOIN audit_event e ON e.subject_type = 'extraction.value' AND e.subject_id = v.id
                         AND e.type IN ('value.recorded', 'value.settled', 'value.withdrawn')
 GROUP BY v.id
HAVING count(e.id) <> 1 OR count(e.id) FILTER (
           WHERE e.actor_id = v.author_id AND e.review_id = s.review_id
             AND e.data->>'manner' = v.manner AND e.data->>'mode' = v.mode AND e.data->>'override' = v.override
             AND (e.data->>'citing')::bigint IS NOT DISTINCT FROM v.citing_id
             AND e.type = CASE WHEN v.state = 'withdrawn' THEN 'value.withdrawn'
                               WHEN v.capacity = 'consensus' THEN 'value.settled' ELSE 'value.recorded' END) <> 1
 ORDER BY v.id
"""
TOLD = """
SELECT e.subject_id, e.data->>'sha256' FROM audit_event e
 WHERE e.subject_type = 'extraction.value' AND e.data ? 'sha256' AND e.subject_id = ANY(%s)
"""
# A change is a later word of the same person on the same cell, and each has one last word.
SUPERSEDED = """
SELECT v.id FROM extraction_value v JOIN extraction_value b ON b.id = v.supersedes_id
  JOIN extraction_formversion f ON f.id = v.form_version_id JOIN extraction_formversion g ON g.id = b.form_version_id
 WHERE b.id > v.id OR (v.study_id, v.cell, v.author_id, v.capacity, f.form_id)
              IS DISTINCT FROM (b.study_id, b.cell, b.author_id, b.capacity, g.form_id)
 ORDER BY v.id
"""
DOUBLE = """
SELECT max(v.id) FROM extraction_value v JOIN extraction_formversion f ON f.id = v.form_version_id
  LEFT JOIN extraction_value n ON n.supersedes_id = v.id
 WHERE n.id IS NULL GROUP BY v.study_id, f.form_id, v.cell, v.author_id, v.capacity HAVING count(*) > 1 ORDER BY 1
"""
MISPLACED = """
SELECT v.id FROM extraction_value v JOIN screening_study s ON s.id = v.study_id
  JOIN extraction_formversion f ON f.id = v.form_version_id JOIN extraction_form o ON o.id = f.form_id
  LEFT JOIN extraction_arm a ON a.id = v.arm_id LEFT JOIN extraction_measure m ON m.id = v.measure_id
 WHERE o.review_id <> s.review_id OR a.study_id <> v.study_id OR m.study_id <> v.study_id
    OR v.cell <> v.field_key || '@' || coalesce(v.arm_id, 0) || '@' || coalesce(v.measure_id, 0)
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
    integrity.register("values are as they were entered", _contents)
    integrity.register("values supersede and stand in their place", _chains)
    integrity.register("values cite proposals for their cell", _citations)
    integrity.register("proposals have their call", _proposals)


def _rows(statement: str, *given: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
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
        what = f"has {events} events instead of one" if events != 1 else "is not what its event says"
        findings.wrong(f"Value {pk} {what}.")
    for event, value in _rows(GONE):
        findings.wrong(f"Event {event} speaks of value {value}, which is gone.")


def _contents(findings: Findings) -> None:
    """Values entered before events held a hash are counted as seen, not as wrong."""
    values = Value.objects.order_by("id").iterator(BATCH)
    while batch := list(islice(values, BATCH)):
        findings.looked_at += len(batch)
        told = dict(_rows(TOLD, [value.pk for value in batch]))
        for value in batch:
            if told.get(value.pk, value_sha256(value)) != value_sha256(value):
                findings.wrong(f"Value {value.pk} is not what was entered: its event has another hash of it.")


def _chains(findings: Findings) -> None:
    findings.looked_at = Value.objects.count()
    for (pk,) in _rows(SUPERSEDED):
        findings.wrong(f"Value {pk} supersedes a word of somebody else, of another cell, or a later one.")
    for (pk,) in _rows(DOUBLE):
        findings.wrong(f"Value {pk} is one of several last words of one person on one cell.")
    for (pk,) in _rows(MISPLACED):
        findings.wrong(f"Value {pk} stands in an arm, outcome or review that is not its study's.")


def _citations(findings: Findings) -> None:
    findings.looked_at = Value.objects.filter(citing__isnull=False).count()
    for value, proposal in _rows(CITED):
        findings.wrong(f"Value {value} cites proposal {proposal}, which is for another cell.")


def _proposals(findings: Findings) -> None:
    findings.looked_at = Proposal.objects.count()
    for pk, call in _rows(UNANSWERED):
        findings.wrong(f"Proposal {pk} of a language model stands on call {call}, which has no reply for its study.")
