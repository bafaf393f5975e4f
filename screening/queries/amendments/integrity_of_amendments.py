"""What `verify_audit` looks at where the protocol was amended: judgements, what counts, and re-screenings (SCR-09)."""

from typing import Any

from django.db import connection

from audit import integrity
from audit.integrity import Findings
from screening.models.decision import Decision
from screening.models.judgement import CriterionJudgement
from screening.models.rescreening import Rescreening
from screening.models.stage import StageState

ELSEWHERE = """
SELECT j.decision_id, c.key FROM screening_criterionjudgement j
  JOIN screening_decision d ON d.id = j.decision_id JOIN screening_criterion c ON c.id = j.criterion_id
 WHERE d.protocol_id IS DISTINCT FROM c.protocol_id ORDER BY j.decision_id, c.key
"""
MISCOUNTED = """
SELECT d.id, d.criteria_failed, COALESCE(said.failed, 0) FROM screening_decision d
  LEFT JOIN (
    SELECT j.decision_id, count(*) AS failed FROM screening_criterionjudgement j
      JOIN screening_criterion c ON c.id = j.criterion_id
     WHERE j.judged = CASE c.polarity WHEN 'include' THEN 'not_met' ELSE 'met' END GROUP BY j.decision_id
  ) said ON said.decision_id = d.id
 WHERE d.criteria_failed <> COALESCE(said.failed, 0) ORDER BY d.id
"""
STRANGE_VERSIONS = """
SELECT d.id FROM screening_decision d JOIN screening_protocolversion p ON p.id = d.protocol_id
 WHERE p.review_id <> d.review_id ORDER BY d.id
"""
AHEAD = """
SELECT s.record_id, s.stage, s.counts_from, COALESCE(last.number, 0) FROM screening_stagestate s
  LEFT JOIN (SELECT review_id, max(number) AS number FROM screening_protocolversion GROUP BY review_id) last
    ON last.review_id = s.review_id
 WHERE s.counts_from > COALESCE(last.number, 0) ORDER BY s.record_id, s.stage
"""
STRANGE_RECORDS = """
SELECT x.id, given.record_id FROM screening_rescreening x CROSS JOIN LATERAL unnest(x.records) AS given (record_id)
  LEFT JOIN screening_record r ON r.id = given.record_id AND r.review_id = x.review_id
 WHERE r.id IS NULL ORDER BY x.id, given.record_id
"""
STRANGE_AMENDMENTS = """
SELECT x.id FROM screening_rescreening x JOIN screening_protocolversion p ON p.id = x.protocol_id
 WHERE p.review_id <> x.review_id ORDER BY x.id
"""


def register() -> None:
    """Called once, when the app is ready."""
    integrity.register("judgements belong to the text their author read", _judgements)
    integrity.register("decisions count the criteria that speak against the record", _counts)
    integrity.register("records count from a version that there is", _places)
    integrity.register("re-screenings are of their review", _rescreenings)


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _judgements(findings: Findings) -> None:
    findings.looked_at = CriterionJudgement.objects.count()
    for decision, key in _rows(ELSEWHERE):
        findings.wrong(f"Decision {decision} judges “{key}” of a version that it was not made under.")


def _counts(findings: Findings) -> None:
    findings.looked_at = Decision.objects.count()
    for decision, stored, counted in _rows(MISCOUNTED):
        findings.wrong(
            f"Decision {decision} counts {stored} criteria against the record; its judgements say {counted}."
        )
    for (decision,) in _rows(STRANGE_VERSIONS):
        findings.wrong(f"Decision {decision} was made under the protocol of another review.")


def _places(findings: Findings) -> None:
    findings.looked_at = StageState.objects.count()
    for record, stage, since, newest in _rows(AHEAD):
        findings.wrong(f"Record {record} counts at {stage} from version {since}; the newest is {newest}.")


def _rescreenings(findings: Findings) -> None:
    findings.looked_at = Rescreening.objects.count()
    for rescreening, record in _rows(STRANGE_RECORDS):
        findings.wrong(f"Re-screening {rescreening} names record {record}, which is not in its review.")
    for (rescreening,) in _rows(STRANGE_AMENDMENTS):
        findings.wrong(f"Re-screening {rescreening} is under the protocol of another review.")
