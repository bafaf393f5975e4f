"""What each person first said of a record, where they said it blind: what agreement is counted from.

A *first blind word* is the first decision of somebody on a record (whatever was merged into it counts as it) at a
stage, if it cites no suggestion, was not one of many made together from a list, and was not said by somebody who could
know what others said: on a record of a pilot round that they took part in, after it was closed and discussed; on a
conflict, after they opened its opinions; on a record that was settled when they came to it, since every list tells how.
(The last leaves out the rare word of somebody whose reservation ran out: nothing tells it from one that was not blind.)

With it come the author's judgements of single criteria: whether each *speaks against* the record. Who keeps a record
where criteria are asked for says of each that it does not. Who excludes has said nothing of the criteria they left out.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from screening.enums import StageStatus
from screening.models.protocol import Criterion
from screening.models.review import Review

KEEP, DROP = "keep", "drop"
HERE = tuple(status.value for status in StageStatus if status != StageStatus.INACTIVE)

# Asked: from when on exclusions said which criteria speak against a record, by version of the protocol. That is after
# the last exclusion without judgements before the first with some; what was kept before that says nothing of criteria.
WORDS = """
WITH opened AS (
    SELECT subject_id, actor_id, min(at) AS at FROM audit_event
     WHERE review_id = %(review)s AND type = 'conflict.opened' GROUP BY subject_id, actor_id
), word AS (
    SELECT DISTINCT ON (s.record_id, d.author_id) s.record_id AS root, d.id, d.author_id, d.protocol_id,
           CASE WHEN d.verdict = 'exclude' THEN 'drop' ELSE 'keep' END AS side,
           d.citing_id IS NULL AND d.verdict <> 'withdrawn' AND d.origin <> 'bulk' AND (
               p.closed_at IS NULL OR d.created_at <= p.closed_at OR d.author_id <> ALL(p.reviewers))
           AND (opened.at IS NULL OR d.created_at < opened.at)
           AND NOT (d.record_id = s.record_id AND (s.waived OR cardinality(s.voters) > s.needed) AND COALESCE((
               SELECT h.status IN ('included', 'excluded') FROM screening_historicalstagestate h
                WHERE h.id = s.id AND h.history_id < (SELECT min(v.history_id) FROM screening_historicalstagestate v
                                                       WHERE v.id = s.id AND d.author_id = ANY(v.voters))
                ORDER BY h.history_id DESC LIMIT 1), FALSE)) AS blind
      FROM screening_decision d
      JOIN screening_record r ON r.id = d.record_id
      JOIN screening_stagestate s ON s.record_id = COALESCE(r.merged_into_id, r.id) AND s.stage = %(stage)s
      LEFT JOIN screening_pilotround p ON p.id = s.pilot_id
      LEFT JOIN opened ON opened.subject_id = s.id AND opened.actor_id = d.author_id
     WHERE d.review_id = %(review)s AND d.stage = %(stage)s AND d.origin NOT IN ('adjudication', 'imported')
       AND s.review_id = %(review)s AND s.status = ANY(%(statuses)s)
       AND (%(pilot)s::bigint IS NULL OR s.pilot_id = %(pilot)s)
       AND (%(people)s::int[] IS NULL OR d.author_id = ANY(%(people)s))
     ORDER BY s.record_id, d.author_id, d.id
), judged AS (
    SELECT d.id, d.protocol_id, array_agg(c.key || CASE WHEN
               (c.polarity = 'include' AND j.judged = 'not_met') OR (c.polarity = 'exclude' AND j.judged = 'met')
               THEN '-' ELSE '+' END ORDER BY c.key) AS said
      FROM screening_decision d
      JOIN screening_criterionjudgement j ON j.decision_id = d.id
      JOIN screening_criterion c ON c.id = j.criterion_id
     WHERE d.review_id = %(review)s AND d.stage = %(stage)s
     GROUP BY d.id
), begun AS (
    SELECT protocol_id, min(id) AS first FROM judged GROUP BY protocol_id
), asked AS (
    SELECT begun.protocol_id, COALESCE(max(d.id), 0) AS after
      FROM begun LEFT JOIN screening_decision d ON d.review_id = %(review)s AND d.stage = %(stage)s
       AND d.protocol_id = begun.protocol_id AND d.id < begun.first
       AND d.verdict = 'exclude' AND d.origin = 'screening'
     GROUP BY begun.protocol_id
), spoken AS (
    SELECT w.root, w.id, w.author_id, w.side, judged.said,
           CASE WHEN w.side = 'keep' AND w.id > asked.after THEN w.protocol_id END AS all_fine
      FROM word w
      LEFT JOIN judged ON judged.id = w.id
      LEFT JOIN asked ON asked.protocol_id = w.protocol_id
     WHERE w.blind
)
"""
PATTERNS = """
SELECT words, count(*) FROM (
    SELECT json_agg(json_build_array(author_id, side, all_fine, said) ORDER BY author_id)::text AS words
      FROM spoken GROUP BY root
) one GROUP BY words
"""
BY_RECORD = """
SELECT root, json_agg(json_build_array(author_id, side, all_fine, said, id) ORDER BY author_id)::text
  FROM spoken GROUP BY root
HAVING CASE %(differ)s WHEN 'any' THEN true WHEN 'record' THEN count(DISTINCT side) > 1
       ELSE bool_or(%(failing)s = ANY(said)) END
 ORDER BY root
"""


@dataclass(frozen=True, slots=True)
class Word:
    """`judged` is criterion key -> whether it speaks against the record. `decision` is an id, 0 in a pattern."""

    author: int
    side: str
    judged: dict[str, bool]
    decision: int = 0


Pattern = tuple[list[Word], int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which words: at a stage, on records in these states; in one pilot round, of some people, where any are named."""

    review: Review
    stage: str
    statuses: Collection[str] = HERE
    pilot: int | None = None
    people: Collection[int] | None = None


def patterns(scope: Scope) -> list[Pattern]:
    """What was said of a record, and of how many records just this. Two queries; PostgreSQL does the counting."""
    keys = _criteria(scope.review)
    return [([_word(row, keys) for row in json.loads(words)], times) for words, times in _rows(PATTERNS, scope)]


def spoken(scope: Scope) -> dict[int, list[Word]]:
    """Record -> what was said of it. Two queries."""
    return _by_record(scope, "any")


def disputed(scope: Scope, criterion: str = "") -> dict[int, list[Word]]:
    """Record -> what was said of it, where people differ: on the record, or on a criterion by its key. Two queries."""
    if not criterion:
        return _by_record(scope, "record")
    found = _by_record(scope, "criterion", criterion)
    return {root: words for root, words in found.items() if {w.judged.get(criterion) for w in words} >= {True, False}}


def _by_record(scope: Scope, differ: str, criterion: str = "") -> dict[int, list[Word]]:
    keys = _criteria(scope.review)
    rows = _rows(BY_RECORD, scope, differ=differ, failing=f"{criterion}-")
    return {root: [_word(row, keys) for row in json.loads(words)] for root, words in rows}


def _rows(sql: str, scope: Scope, *, differ: str = "", failing: str = "") -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            WORDS + sql,
            {
                "review": scope.review.pk,
                "stage": scope.stage,
                "statuses": list(scope.statuses),
                "pilot": scope.pilot,
                "people": None if scope.people is None else list(scope.people),
                "differ": differ,
                "failing": failing,
            },
        )
        yield from cursor.fetchall()


def _criteria(review: Review) -> dict[int, list[str]]:
    """Protocol version -> the keys of its criteria."""
    keys: dict[int, list[str]] = {}
    for protocol_id, key in Criterion.objects.filter(protocol__review=review).values_list("protocol_id", "key"):
        keys.setdefault(protocol_id, []).append(key)
    return keys


def _word(row: list[Any], keys: dict[int, list[str]]) -> Word:
    author, side, all_fine, said, *decision = row
    judged = dict.fromkeys(keys.get(all_fine, []), False)
    judged |= {one[:-1]: one.endswith("-") for one in said or []}
    return Word(author, side, judged, *decision)
