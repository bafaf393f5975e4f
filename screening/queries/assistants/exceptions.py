"""What of the assistants' work waits for people: computed from rows, so that nothing waits unseen.

An exception is gone when people have settled its record, when a later run did better, or when somebody marked it seen.
What tells of a suggestion (`ExceptionKind.tells`) is listed for those who may see that suggestion; the statement says
it as `visibility.sees_suggestion` does, and a test compares the two. That a panel failed tells whom it had asked, so
it is listed for the same people.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from screening.enums import ExceptionKind, FailureKind, Role, SuggestionRole
from screening.models.review import Review
from screening.models.suggestion import Suggestion
from screening.prompts.suspicions import SUSPICIONS
from screening.visibility import UNSETTLED

SPLIT, UNSTABLE, UNSURE = "split", "unstable", "unsure"  # two flags of a suggestion, and a band
INJECTION = (*SUSPICIONS, "text_gives_instructions")
COUNTED = 100  # in the navigation, where more is as good as many
REFUSED = (FailureKind.REFUSED, FailureKind.TOO_LONG)  # trying again the same way brings the same

_PLACE = """
  JOIN screening_stagestate p ON p.record_id = {record} AND p.stage = {stage} AND p.status = ANY(%(open)s)
                             AND p.review_id = %(review)s
  JOIN screening_stagerule l ON l.review_id = p.review_id AND l.stage = p.stage
"""
_MAY_SEE = """
       CASE WHEN %(votes)s THEN l.oversight = 'assist' OR (l.oversight = 'blind_first' AND %(user)s = ANY(p.voters))
            ELSE l.oversight <> 'off' END
"""
_TOLD = f" AND {_MAY_SEE}"
# A panel fails where whoever adjudicates does, and that is asked only where the members do not all include.
_FAILED = f"""
SELECT CASE WHEN i.failure = ANY(%(refused)s) THEN 'refused' ELSE 'failed' END AS kind, u.stage, i.record_id,
       i.id AS item_id, '' AS why
  FROM screening_run u JOIN screening_runitem i ON i.run_id = u.id AND i.status = 'failed'
  JOIN screening_assistant a ON a.id = u.assistant_id
{_PLACE.format(record="i.record_id", stage="u.stage")}
 WHERE u.review_id = %(review)s AND u.purpose = 'screening' AND u.kind = 'work' AND i.member_id IS NULL AND i.repeat = 0
   AND NOT EXISTS (SELECT FROM screening_runitem later JOIN screening_run o ON o.id = later.run_id
                    WHERE later.record_id = i.record_id AND later.id > i.id AND o.stage = u.stage AND o.kind = 'work'
                      AND later.status <> 'cancelled' AND later.member_id IS NULL AND later.repeat = 0)
   AND (a.engine <> 'panel' OR ({_MAY_SEE}))
"""  # noqa: S608  parts of this file
_LATEST = """
   AND NOT EXISTS (SELECT FROM screening_suggestion later WHERE later.record_id = g.record_id
                    AND later.stage = g.stage AND later.role = 'stands' AND later.id > g.id)
"""
# The offline engine is unsure wherever it does not find a criterion's words, which may be half of a review: that puts
# records in order, and is an exception only where its opinion would count, so that a person is needed in its place.
_SAID = f"""
SELECT k.kind, g.stage, g.record_id, g.item_id, ''
  FROM screening_suggestion g JOIN screening_assistant a ON a.id = g.assistant_id
{_PLACE.format(record="g.record_id", stage="g.stage")}
 CROSS JOIN LATERAL (VALUES ('injection', g.flags ?| %(injection)s), ('split', g.flags ? 'split'),
                            ('unsure', g.band = 'unsure' AND NOT g.flags ?| %(plainer)s
                                       AND (a.engine <> 'local' OR l.oversight = 'second_reviewer'))) AS k(kind, holds)
 WHERE g.review_id = %(review)s AND g.role = 'stands' AND (g.band = 'unsure' OR g.flags <> '[]') AND k.holds
{_TOLD}{_LATEST}
"""  # noqa: S608  parts of this file
_UNSTABLE = f"""
SELECT DISTINCT 'unstable', g.stage, g.record_id, g.item_id, ''
  FROM screening_suggestion t
  JOIN screening_runitem again ON again.id = t.item_id
  JOIN screening_runitem i ON i.run_id = again.run_id AND i.record_id = t.record_id AND i.repeat = 0
  JOIN screening_suggestion g ON g.item_id = i.id AND g.role = 'stands'
  LEFT JOIN screening_suggestion b ON b.id = t.beside_id
{_PLACE.format(record="g.record_id", stage="g.stage")}
 WHERE t.review_id = %(review)s AND t.role = 'repeat'
   AND (t.flags ? 'unstable' OR t.proposed_verdict <> b.proposed_verdict)
{_TOLD}{_LATEST}
"""  # noqa: S608  parts of this file
_BARE = f"""
SELECT 'no_abstract', p.stage, c.id, NULL::bigint, ''
  FROM screening_record c
{_PLACE.format(record="c.id", stage="'title_abstract'")}
 WHERE c.review_id = %(review)s AND c.abstract = ''
"""  # noqa: S608  parts of this file
_TEXTS = f"""
SELECT CASE WHEN d.readable THEN 'not_permitted' ELSE 'no_text' END, p.stage, d.root, NULL, d.name
  FROM (SELECT DISTINCT ON (root) COALESCE(c.merged_into_id, c.id) AS root, f.status, f.name, f.may_be_sent_to_ai,
               f.status = 'ready' AND f.characters > 0 AND f.layer IN ('text', 'poor', 'mixed') AS readable
          FROM screening_document f JOIN screening_record c ON c.id = f.record_id
         WHERE f.review_id = %(review)s AND NOT f.removed
         ORDER BY root, f.status = 'ready' DESC, f.id DESC) d
{_PLACE.format(record="d.root", stage="'full_text'")}
 WHERE d.status IN ('ready', 'failed') AND (NOT d.readable OR NOT d.may_be_sent_to_ai AND EXISTS (
       SELECT FROM screening_assistant a WHERE a.review_id = %(review)s AND a.engine <> 'local'))
"""  # noqa: S608  parts of this file
FOUND = f"""
SELECT f.* FROM ({" UNION ALL ".join((_FAILED, _SAID, _UNSTABLE, _BARE, _TEXTS))}) f
 WHERE NOT EXISTS (SELECT FROM screening_exceptionseen e WHERE e.record_id = f.record_id AND e.stage = f.stage
                    AND e.kind = f.kind AND e.item_id IS NOT DISTINCT FROM f.item_id)
   AND f.kind = ANY(%(kinds)s)
"""  # noqa: S608  parts of this file
# Counts of all kinds and one page of those that are shown, found once. What only the page's rows need (titles, runs,
# why an item failed) is read for these alone. A page behind the last is the last.
INBOX = f"""
WITH f AS MATERIALIZED ({FOUND}),
     n AS (SELECT f.kind, count(*) AS waits FROM f GROUP BY f.kind),
     pages AS (SELECT (COALESCE(sum(n.waits), 0)::bigint + %(most)s - 1) / %(most)s AS many
                 FROM n WHERE n.kind = ANY(%(shown)s)),
     s AS (SELECT f.*, array_position(%(kinds)s, f.kind) AS place FROM f WHERE f.kind = ANY(%(shown)s)
            ORDER BY place, f.stage DESC, f.record_id, f.item_id LIMIT %(most)s
           OFFSET (SELECT GREATEST(0, LEAST(%(page)s, pages.many) - 1) * %(most)s FROM pages))
SELECT counted.by_kind, s.kind, s.stage, s.record_id, r.title, s.item_id, i.run_id,
       CASE WHEN s.why = '' THEN COALESCE(i.error, '') ELSE s.why END
  FROM (SELECT COALESCE(jsonb_object_agg(n.kind, n.waits), '{{}}')::text AS by_kind FROM n) counted
  LEFT JOIN s ON TRUE
  LEFT JOIN screening_record r ON r.id = s.record_id
  LEFT JOIN screening_runitem i ON i.id = s.item_id
 ORDER BY s.place, s.stage DESC, s.record_id, s.item_id
"""  # noqa: S608  parts of this file
COUNTS = f"SELECT f.kind, count(*) FROM ({FOUND}) f GROUP BY f.kind"  # noqa: S608  parts of this file
WAITS = f"""
SELECT count(*) FROM ({FOUND}) f
 WHERE f.stage = %(stage)s AND f.record_id = %(record)s AND f.item_id IS NOT DISTINCT FROM %(item)s::bigint
"""  # noqa: S608  parts of this file
CAPPED = f"SELECT count(*) FROM ({FOUND} LIMIT %(most)s) f"  # noqa: S608  parts of this file


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: their id and roles in the review."""

    user_id: int
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One exception. `item_id` and `run_id` are None where it is about the record itself; `why` may be empty."""

    kind: str
    stage: str
    record_id: int
    title: str
    item_id: int | None
    run_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """How many of each kind wait, in the order of the inbox, and one page of those of a kind, or of all."""

    counted: dict[str, int]
    rows: list[Exceptional]


def doubtful() -> "ExpressionWrapper[Q]":
    """For a query over suggestions that stand: whether it wants a look itself, and is no second opinion (AI-01).

    So is the answer of a fallback: it is not by the model whose agreement with people was measured.
    """
    again = Suggestion.objects.filter(
        item__run=OuterRef("item__run"), record=OuterRef("record"), role=SuggestionRole.REPEAT, flags__contains=UNSTABLE
    )
    said = Q(band=UNSURE) | Q(flags__has_any_keys=[*INJECTION, SPLIT]) | Q(fallback=True)
    return ExpressionWrapper(said | Q(Exists(again)), output_field=BooleanField())


def counts(review: Review, eyes: Eyes) -> dict[str, int]:
    """Kind -> how many wait, for every kind, in the order of the inbox. One query; none where AI is off."""
    return _of_every_kind(dict(_rows(COUNTS, review, eyes, ExceptionKind.values)))


def inbox(review: Review, eyes: Eyes, kind: str = "", *, page: int = 1, per_page: int) -> Inbox:
    """What waits: counts of every kind, and a page (from 1; behind the last, the last) of one kind, or of all for "".

    One query; nothing where AI is off.
    """
    asked = {"shown": [kind] if kind else list(ExceptionKind.values), "page": page, "most": per_page}
    found = list(_rows(INBOX, review, eyes, ExceptionKind.values, **asked))
    rows = [Exceptional(*row[1:]) for row in found if row[1] is not None]
    return Inbox(_of_every_kind(json.loads(found[0][0]) if found else {}), rows)


def how_many(review: Review, eyes: Eyes) -> int:
    """How many wait, up to COUNTED: more are not counted. One query; none where AI is off."""
    return next((n for (n,) in _rows(CAPPED, review, eyes, ExceptionKind.values, most=COUNTED)), 0)


def waits(review: Review, eyes: Eyes, *, kind: str, stage: str, record_id: int, item_id: int | None) -> bool:
    """Whether this exception waits, for this person. One query."""
    named = {"stage": stage, "record": record_id, "item": item_id}
    return any(n for (n,) in _rows(WAITS, review, eyes, [kind], **named))


def _of_every_kind(found: dict[str, int]) -> dict[str, int]:
    return {kind: found.get(kind, 0) for kind in ExceptionKind.values}


def _rows(statement: str, review: Review, eyes: Eyes, kinds: Sequence[str], **more: Any) -> Iterator[tuple[Any, ...]]:
    if not review.ai_enabled:
        return
    asked = {
        "review": review.pk,
        "user": eyes.user_id,
        "votes": Role.REVIEWER in eyes.roles,
        "open": [str(status) for status in UNSETTLED],
        "kinds": list(kinds),
        "refused": [str(kind) for kind in REFUSED],
        "injection": list(INJECTION),
        "plainer": [*INJECTION, SPLIT],
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        yield from cursor.fetchall()
